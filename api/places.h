#pragma once

#include "api/route.h"

namespace yagura::api {

/// GET /v1/places: the sites, buildings and floors on which cameras of one's list stand now.
[[nodiscard]] Result<Response> ListPlaces(const Call& call, const access_control::Permit& permit);

}  // namespace yagura::api
