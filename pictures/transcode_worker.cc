#include "pictures/transcode_worker.h"

#include "pictures/sandbox.h"
#include "pictures/serve_orders.h"
#include "pictures/video_transcoder.h"

namespace yagura::pictures {
namespace {

OrderAnswer AnswerTo(const TranscodeOrderView& order, VideoTranscoder& transcoder) {
  switch (order.kind) {
    case TranscodeKind::kBegin:
      if (const auto format = transcoder.Begin(order.source))
        return {PictureStatus::kDone, EncodeBegunBody(*format)};
      return {PictureStatus::kUnsupported, {}};
    case TranscodeKind::kFrame:
      return {PictureStatus::kDone, EncodeFramesBody(transcoder.Add(order.pts, order.data))};
    case TranscodeKind::kEnd:
      break;
  }
  return {PictureStatus::kDone, EncodeFramesBody(transcoder.End())};
}

}  // namespace

Result<void> RunTranscodeWorker() {
  VideoTranscoder transcoder;
  RETURN_IF_ERROR(EnterSandbox());
  const auto answer = [&](std::span<const std::uint8_t> body) -> Result<OrderAnswer> {
    ASSIGN_OR_RETURN(const TranscodeOrderView order, ParseTranscodeOrderBody(body));
    return AnswerTo(order, transcoder);
  };
  return ServeOrders({ParseTranscodeOrderHead, answer});
}

}  // namespace yagura::pictures
