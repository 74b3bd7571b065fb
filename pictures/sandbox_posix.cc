#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <string>
#include <vector>

#include "pictures/sandbox.h"

namespace yagura::pictures {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kUnderSanitizer = true;
#else
constexpr bool kUnderSanitizer = false;
#endif

#if defined(__x86_64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_AARCH64;
#else
#error "no list of system calls for this architecture"
#endif

constexpr rlim_t kMemoryBytesMax = rlim_t{1} << 30;
/// Whoever records and whoever answers comes first.
constexpr int kNicer = 10;

/// What computing, and reading and writing open descriptors, takes.
constexpr std::array kAllowed = {
    __NR_read,          __NR_sendto,          __NR_write,
    __NR_readv,         __NR_writev,          __NR_ppoll,
    __NR_munmap,        __NR_mremap,          __NR_brk,
    __NR_madvise,       __NR_futex,           __NR_exit,
    __NR_exit_group,    __NR_rt_sigreturn,    __NR_getrandom,
    __NR_clock_gettime, __NR_gettimeofday,    __NR_sched_yield,
    __NR_getpid,        __NR_gettid,          __NR_rt_sigprocmask,
    __NR_rt_sigaction,  __NR_restart_syscall, __NR_sched_getaffinity,
#if defined(__x86_64__)
    __NR_poll,
#endif
};
/// Allowed without making memory executable.
constexpr std::array kAllowedWithoutExecution = {__NR_mmap, __NR_mprotect};

constexpr sock_filter Statement(int code, std::uint32_t value) {
  return {static_cast<std::uint16_t>(code), 0, 0, value};
}
constexpr sock_filter Jump(int code, std::uint32_t value, int if_true, int if_false) {
  return {static_cast<std::uint16_t>(code), static_cast<std::uint8_t>(if_true),
          static_cast<std::uint8_t>(if_false), value};
}

std::vector<sock_filter> Filter() {
  constexpr auto kLoad = BPF_LD | BPF_W | BPF_ABS;
  constexpr auto kEqual = BPF_JMP | BPF_JEQ | BPF_K;
  const auto allow = Statement(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
  const auto kill = Statement(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS);
  std::vector<sock_filter> filter = {Statement(kLoad, offsetof(seccomp_data, arch)),
                                     Jump(kEqual, kArchitecture, 1, 0), kill,
                                     Statement(kLoad, offsetof(seccomp_data, nr))};
  for (const int number : kAllowed) {
    filter.push_back(Jump(kEqual, static_cast<std::uint32_t>(number), 0, 1));
    filter.push_back(allow);
  }
  for (const int number : kAllowedWithoutExecution) {
    filter.push_back(Jump(kEqual, static_cast<std::uint32_t>(number), 0, 4));
    filter.push_back(Statement(kLoad, offsetof(seccomp_data, args[2])));
    filter.push_back(Jump(BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 0, 1));
    filter.push_back(kill);
    filter.push_back(allow);
  }
  filter.push_back(kill);
  return filter;
}

Result<void> Refused(const char* what) {
  return Failure(ErrorCode::kUnavailable,
                 "the sandbox can't be closed: " + std::string(what) + ": " + std::strerror(errno));
}

/// Whoever takes this process over writes nothing into the log of who started it.
Result<void> SayNothingMore() {
  const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (nowhere < 0 || ::dup2(nowhere, STDERR_FILENO) < 0) return Refused("standard error");
  ::close(nowhere);
  return {};
}

}  // namespace

Result<void> EnterSandbox() {
  if (::close_range(STDERR_FILENO + 1, ~0U, 0) != 0) return Refused("descriptors");
  const rlimit none{0, 0};
  if (::setrlimit(RLIMIT_CORE, &none) != 0) return Refused("core files");
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return Refused("privileges");
  if (::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) return Refused("being looked into");
  (void)!::nice(kNicer);  // as far as it goes
  if (kUnderSanitizer) return {};
  const rlimit memory{kMemoryBytesMax, kMemoryBytesMax};
  if (::setrlimit(RLIMIT_AS, &memory) != 0) return Refused("memory");
  RETURN_IF_ERROR(SayNothingMore());
  const rlimit standard{STDERR_FILENO + 1, STDERR_FILENO + 1};  // these are open, and no more
  if (::setrlimit(RLIMIT_NOFILE, &standard) != 0) return Refused("files");
  auto filter = Filter();
  const sock_fprog program{static_cast<unsigned short>(filter.size()), filter.data()};
  if (::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) return Refused("system calls");
  return {};
}

}  // namespace yagura::pictures
