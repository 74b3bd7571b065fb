#pragma once

#include "api/route.h"

namespace yagura::api {

/// GET /v1/cameras: those in charge now (operations, administrator: all); with from and to also
/// those of then.
[[nodiscard]] Result<Response> ListCameras(const Call& call, const access_control::Permit& permit);
/// GET /v1/cameras/{id}
[[nodiscard]] Result<Response> ShowCamera(const Call& call, const access_control::Permit& permit);

}  // namespace yagura::api
