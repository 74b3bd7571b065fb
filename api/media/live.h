#pragma once

#include "api/media/live_hub.h"
#include "api/media/viewings.h"
#include "api/route.h"

namespace yagura::api {

/// GET /v1/cameras/{id}/live.mp4: a frame as soon as it is there, until the right ends.
[[nodiscard]] Result<Response> ShowLive(const Entrance& entrance, Viewings& viewings, LiveHub& hub,
                                        const Clock& clock);

/// A viewing of what a camera shows now, of the unit in charge of it: one that the session has open
/// with at least `left_least` to go, or a new one that lasts for ten minutes. So looking again and
/// again is on record as one viewing, and half an hour at a time stays that (kShortViewing). A new
/// one is over by `last_until`, that of what it goes on from.
struct EnteredLive {
  std::shared_ptr<OpenViewing> open{};  // none for a HEAD
  WallTime from{};                      // nothing older is shown
  Stream stream = Stream::kMain;        // that is asked for
  Coding coding = Coding::kAsSent;      // as above
  bool no_such_stream = false;          // it may be watched, but it has no such stream
};
[[nodiscard]] Result<EnteredLive> EnterLive(const Entrance& entrance, Viewings& viewings,
                                            const Clock& clock, std::chrono::seconds left_least,
                                            WallTime last_until = WallTime::max());

/// Opens the viewing that goes on where one ends. Errors as Gate::Enter.
struct LiveViewing {
  access_control::Viewing viewing;
  WallTime ends_at;
  WallTime last_until;
};
[[nodiscard]] Result<LiveViewing> OpenNextLive(access_control::Gate& gate,
                                               const OpenViewing& before, WallTime from);

/// The camera may be watched, and has no sub stream: 404 no_sub_stream.
[[nodiscard]] Response NoSubStream();

/// When a viewing that is permitted now has to be over, with all that goes on from it.
[[nodiscard]] WallTime LastUntil(const access_control::Permit& permit);

}  // namespace yagura::api
