#pragma once

#include "core/result.h"

namespace yagura::pictures {

/// From here on this process can compute, and read and write what it has open: standard input and
/// output. Standard error leads nowhere, and nobody but root can look into it. It can open,
/// connect, start or signal nothing, gains no privilege, and ends where it tries (SIGSYS) or takes
/// more than a gigabyte; it computes at a lower priority than whoever started it. Not to be undone.
/// kUnavailable: the kernel refuses it; then nothing may be decoded.
///
/// Under a sanitizer, which needs calls and memory of its own, only descriptors and privileges are
/// closed.
[[nodiscard]] Result<void> EnterSandbox();

}  // namespace yagura::pictures
