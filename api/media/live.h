#pragma once

#include "api/media/live_hub.h"
#include "api/media/viewings.h"
#include "api/route.h"

namespace yagura::api {

/// GET /v1/cameras/{id}/live.mp4: a frame as soon as it is there, until the right ends.
[[nodiscard]] Result<Response> ShowLive(const Entrance& entrance, Viewings& viewings, LiveHub& hub,
                                        const Clock& clock);

/// Opens the viewing that goes on where one ends. Errors as Gate::Enter.
struct LiveViewing {
  access_control::Viewing viewing;
  WallTime ends_at;
  WallTime last_until;
};
[[nodiscard]] Result<LiveViewing> OpenNextLive(access_control::Gate& gate,
                                               const OpenViewing& before, WallTime from);

/// When a viewing that is permitted now has to be over, with all that goes on from it.
[[nodiscard]] WallTime LastUntil(const access_control::Permit& permit);

}  // namespace yagura::api
