#include "api/media/frame.h"

#include "api/media/live.h"
#include "api/media/sent_parts.h"
#include "api/media/stored_picture.h"
#include "api/parameters.h"
#include "storage/codec_boxes.h"

namespace yagura::api {
namespace {

using access_control::Action;
using access_control::Footage;
using access_control::Permit;
using access_control::Viewing;

constexpr std::chrono::seconds kNewestWait{3};
/// Until when a picture that is asked for now was made, and decoded, at the latest.
constexpr std::chrono::seconds kNewestAfter{10};

/// An instant as a range that holds a tick of media time.
constexpr milliseconds kInstant{1};

/// A picture, before and after it was decoded.
struct Wanted {
  pictures::PictureOrder order;
  WallRange shown;
  std::shared_ptr<OpenViewing> open;
};

/// What a camera sent as JPEG is handed out as it is.
Result<std::vector<std::uint8_t>> JpegOf(const Wanted& wanted, const FrameDependencies& needs) {
  if (wanted.order.codec != Codec::kJpeg) return needs.decoder.MakePicture(wanted.order);
  const auto file = wanted.order.frames.back().bytes();
  return std::vector<std::uint8_t>(file.begin(), file.end());
}

Result<Response> Answer(const Wanted& wanted, const FrameDependencies& needs) {
  ASSIGN_OR_RETURN(const auto jpeg, JpegOf(wanted, needs));
  RETURN_IF_ERROR(needs.viewings.Recheck(*wanted.open));
  wanted.open->AddDelivered(wanted.shown, jpeg.size());
  Response response;
  response.headers.Set("Content-Type", "image/jpeg");
  response.headers.Set("X-Yagura-Instant", FormatRfc3339(wanted.shown.from));
  response.body = std::string(jpeg.begin(), jpeg.end());
  return response;
}

Response HeadOnly() {
  Response response;
  response.headers.Set("Content-Type", "image/jpeg");
  response.body = std::string();
  return response;
}

Result<std::shared_ptr<OpenViewing>> Open(const Call& call, Viewing viewing,
                                          std::vector<Footage> footage, Viewings& viewings) {
  return viewings.Add(std::make_shared<OpenViewing>(call.caller, std::move(viewing),
                                                    std::move(footage), std::nullopt));
}

// --- at an instant -------------------------------------------------------------------------------

struct EnteredPast {
  FootagePlan plan;
  std::vector<ViewingStretch> stretches;
  std::optional<Viewing> viewing;
};

Result<WallTime> InstantOf(const Call& call) {
  auto at = ParseRfc3339(*call.Query("at"));
  if (!at.has_value() || !IsPlausible(*at))
    return InvalidArgument("\"at\" must be an instant such as 2027-06-15T14:03:22+09:00");
  return at;
}

/// Looking at one picture after the other under an open viewing is no record of its own.
std::optional<Viewing> OpenAlready(const Call& call, Viewings& viewings) {
  const auto camera = ParseId<CameraId>(call.Path("id"));
  if (!camera) return std::nullopt;
  const auto open = viewings.FindAny(call.caller, Action::kFootagePlay, *camera);
  if (!open) return std::nullopt;
  return open->viewing();
}

Result<EnteredPast> EnterPast(const Entrance& entrance, Viewings& viewings) {
  const Call& call = entrance.call();
  const auto work = [&](Permit& permit) -> Result<EnteredPast> {
    ASSIGN_OR_RETURN(const WallTime at, InstantOf(call));
    const CameraId camera = std::get<CameraId>(permit.resource());
    ASSIGN_OR_RETURN(FootagePlan plan, PlanFootage(permit, {camera}, {at, at + kInstant}));
    EnteredPast entered{std::move(plan), {}, std::nullopt};
    entered.stretches = StretchesOf(entered.plan);
    if (entered.stretches.size() != 1 || call.is_head ||
        viewings.Find(call.caller, Action::kFootagePlay, camera, entered.stretches.front()))
      return entered;
    ASSIGN_OR_RETURN(entered.viewing, permit.OpenViewing(entered.stretches.front().AsOne(camera)));
    return entered;
  };
  return entrance.Enter<EnteredPast>(work, OpenAlready(call, viewings));
}

Result<Response> ShowPast(const Entrance& entrance, const FrameDependencies& needs) {
  const Call& call = entrance.call();
  ASSIGN_OR_RETURN(EnteredPast entered, EnterPast(entrance, needs.viewings));
  if (entered.plan.sequences.empty() || entered.stretches.size() != 1) return NoFootage();
  if (call.is_head) return HeadOnly();
  const ViewingStretch& stretch = entered.stretches.front();
  std::shared_ptr<OpenViewing> open;
  if (entered.viewing) {
    ASSIGN_OR_RETURN(open, Open(call, *entered.viewing, stretch.footage, needs.viewings));
  } else {
    ASSIGN_OR_RETURN(open, needs.viewings.Ensure(call.caller, Action::kFootagePlay,
                                                 entered.plan.camera, stretch));
  }
  ASSIGN_OR_RETURN(const WallTime at, InstantOf(call));
  const auto turn = needs.stored_turns.Enter(open->viewing().person());
  if (!turn.has_value()) return Failure(turn.error());
  auto picture = ReadStoredPicture(entered.plan, at, needs.folder);
  if (!picture.has_value() && picture.error().code() == ErrorCode::kNotFound) return NoFootage();
  if (!picture.has_value()) return Failure(picture.error());
  return Answer({std::move(picture->order), picture->shown, std::move(open)}, needs);
}

// --- the newest ----------------------------------------------------------------------------------

Result<Response> ShowNewest(const Entrance& entrance, const FrameDependencies& needs) {
  ASSIGN_OR_RETURN(EnteredLive entered,
                   EnterLive(entrance, needs.viewings, needs.clock, kNewestAfter));
  if (entered.no_such_stream) return NoSubStream();
  if (entered.open == nullptr) return HeadOnly();
  const Viewing& viewing = entered.open->viewing();
  ASSIGN_OR_RETURN(const std::vector<AccessUnit> gop,
                   needs.live.Newest(viewing.person(), {viewing.camera(), entered.stream},
                                     entered.from, kNewestWait));
  if (gop.empty() || gop.back().wall >= viewing.interval().to)
    return Failure(ErrorCode::kUnavailable, "the camera shows nothing now");
  Wanted wanted;
  wanted.order.codec = gop.front().format->codec;
  wanted.order.configuration = storage::DecoderConfiguration(*gop.front().format);
  for (const AccessUnit& unit : gop) wanted.order.frames.push_back(unit.data);
  wanted.shown = {gop.back().wall, gop.back().wall + milliseconds(1)};
  wanted.open = std::move(entered.open);
  return Answer(wanted, needs);
}

}  // namespace

Result<Response> ShowFrame(const Entrance& entrance, const FrameDependencies& needs) {
  const Call& call = entrance.call();
  if (call.Query("at") && call.Query("stream"))
    return InvalidArgument("\"stream\" is of what a camera shows now: not together with \"at\"");
  return call.Query("at") ? ShowPast(entrance, needs) : ShowNewest(entrance, needs);
}

}  // namespace yagura::api
