#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <thread>

#include "core/time.h"
#include "tests/faults/trial_log_posix.h"

namespace yagura::testing {

/// How a life of the recorder ends.
struct DeathPlan {
  enum class Kind { kNone, kKill, kPowerCut } kind = Kind::kNone;
  /// The file system whose power goes: its mount point, which holds a file kSacrifice. Of all
  /// others only the process is killed.
  std::string mount;
  /// From here on, of the calls to the file system that are of `call` ("any": of each), this many
  /// are let be, and the next one is the last: where `call` is empty, `delay_us` later instead.
  WallTime at{};
  std::string call;
  std::int64_t skip = 0;
  /// Where in that call: before it, when half of a write's bytes are written, behind it.
  enum class Phase { kBefore, kHalf, kBehind } phase = Phase::kBefore;
  std::int64_t delay_us = 0;

  static constexpr const char* kSacrifice = "yagura-power-cuts";
};

/// Ends the process by the plan: SIGKILL, or first the power of the file system (what isn't synced
/// is gone; ioctl EXT4_IOC_SHUTDOWN, XFS_IOC_GOINGDOWN). Thread-safe.
class Death {
 public:
  Death(DeathPlan plan, const Clock& clock, const TrialLog& log);

  /// A call begins: where in it the process has to die, if at all.
  [[nodiscard]] std::optional<DeathPlan::Phase> Strikes(const std::string& call);
  /// Time went on. True: the process dies any moment, whatever time it is.
  bool Look();
  [[noreturn]] void Die();

 private:
  const DeathPlan plan_;
  const Clock& clock_;
  const TrialLog& log_;
  int mount_fd_ = -1;
  std::atomic<std::int64_t> left_;
  std::thread later_;
};

}  // namespace yagura::testing
