#include "app/clock_discipline_posix.h"

#include <sys/timex.h>

namespace yagura::app {

storage::ClockState ClockDiscipline() {
  timex ask{};  // no modes: only reads
  const int state = ::adjtimex(&ask);
  if (state < 0) return storage::ClockState::kUnknown;
  const bool unsynchronised = state == TIME_ERROR || (ask.status & STA_UNSYNC) != 0;
  return unsynchronised ? storage::ClockState::kUnsynchronised : storage::ClockState::kSynchronised;
}

}  // namespace yagura::app
