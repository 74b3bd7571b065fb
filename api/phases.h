#pragma once

#include "api/route.h"

namespace yagura::api {

/// GET /v1/phases: the rollout as far as cameras of one's list belong to it; for operations and
/// administrators all of it.
[[nodiscard]] Result<Response> ListPhases(const Call& call, const access_control::Permit& permit);

}  // namespace yagura::api
