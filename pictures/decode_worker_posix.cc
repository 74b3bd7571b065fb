#include <unistd.h>

#include <array>

#include "pictures/decode_worker.h"
#include "pictures/picture_coder.h"
#include "pictures/pipe.h"
#include "pictures/sandbox.h"

namespace yagura::pictures {

Result<void> RunDecodeWorker() {
  PictureCoder coder;
  RETURN_IF_ERROR(EnterSandbox());
  std::array<std::uint8_t, kOrderHeadBytes> head{};
  while (ReadWhole(STDIN_FILENO, head)) {
    ASSIGN_OR_RETURN(const std::size_t size_bytes, ParseOrderHead(head));
    std::vector<std::uint8_t> body(size_bytes);
    if (!ReadWhole(STDIN_FILENO, body)) return {};
    ASSIGN_OR_RETURN(const OrderView order, ParseOrderBody(body));
    const CodedPicture picture = coder.Make(order);
    const auto answer = EncodeAnswerHead({picture.status, picture.jpeg.size()});
    const bool sent =
        WriteWhole(STDOUT_FILENO, {SharedBytes::CopyOf(answer), SharedBytes::CopyOf(picture.jpeg)});
    if (!sent) return {};
  }
  return {};
}

}  // namespace yagura::pictures
