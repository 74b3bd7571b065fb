#include "api/media/live.h"

#include <algorithm>

#include "access_control/in_charge.h"
#include "api/error_to_http.h"
#include "api/media/live_camera_pg.h"
#include "api/parameters.h"

namespace yagura::api {
namespace {

using access_control::Action;
using access_control::kShortViewingMax;
using access_control::kViewingMax;
using access_control::Obligation;
using access_control::Permit;
using access_control::Viewing;

/// The newest keyframe is hardly older.
constexpr std::chrono::seconds kLeadInMax{15};
/// An open viewing with less left is not gone on with: the next one is opened in time.
constexpr std::chrono::seconds kLeftLeast{90};

struct Permitted {
  WallTime from{};
  WallTime ends_at{};
  WallTime last_until{};
  std::optional<Viewing> viewing{};  // none for a HEAD, and where one goes on
  Stream stream = Stream::kMain;
  Coding coding = Coding::kAsSent;
  bool no_such_stream = false;
};

/// When the right to pictures of `camera`, as `unit`'s, ends.
WallTime EndOf(const Permit& permit, CameraId camera, UnitId unit) {
  const auto in_charge = access_control::InChargeUntil(permit.facts(), camera, unit, permit.now());
  return std::min({permit.decision().changes_at.value_or(WallTime::max()),
                   permit.principal().expires_at, in_charge.value_or(permit.now())});
}

/// What an earlier request of the same caller opened for this camera.
std::shared_ptr<OpenViewing> OpenAlready(const Call& call, Viewings& viewings, WallTime until) {
  const auto camera = ParseId<CameraId>(call.Path("id"));
  if (!camera || call.is_head) return nullptr;
  return viewings.FindLive(call.caller, *camera, until);
}

Result<Permitted> AskForLive(const Entrance& entrance, const OpenViewing* already) {
  const auto work = [&](Permit& permit) -> Result<Permitted> {
    const CameraId camera = std::get<CameraId>(permit.resource());
    ASSIGN_OR_RETURN(const Stream stream, StreamOf(entrance.call()));
    ASSIGN_OR_RETURN(const Coding coding, CodingOf(entrance.call()));
    const auto charge = FindLiveCharge(permit.transaction(), camera);
    if (!charge) return Failure(ErrorCode::kNotFound, "no such camera to be watched");
    if (!HasStream(permit.transaction(), {camera, stream}))
      return Permitted{.no_such_stream = true};
    const WallTime from = std::max(permit.now() - kLeadInMax, charge->since);
    Permitted permitted{.from = from,
                        .ends_at = EndOf(permit, camera, charge->unit),
                        .last_until = LastUntil(permit),
                        .stream = stream,
                        .coding = coding};
    const bool goes_on = already != nullptr && already->viewing().unit() == charge->unit;
    if (goes_on) permitted.from = std::max(from, already->viewing().interval().from);
    if (goes_on || entrance.call().is_head) return permitted;
    ASSIGN_OR_RETURN(permitted.viewing,
                     permit.OpenViewing({camera, charge->unit, {from, from + kViewingMax}}));
    return permitted;
  };
  return entrance.Enter<Permitted>(
      work, already != nullptr ? std::optional<Viewing>(already->viewing()) : std::nullopt);
}

}  // namespace

Result<EnteredLive> EnterLive(const Entrance& entrance, Viewings& viewings, const Clock& clock,
                              std::chrono::seconds left_least, WallTime last_until) {
  const Call& call = entrance.call();
  const MonoTime looked_at = clock.Monotonic();
  auto open = OpenAlready(call, viewings, clock.Now() + left_least);
  ASSIGN_OR_RETURN(const Permitted permitted, AskForLive(entrance, open.get()));
  if (permitted.no_such_stream) return EnteredLive{.no_such_stream = true};
  if (call.is_head) return EnteredLive{};
  if (permitted.viewing) {
    ASSIGN_OR_RETURN(
        open, viewings.Add(std::make_shared<OpenViewing>(
                  call.caller, *permitted.viewing, std::min(last_until, permitted.last_until))));
  }
  open->Trust(looked_at, permitted.ends_at);
  return EnteredLive{std::move(open), permitted.from, permitted.stream, permitted.coding, false};
}

Result<Response> ShowLive(const Entrance& entrance, Viewings& viewings, LiveHub& hub,
                          const Clock& clock) {
  ASSIGN_OR_RETURN(EnteredLive entered, EnterLive(entrance, viewings, clock, kLeftLeast));
  if (entered.no_such_stream) return NoSubStream();
  Response response;
  response.headers.Set("Content-Type", "video/mp4");
  response.body = std::shared_ptr<LiveSource>();
  if (entered.open == nullptr) return response;
  const CameraId camera = entered.open->viewing().camera();
  const WatchedStream watched{{camera, entered.stream}, entered.coding};
  auto source = hub.Watch({watched, entered.from}, std::move(entered.open));
  if (!source.has_value() && source.error().code() == ErrorCode::kResourceExhausted)
    return TranscodesBusy();
  ASSIGN_OR_RETURN(response.body, std::move(source));
  return response;
}

Response NoSubStream() { return ToResponse(Problem{404, "no_sub_stream", "", Json::Object()}); }

Result<LiveViewing> OpenNextLive(access_control::Gate& gate, const OpenViewing& before,
                                 WallTime from) {
  const CameraId camera = before.viewing().camera();
  const auto work = [&](Permit& permit) -> Result<LiveViewing> {
    const auto charge = FindLiveCharge(permit.transaction(), camera);
    if (!charge) return Failure(ErrorCode::kNotFound, "no longer to be watched");
    const WallTime last_until = std::min(before.last_until(), LastUntil(permit));
    ASSIGN_OR_RETURN(Viewing viewing,
                     permit.OpenViewing(
                         {camera, charge->unit, {from, std::min(from + kViewingMax, last_until)}}));
    return LiveViewing{std::move(viewing), EndOf(permit, camera, charge->unit), last_until};
  };
  return gate.EnterFor<LiveViewing>(before.caller(),
                                    access_control::DemandFor(Action::kLivePlay, camera), work);
}

WallTime LastUntil(const Permit& permit) {
  return permit.decision().Obliges(Obligation::kShortViewing) ? permit.now() + kShortViewingMax
                                                              : WallTime::max();
}

}  // namespace yagura::api
