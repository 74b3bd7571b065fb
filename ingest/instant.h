#pragma once

#include "core/time.h"

namespace yagura::ingest {

/// One reading of both clocks, taken together when bytes were received or a sweep began.
struct Instant {
  MonoTime mono;
  WallTime wall;
};

}  // namespace yagura::ingest
