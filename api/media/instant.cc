#include "api/media/instant.h"

#include <utility>

#include "api/parameters.h"

namespace yagura::api {
namespace {

using access_control::Action;
using access_control::Permit;

/// An instant as a range that holds a tick of media time.
constexpr milliseconds kInstant{1};

Result<WallTime> InstantOf(const Call& call) {
  auto at = ParseRfc3339(call.Query("at").value_or(""));
  if (!at.has_value() || !IsPlausible(*at))
    return InvalidArgument("\"at\" must be an instant such as 2027-06-15T14:03:22+09:00");
  return at;
}

/// Looking at one picture after the other under an open viewing is no record of its own.
std::optional<access_control::Viewing> OpenAlready(const Call& call, Viewings& viewings) {
  const auto camera = ParseId<CameraId>(call.Path("id"));
  if (!camera) return std::nullopt;
  const auto open = viewings.FindAny(call.caller, Action::kFootagePlay, *camera);
  if (!open) return std::nullopt;
  return open->viewing();
}

}  // namespace

Result<EnteredInstant> EnterInstant(const Entrance& entrance, Viewings& viewings,
                                    const ClipFolder& folder) {
  const Call& call = entrance.call();
  const auto work = [&](Permit& permit) -> Result<EnteredInstant> {
    ASSIGN_OR_RETURN(const WallTime at, InstantOf(call));
    const CameraId camera = std::get<CameraId>(permit.resource());
    ASSIGN_OR_RETURN(FootagePlan plan, PlanFootage(permit, {camera}, {at, at + kInstant}, folder));
    EnteredInstant entered{at, std::move(plan), {}, std::nullopt};
    entered.stretches = StretchesOf(entered.plan);
    if (!entered.has_footage() || call.is_head ||
        viewings.Find(call.caller, Action::kFootagePlay, camera, entered.stretches.front()))
      return entered;
    ASSIGN_OR_RETURN(entered.viewing, permit.OpenViewing(entered.stretches.front().AsOne(camera)));
    return entered;
  };
  return entrance.Enter<EnteredInstant>(work, OpenAlready(call, viewings));
}

Result<std::shared_ptr<OpenViewing>> OpenFor(const Call& call, const EnteredInstant& entered,
                                             Viewings& viewings) {
  const ViewingStretch& stretch = entered.stretches.front();
  if (!entered.viewing)
    return viewings.Ensure(call.caller, Action::kFootagePlay, entered.plan.camera, stretch);
  return viewings.Add(
      std::make_shared<OpenViewing>(call.caller, *entered.viewing, stretch.footage, std::nullopt));
}

Result<Response> AnswerPicture(OpenViewing& open, WallRange shown, std::string jpeg,
                               Viewings& viewings) {
  RETURN_IF_ERROR(viewings.Recheck(open));
  open.AddDelivered(shown, jpeg.size());
  Response response = PictureHeadOnly();
  response.headers.Set("X-Yagura-Instant", FormatRfc3339(shown.from));
  response.body = std::move(jpeg);
  return response;
}

Response PictureHeadOnly() {
  Response response;
  response.headers.Set("Content-Type", "image/jpeg");
  response.body = std::string();
  return response;
}

}  // namespace yagura::api
