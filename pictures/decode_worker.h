#pragma once

#include "core/result.h"

namespace yagura::pictures {

/// The whole life of a worker: closes its sandbox, then answers orders from standard input on
/// standard output, one after the other, until its client hangs up. kUnavailable: no sandbox;
/// kDataLoss: what came is no order.
[[nodiscard]] Result<void> RunDecodeWorker();

}  // namespace yagura::pictures
