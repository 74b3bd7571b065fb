#pragma once

#include "api/route.h"

namespace yagura::api {

/// GET /v1/assignments: who holds which post, now or later: for heads in their departments, for
/// administrators in all.
[[nodiscard]] Result<Response> ListAssignments(const Call& call,
                                               const access_control::Permit& permit);

}  // namespace yagura::api
