#pragma once

#include <vector>

#include "access_control/gate.h"
#include "access_control/sign_in.h"
#include "api/route.h"
#include "api/session_token.h"
#include "core/time.h"

namespace yagura::api {

/// What the handlers of the JSON API work with. All outlive the routes.
struct RestDependencies {
  access_control::Gate& gate;
  access_control::SignIn& sign_in;
  const SessionTransport& sessions;
  const Clock& clock;
};

/// Every route of the JSON listener. Together with MediaRoutes these are the operations of
/// openapi.yaml.
[[nodiscard]] std::vector<Route> RestRoutes(const RestDependencies& needs);

/// healthz, readyz and the description: on both listeners.
[[nodiscard]] std::vector<Route> ServiceRoutes(access_control::Gate& gate);

}  // namespace yagura::api
