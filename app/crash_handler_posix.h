#pragma once

#include <array>
#include <csignal>

#include "app/crash_book.h"
#include "ingest/parsing_note.h"

namespace yagura::app {

/// While it stands, a crash of this process (one of kSignals, from its own code) on a thread that
/// was parsing a camera's bytes leaves an entry with that camera in the crash book. The process
/// then dies of the same signal as without it: core dumps, and whoever starts it again, see no
/// difference. A signal that somebody sent names nobody; nor do SIGKILL and SIGTERM.
///
/// One at a time in a process; made before the threads that attach, destroyed after them.
class CrashHandler {
 public:
  /// `descriptor` appends to the crash book; it stays open while this stands.
  CrashHandler(int descriptor, const BootId& boot);
  ~CrashHandler();
  CrashHandler(const CrashHandler&) = delete;
  CrashHandler& operator=(const CrashHandler&) = delete;

  /// SIGTRAP: by it GLib's g_error() ends a pull worker.
  static constexpr std::array kSignals{SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGSYS, SIGTRAP};

  /// Called on a thread that parses: a crash on it is that of the camera in `note`, which outlives
  /// the thread. From then on the thread has a stack for signals, so that an overflow of its own is
  /// noted too.
  void Attach(const ingest::ParsingNote& note);

 private:
  std::array<struct sigaction, kSignals.size()> before_{};
};

}  // namespace yagura::app
