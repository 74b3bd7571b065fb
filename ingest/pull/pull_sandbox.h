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

/// Inside the sandbox: from here on this process, whatever thread, makes, binds and connects no
/// socket; it goes on with those it has. kUnavailable: as above. Under a sanitizer it does nothing.
[[nodiscard]] Result<void> MakeNoMoreConnections();

}  // namespace yagura::ingest
