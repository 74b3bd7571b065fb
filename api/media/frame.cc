#include "api/media/frame.h"

#include "api/media/instant.h"
#include "api/media/live.h"
#include "api/media/sent_parts.h"
#include "api/media/stored_picture.h"
#include "api/parameters.h"
#include "storage/codec_boxes.h"

namespace yagura::api {
namespace {

constexpr std::chrono::seconds kNewestWait{3};
/// Until when a picture that is asked for now was made, and decoded, at the latest.
constexpr std::chrono::seconds kNewestAfter{10};

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
  return AnswerPicture(*wanted.open, wanted.shown, std::string(jpeg.begin(), jpeg.end()),
                       needs.viewings);
}

Result<Response> ShowPast(const Entrance& entrance, const FrameDependencies& needs) {
  const Call& call = entrance.call();
  ASSIGN_OR_RETURN(const EnteredInstant entered,
                   EnterInstant(entrance, needs.viewings, needs.folder));
  if (!entered.has_footage()) return NoFootage();
  if (call.is_head) return PictureHeadOnly();
  ASSIGN_OR_RETURN(auto open, OpenFor(call, entered, needs.viewings));
  const auto turn = needs.stored_turns.Enter(open->viewing().person());
  if (!turn.has_value()) return Failure(turn.error());
  auto picture = ReadStoredPicture(entered.plan, entered.at, needs.folder);
  if (!picture.has_value() && picture.error().code() == ErrorCode::kNotFound) return NoFootage();
  if (!picture.has_value()) return Failure(picture.error());
  return Answer({std::move(picture->order), picture->shown, std::move(open)}, needs);
}

Result<Response> ShowNewest(const Entrance& entrance, const FrameDependencies& needs) {
  ASSIGN_OR_RETURN(EnteredLive entered,
                   EnterLive(entrance, needs.viewings, needs.clock, kNewestAfter));
  if (entered.no_such_stream) return NoSubStream();
  if (entered.open == nullptr) return PictureHeadOnly();
  const access_control::Viewing& viewing = entered.open->viewing();
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
