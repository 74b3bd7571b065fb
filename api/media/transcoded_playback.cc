#include "api/media/transcoded_playback.h"

#include "api/media/coding.h"
#include "api/media/playback.h"
#include "api/media/transcoded_segment.h"
#include "api/parameters.h"

namespace yagura::api {
namespace {

Response VideoHead() {
  Response response;
  response.headers.Set("Content-Type", "video/mp4");
  return response;
}

Result<ByteRange> StretchIn(const Call& call) {
  ASSIGN_OR_RETURN(const auto first, NumberIn(call, "first"));
  ASSIGN_OR_RETURN(const auto last, NumberIn(call, "last"));
  if (!first || !last || *first > *last)
    return InvalidArgument("\"first\" and \"last\" are bytes of the clip, in this order");
  return ByteRange{*first, *last};
}

Result<Response> Send(const Call& call, OpenViewing& open,
                      const TranscodedPlaybackDependencies& needs) {
  const ServedClip& clip = *open.clip();
  ASSIGN_OR_RETURN(const ByteRange stretch, StretchIn(call));
  const auto player =
      needs.transcoders.PlayerFor(call.caller.token, {clip.row.camera, clip.row.stream});
  if (!player.has_value()) return TranscodesBusy();
  ASSIGN_OR_RETURN(std::string segment, TranscodedSegment(clip, stretch, needs.folder, **player));
  RETURN_IF_ERROR(needs.viewings.Recheck(open, Viewings::Look::kFresh));  // it took a while
  open.AddDelivered(clip.timeline.TimeOf(stretch.first, stretch.last + 1), segment.size());
  Response response = VideoHead();
  response.body = std::move(segment);
  return response;
}

}  // namespace

Result<Response> ShowTranscodedSegment(const Entrance& entrance,
                                       const TranscodedPlaybackDependencies& needs) {
  const auto head_only = [](const Call&, const ServedClip&) { return VideoHead(); };
  const auto whole = [&needs](const Call& call, const std::shared_ptr<OpenViewing>& open) {
    return Send(call, *open, needs);
  };
  return AnswerClip(entrance, needs.viewings, needs.folder, {head_only, whole});
}

}  // namespace yagura::api
