#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "core/result.h"
#include "pictures/picture_message.h"

namespace yagura::pictures {

/// What a worker says to an order.
struct OrderAnswer {
  PictureStatus status = PictureStatus::kDamaged;
  std::vector<std::uint8_t> body;
};

/// How one kind of orders is read and answered.
struct OrderKind {
  /// The length of the body, from a head of kOrderHeadBytes.
  Result<std::size_t> (*size_of)(std::span<const std::uint8_t> head);
  std::function<Result<OrderAnswer>(std::span<const std::uint8_t> body)> answer;
};

/// What a worker does once its sandbox is closed: answers orders from standard input on standard
/// output, one after the other, until its client hangs up. Gives the first error of `kind`'s.
[[nodiscard]] Result<void> ServeOrders(const OrderKind& kind);

}  // namespace yagura::pictures
