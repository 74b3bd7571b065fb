#pragma once

#include "core/gap_reason.h"
#include "core/result.h"

namespace yagura::ingest {

/// Why one camera's session is over: what the gap will say, and what the log will.
struct SessionFailure {
  GapReason reason;
  Error error;
  /// The camera would play, but not over the transport that it was asked for.
  bool other_transport = false;
};

}  // namespace yagura::ingest
