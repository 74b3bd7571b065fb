#pragma once

#include "api/route.h"

namespace yagura::api {

/// GET /v1/departments: every department that one may ask about by its id.
[[nodiscard]] Result<Response> ListDepartments(const Call& call,
                                               const access_control::Permit& permit);

}  // namespace yagura::api
