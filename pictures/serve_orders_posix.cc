#include <unistd.h>

#include <array>

#include "pictures/pipe.h"
#include "pictures/serve_orders.h"

namespace yagura::pictures {

Result<void> ServeOrders(const OrderKind& kind) {
  std::array<std::uint8_t, kOrderHeadBytes> head{};
  while (ReadWhole(STDIN_FILENO, head)) {
    ASSIGN_OR_RETURN(const std::size_t size_bytes, kind.size_of(head));
    std::vector<std::uint8_t> body(size_bytes);
    if (!ReadWhole(STDIN_FILENO, body)) return {};
    ASSIGN_OR_RETURN(const OrderAnswer answer, kind.answer(body));
    const auto answer_head = EncodeAnswerHead({answer.status, answer.body.size()});
    const bool sent = WriteWhole(
        STDOUT_FILENO, {SharedBytes::CopyOf(answer_head), SharedBytes::CopyOf(answer.body)});
    if (!sent) return {};
  }
  return {};
}

}  // namespace yagura::pictures
