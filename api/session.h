#pragma once

#include "access_control/sign_in.h"
#include "api/route.h"
#include "api/session_token.h"
#include "core/time.h"

namespace yagura::api {

/// POST /v1/session: signs in. With "cookie": true the token goes into the cookie and not into the
/// body.
[[nodiscard]] Result<Response> StartSession(const Call& call, access_control::SignIn& sign_in,
                                            const SessionTransport& transport, const Clock& clock);
/// GET /v1/session: who am I, my posts, what I may do.
[[nodiscard]] Result<Response> ShowSession(const access_control::Permit& permit);
/// DELETE /v1/session: signs out.
[[nodiscard]] Result<Response> EndSession(access_control::Permit& permit,
                                          const SessionTransport& transport);

}  // namespace yagura::api
