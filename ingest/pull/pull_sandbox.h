#pragma once

#include "core/result.h"

namespace yagura::ingest {

/// From here on this process opens no file, runs no program, starts no process, sees and signals no
/// other; it has its pipe, memory, threads, and TCP and UDP sockets. What it says on standard error
/// goes nowhere. What it would need of files (plug-ins, TLS) has been loaded. kUnavailable: the
/// sandbox can't be had.
///
/// A call that isn't allowed fails with EPERM: GLib asks for things that it can do without. Under a
/// sanitizer, which needs more, calls aren't filtered.
[[nodiscard]] Result<void> EnterPullSandbox();

}  // namespace yagura::ingest
