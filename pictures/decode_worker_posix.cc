#include <unistd.h>

#include <array>
#include <utility>

#include "pictures/decode_worker.h"
#include "pictures/picture_coder.h"
#include "pictures/pipe.h"
#include "pictures/sandbox.h"

namespace yagura::pictures {

namespace {

struct Answer {
  PictureStatus status = PictureStatus::kDamaged;
  std::vector<std::uint8_t> bytes;
};

Answer AnswerTo(const OrderView& order, PictureCoder& coder, WorkerAnswer kind) {
  if (kind == WorkerAnswer::kSigns) {
    const ComparedPictures compared = coder.Compare(order);
    return {compared.status, EncodeSigns(compared.signs)};
  }
  CodedPicture picture =
      kind == WorkerAnswer::kThumbnail ? coder.MakeSmall(order) : coder.Make(order);
  return {picture.status, std::move(picture.jpeg)};
}

}  // namespace

Result<void> RunDecodeWorker(WorkerAnswer kind) {
  PictureCoder coder;
  RETURN_IF_ERROR(EnterSandbox());
  std::array<std::uint8_t, kOrderHeadBytes> head{};
  while (ReadWhole(STDIN_FILENO, head)) {
    ASSIGN_OR_RETURN(const std::size_t size_bytes, ParseOrderHead(head));
    std::vector<std::uint8_t> body(size_bytes);
    if (!ReadWhole(STDIN_FILENO, body)) return {};
    ASSIGN_OR_RETURN(const OrderView order, ParseOrderBody(body));
    const Answer answer = AnswerTo(order, coder, kind);
    const auto answer_head = EncodeAnswerHead({answer.status, answer.bytes.size()});
    const bool sent = WriteWhole(
        STDOUT_FILENO, {SharedBytes::CopyOf(answer_head), SharedBytes::CopyOf(answer.bytes)});
    if (!sent) return {};
  }
  return {};
}

}  // namespace yagura::pictures
