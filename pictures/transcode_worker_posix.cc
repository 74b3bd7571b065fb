#include <unistd.h>

#include <array>

#include "pictures/pipe.h"
#include "pictures/sandbox.h"
#include "pictures/transcode_worker.h"
#include "pictures/video_transcoder.h"

namespace yagura::pictures {
namespace {

struct Answer {
  PictureStatus status = PictureStatus::kDone;
  std::vector<std::uint8_t> body;
};

Answer AnswerTo(const TranscodeOrderView& order, VideoTranscoder& transcoder) {
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
  std::array<std::uint8_t, kTranscodeOrderHeadBytes> head{};
  while (ReadWhole(STDIN_FILENO, head)) {
    ASSIGN_OR_RETURN(const std::size_t size_bytes, ParseTranscodeOrderHead(head));
    std::vector<std::uint8_t> body(size_bytes);
    if (!ReadWhole(STDIN_FILENO, body)) return {};
    ASSIGN_OR_RETURN(const TranscodeOrderView order, ParseTranscodeOrderBody(body));
    const Answer answer = AnswerTo(order, transcoder);
    const auto answer_head = EncodeAnswerHead({answer.status, answer.body.size()});
    if (!WriteWhole(STDOUT_FILENO,
                    {SharedBytes::CopyOf(answer_head), SharedBytes::CopyOf(answer.body)}))
      return {};
  }
  return {};
}

}  // namespace yagura::pictures
