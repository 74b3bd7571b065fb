#include "api/json_bodies.h"

namespace yagura::api {

Response JsonResponse(const Json& body, int status) {
  Response response;
  response.status = status;
  response.headers.Set("Content-Type", "application/json");
  response.body = body.Dump() + "\n";
  return response;
}

Json InstantOrNull(WallTime time) {
  const bool is_endless = time == WallTime::min() || time == WallTime::max();
  return is_endless ? Json() : Json(FormatRfc3339(time));
}

Json ListOf(Json items, const std::optional<std::string>& next_cursor) {
  Json list = Json::Object({{"items", std::move(items)}});
  list.Set("next_cursor", next_cursor ? Json(*next_cursor) : Json());
  return list;
}

}  // namespace yagura::api
