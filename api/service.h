#pragma once

#include "access_control/gate.h"
#include "api/http.h"
#include "core/result.h"

namespace yagura::api {

/// GET /healthz: this process answers.
[[nodiscard]] Result<Response> ShowHealth();
/// GET /readyz: requests can be served; 503 while PostgreSQL is away.
[[nodiscard]] Result<Response> ShowReadiness(access_control::Gate& gate);
/// GET /v1/openapi.yaml: the description of this API that the program was built with.
[[nodiscard]] Result<Response> ShowDescription();
[[nodiscard]] std::string_view OpenApiYaml();

}  // namespace yagura::api
