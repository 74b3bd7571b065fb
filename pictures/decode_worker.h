#pragma once

#include <cstdint>

#include "core/result.h"

namespace yagura::pictures {

/// What a worker answers orders with.
enum class WorkerAnswer : std::uint8_t {
  kPicture,    // a JPEG of the last frame
  kThumbnail,  // the same, small
  kSigns,      // what the first and the last frame look like beside each other (picture_signs.h)
};

/// The whole life of a worker: closes its sandbox, then answers orders from standard input on
/// standard output, one after the other, until its client hangs up. kUnavailable: no sandbox;
/// kDataLoss: what came is no order.
[[nodiscard]] Result<void> RunDecodeWorker(WorkerAnswer answer);

}  // namespace yagura::pictures
