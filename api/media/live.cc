#include "api/media/live.h"

#include <algorithm>

#include "api/media/live_camera_pg.h"

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
/// An open viewing with less left is not gone on with.
constexpr std::chrono::seconds kLeftLeast{90};

struct Entered {
  WallTime from;
  WallTime ends_at;
  WallTime last_until;
  std::optional<Viewing> viewing;  // none for a HEAD, and where one goes on
};

WallTime EndOf(const Permit& permit) {
  return std::min(permit.decision().changes_at.value_or(WallTime::max()),
                  permit.principal().expires_at);
}

/// What an earlier request of the same caller opened for this camera.
std::shared_ptr<OpenViewing> OpenAlready(const Call& call, Viewings& viewings, WallTime now) {
  const auto camera = ParseId<CameraId>(call.Path("id"));
  if (!camera || call.is_head) return nullptr;
  auto open = viewings.FindAny(call.caller, Action::kLivePlay, *camera);
  if (open && open->viewing().interval().to - now < kLeftLeast) return nullptr;
  return open;
}

Result<Entered> EnterLive(const Entrance& entrance, const std::shared_ptr<OpenViewing>& already) {
  const auto work = [&](Permit& permit) -> Result<Entered> {
    const CameraId camera = std::get<CameraId>(permit.resource());
    const auto charge = FindLiveCharge(permit.transaction(), camera);
    if (!charge) return Failure(ErrorCode::kNotFound, "no such camera to be watched");
    const WallTime from = std::max(permit.now() - kLeadInMax, charge->since);
    Entered entered{from, EndOf(permit), LastUntil(permit), std::nullopt};
    if (already) entered.from = std::max(from, already->viewing().interval().from);
    if (already || entrance.call().is_head) return entered;
    ASSIGN_OR_RETURN(entered.viewing,
                     permit.OpenViewing({camera, charge->unit, {from, from + kViewingMax}}));
    return entered;
  };
  return entrance.Enter<Entered>(
      work, already ? std::optional<Viewing>(already->viewing()) : std::nullopt);
}

}  // namespace

Result<Response> ShowLive(const Entrance& entrance, Viewings& viewings, LiveHub& hub,
                          const Clock& clock) {
  const Call& call = entrance.call();
  const MonoTime looked_at = clock.Monotonic();
  auto open = OpenAlready(call, viewings, clock.Now());
  ASSIGN_OR_RETURN(const Entered entered, EnterLive(entrance, open));
  Response response;
  response.headers.Set("Content-Type", "video/mp4");
  response.body = std::shared_ptr<LiveSource>();
  if (call.is_head) return response;
  if (entered.viewing) {
    ASSIGN_OR_RETURN(open, viewings.Add(std::make_shared<OpenViewing>(call.caller, *entered.viewing,
                                                                      entered.last_until)));
  }
  open->Trust(looked_at, entered.ends_at);
  const CameraId camera = open->viewing().camera();
  response.body = hub.Watch({camera, entered.from}, open);
  return response;
}

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
    return LiveViewing{std::move(viewing), EndOf(permit), last_until};
  };
  return gate.EnterFor<LiveViewing>(before.caller(),
                                    access_control::DemandFor(Action::kLivePlay, camera), work);
}

WallTime LastUntil(const Permit& permit) {
  return permit.decision().Obliges(Obligation::kShortViewing) ? permit.now() + kShortViewingMax
                                                              : WallTime::max();
}

}  // namespace yagura::api
