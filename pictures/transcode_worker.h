#pragma once

#include "core/result.h"

namespace yagura::pictures {

/// The whole life of a worker that transcodes: closes its sandbox, then answers the orders of
/// transcode_message.h from standard input on standard output until its client hangs up.
/// kUnavailable: no sandbox; kDataLoss: what came is no order.
[[nodiscard]] Result<void> RunTranscodeWorker();

}  // namespace yagura::pictures
