#include "api/server.h"

#include "api/error_to_http.h"

namespace yagura::api {

Response BusyResponse() {
  return ToResponse(Error(ErrorCode::kUnavailable, "all workers are busy"));
}

}  // namespace yagura::api
