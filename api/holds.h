#pragma once

#include "api/route.h"

namespace yagura::api {

/// What a new hold is about: the body's camera and range, as footage of the one unit that was in
/// charge all the time. kNotFound: no such camera, or nobody's footage that one may hold;
/// kInvalidArgument: the body is no hold, or the charge changed within the range.
[[nodiscard]] ResourceFrom FootageInHoldBody();
/// Path parameter "id" names a hold: the footage that it is about.
[[nodiscard]] ResourceFrom FootageOfHoldInPath();

/// POST /v1/holds: places it, in the past only; says what of it was gone already.
[[nodiscard]] Result<Response> PlaceHold(const Call& call, const access_control::Permit& permit);
/// GET /v1/holds: those that one may know of, released ones too.
[[nodiscard]] Result<Response> ListHolds(const Call& call, const access_control::Permit& permit);
[[nodiscard]] Result<Response> ShowHold(const Call& call, const access_control::Permit& permit);
/// POST /v1/holds/{id}/release: 409 where it was released before, or by the person who placed it.
[[nodiscard]] Result<Response> ReleaseHold(const Call& call, const access_control::Permit& permit);

}  // namespace yagura::api
