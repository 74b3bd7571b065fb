#include "api/service.h"

#include "api/json_bodies.h"

namespace yagura::api {

Result<Response> ShowHealth() { return JsonResponse(Json::Object({{"status", "ok"}})); }

Result<Response> ShowReadiness(access_control::Gate& gate) {
  const auto ready = gate.CheckReady();
  // Whatever keeps it from serving, the answer to a probe is "not now".
  if (!ready.has_value()) return Failure(ErrorCode::kUnavailable, ready.error().message());
  return JsonResponse(Json::Object({{"status", "ready"}}));
}

Result<Response> ShowDescription() {
  Response response;
  response.headers.Set("Content-Type", "application/yaml");
  response.body = std::string(OpenApiYaml());
  return response;
}

}  // namespace yagura::api
