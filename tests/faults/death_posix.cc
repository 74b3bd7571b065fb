#include "tests/faults/death_posix.h"

#include <fcntl.h>
#include <linux/ioctl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <utility>

#include "core/check.h"

namespace yagura::testing {
namespace {

/// Of ext4 and XFS alike.
constexpr unsigned long kShutDown = _IOR('X', 125, std::uint32_t);
constexpr std::uint32_t kWithoutTheLog = 2;

}  // namespace

Death::Death(DeathPlan plan, const Clock& clock, const TrialLog& log)
    : plan_(std::move(plan)), clock_(clock), log_(log), left_(plan_.skip) {
  if (plan_.kind != DeathPlan::Kind::kPowerCut) return;
  CHECK(::access((plan_.mount + "/" + DeathPlan::kSacrifice).c_str(), F_OK) == 0);
  mount_fd_ = ::open(plan_.mount.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  CHECK(mount_fd_ >= 0);
}

std::optional<DeathPlan::Phase> Death::Strikes(const std::string& call) {
  if (plan_.kind == DeathPlan::Kind::kNone || plan_.call.empty()) return std::nullopt;
  if (clock_.Now() < plan_.at || (plan_.call != "any" && plan_.call != call)) return std::nullopt;
  if (left_-- != 0) return std::nullopt;
  return plan_.phase;
}

bool Death::Look() {
  if (later_.joinable()) return true;
  if (plan_.kind == DeathPlan::Kind::kNone || !plan_.call.empty()) return false;
  if (clock_.Now() < plan_.at) return false;
  later_ = std::thread([this] {
    std::this_thread::sleep_for(microseconds(plan_.delay_us));
    Die();
  });
  return true;
}

void Death::Die() {
  log_.Tell("died " + std::to_string(clock_.Now().time_since_epoch().count()) + "\n");
  if (mount_fd_ >= 0) {
    std::uint32_t how = kWithoutTheLog;
    CHECK(::ioctl(mount_fd_, kShutDown, &how) == 0);
  }
  ::kill(::getpid(), SIGKILL);
  for (;;) ::pause();
}

}  // namespace yagura::testing
