#include "api/server.h"

#include "api/error_to_http.h"
#include "core/log.h"

namespace yagura::api {

Response AnswerOf(const RequestHandler& handler, const Request& request) {
  try {
    return handler(request);
  } catch (const std::exception& e) {
    log::Error("a handler threw", {{"reason", e.what()}});
    return ToResponse(Error(ErrorCode::kInternal, "a handler threw"));
  }
}

Response BusyResponse() {
  return ToResponse(Error(ErrorCode::kUnavailable, "all workers are busy"));
}

}  // namespace yagura::api
