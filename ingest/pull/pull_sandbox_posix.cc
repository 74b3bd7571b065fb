#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <malloc.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/pull/pull_sandbox.h"

namespace yagura::ingest {
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
constexpr rlim_t kDescriptorsMax = 128;

/// Computing, threads, and what is done with open descriptors and sockets.
constexpr std::array kAllowed = {
    __NR_read,
    __NR_write,
    __NR_readv,
    __NR_writev,
    __NR_close,
    __NR_ppoll,
    __NR_pselect6,
    __NR_dup,
    __NR_munmap,
    __NR_mremap,
    __NR_brk,
    __NR_madvise,
    __NR_futex,
    __NR_exit,
    __NR_exit_group,
    __NR_rt_sigreturn,
    __NR_getrandom,
    __NR_clock_gettime,
    __NR_clock_nanosleep,
    __NR_nanosleep,
    __NR_gettimeofday,
    __NR_sched_yield,
    __NR_getpid,
    __NR_gettid,
    __NR_rt_sigprocmask,
    __NR_rt_sigaction,
    __NR_sigaltstack,
    __NR_restart_syscall,
    __NR_set_robust_list,
    __NR_set_tid_address,
    __NR_rseq,
    __NR_sched_getaffinity,

    __NR_eventfd2,
    __NR_pipe2,
    __NR_bind,
    __NR_connect,
    __NR_getsockname,
    __NR_getpeername,
    __NR_sendto,
    __NR_sendmsg,
    __NR_sendmmsg,
    __NR_recvfrom,
    __NR_recvmsg,
    __NR_recvmmsg,
    __NR_shutdown,
    __NR_getsockopt,
    __NR_setsockopt,
    __NR_fstat,
    __NR_newfstatat,

    __NR_uname,
    __NR_getuid,
    __NR_geteuid,

    __NR_sched_get_priority_max,
    __NR_sched_get_priority_min,
#if defined(__x86_64__)
    __NR_poll,
    __NR_select,
    __NR_alarm,
    __NR_pipe,
    __NR_time,
#else
    __NR_setitimer,
#endif
};
/// Allowed without making memory executable.
constexpr std::array kAllowedWithoutExecution = {__NR_mmap, __NR_mprotect};

constexpr auto kReturn = BPF_RET | BPF_K;
constexpr auto kEqual = BPF_JMP | BPF_JEQ | BPF_K;

constexpr sock_filter Statement(int code, std::uint32_t value) {
  return {static_cast<std::uint16_t>(code), 0, 0, value};
}
constexpr sock_filter Jump(int code, std::uint32_t value, int if_true, int if_false) {
  return {static_cast<std::uint16_t>(code), static_cast<std::uint8_t>(if_true),
          static_cast<std::uint8_t>(if_false), value};
}
constexpr sock_filter LoadArgument(std::size_t number) {
  return Statement(BPF_LD | BPF_W | BPF_ABS,
                   static_cast<std::uint32_t>(offsetof(seccomp_data, args) + 8 * number));
}
constexpr sock_filter kAllow{kReturn, 0, 0, SECCOMP_RET_ALLOW};
constexpr sock_filter kRefuse{kReturn, 0, 0, SECCOMP_RET_ERRNO | EPERM};

class Filter {
 public:
  /// The whole sandbox.
  static Filter OfAll() {
    Filter filter;
    filter.AllowWhatIsNeeded();
    return filter;
  }
  /// Added to it; the stricter one counts.
  static Filter OfConnections() {
    Filter filter;
    for (const int number : {__NR_socket, __NR_bind, __NR_connect}) filter.On(number, {kRefuse});
    filter.Add({kAllow});
    return filter;
  }

  [[nodiscard]] bool Install() {
    const sock_fprog program{static_cast<unsigned short>(code_.size()), code_.data()};
    return ::syscall(__NR_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program) ==
           0;
  }

 private:
  Filter() {
    Add({Statement(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, arch)),
         Jump(kEqual, kArchitecture, 1, 0), Statement(kReturn, SECCOMP_RET_KILL_PROCESS),
         Statement(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr))});
  }

  void AllowWhatIsNeeded() {
    for (const int number : kAllowed) On(number, {kAllow});
    for (const int number : kAllowedWithoutExecution)
      On(number,
         {LoadArgument(2), Jump(BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 0, 1), kRefuse, kAllow});
    AllowSockets();
    // Not F_SETOWN with F_SETSIG, which has the kernel send any signal to any process of ours.
    On(__NR_fcntl, {LoadArgument(1), Jump(kEqual, F_GETFD, 5, 0), Jump(kEqual, F_SETFD, 4, 0),
                    Jump(kEqual, F_GETFL, 3, 0), Jump(kEqual, F_SETFL, 2, 0),
                    Jump(kEqual, F_DUPFD_CLOEXEC, 1, 0), kRefuse, kAllow});
    // What waits to be read, not to block, and the number of a network interface.
    On(__NR_ioctl, {LoadArgument(1), Jump(kEqual, FIONREAD, 3, 0), Jump(kEqual, FIONBIO, 2, 0),
                    Jump(kEqual, SIOCGIFINDEX, 1, 0), kRefuse, kAllow});
    On(__NR_prctl, {LoadArgument(0), Jump(kEqual, PR_SET_NAME, 1, 0), kRefuse, kAllow});
    // Signals to itself alone: abort().
    On(__NR_tgkill, {LoadArgument(0), Jump(kEqual, static_cast<std::uint32_t>(::getpid()), 1, 0),
                     kRefuse, kAllow});
    // As if it had been done: GLib sets what each thread has anyway.
    On(__NR_sched_setattr, {Statement(kReturn, SECCOMP_RET_ERRNO | 0)});
    // Threads alone. clone3 hides its flags from us; glibc then takes clone.
    On(__NR_clone,
       {LoadArgument(0), Jump(BPF_JMP | BPF_JSET | BPF_K, CLONE_THREAD, 1, 0), kRefuse, kAllow});
    On(__NR_clone3, {Statement(kReturn, SECCOMP_RET_ERRNO | ENOSYS)});
    // Further filters, which can only refuse more; no listener of them.
    On(__NR_seccomp, {LoadArgument(0), Jump(kEqual, SECCOMP_SET_MODE_FILTER, 0, 2), LoadArgument(1),
                      Jump(kEqual, SECCOMP_FILTER_FLAG_TSYNC, 1, 0), kRefuse, kAllow});
    Add({kRefuse});
  }

  void Add(std::initializer_list<sock_filter> code) { code_.insert(code_.end(), code); }
  void On(int number, std::initializer_list<sock_filter> code) {
    Add({Jump(kEqual, static_cast<std::uint32_t>(number), 0, static_cast<int>(code.size()))});
    Add(code);
  }

  /// TCP and UDP over IPv4 and IPv6. The kernel's other protocols would be loaded for whoever asks,
  /// be it for a pair that they don't make. Pairs are Unix streams: one of datagrams could be sent
  /// from to each datagram socket of this machine that has a path.
  void AllowSockets() {
    constexpr std::uint32_t kOptions = SOCK_NONBLOCK | SOCK_CLOEXEC;
    On(__NR_socket,
       {LoadArgument(0), Jump(kEqual, AF_INET, 1, 0), Jump(kEqual, AF_INET6, 0, 8), LoadArgument(1),
        Statement(BPF_ALU | BPF_AND | BPF_K, ~kOptions), Jump(kEqual, SOCK_STREAM, 1, 0),
        Jump(kEqual, SOCK_DGRAM, 0, 4), LoadArgument(2), Jump(kEqual, 0, 3, 0),
        Jump(kEqual, IPPROTO_TCP, 2, 0), Jump(kEqual, IPPROTO_UDP, 1, 0), kRefuse, kAllow});
    On(__NR_socketpair,
       {LoadArgument(0), Jump(kEqual, AF_UNIX, 0, 5), LoadArgument(2), Jump(kEqual, 0, 0, 3),
        LoadArgument(1), Statement(BPF_ALU | BPF_AND | BPF_K, ~kOptions),
        Jump(kEqual, SOCK_STREAM, 1, 0), kRefuse, kAllow});
  }

  std::vector<sock_filter> code_;
};

Result<void> Refused(const char* what) {
  return Failure(ErrorCode::kUnavailable,
                 "the sandbox can't be closed: " + std::string(what) + ": " + std::strerror(errno));
}

/// The recorder's own is not for a worker that was taken over: lines of its own would stand there
/// as the recorder's, and where it is a socket, whoever shuts it down ends everybody's log.
bool LetGoOfStandardError() {
  const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  const bool done = nowhere >= 0 && ::dup2(nowhere, STDERR_FILENO) == STDERR_FILENO;
  if (nowhere >= 0) ::close(nowhere);
  return done;
}

/// Where memory runs out, the kernel ends a worker before the recorder. Best effort: a machine
/// without /proc has it choose as ever.
void BeEndedFirst() {
  constexpr std::string_view kSooner = "500";
  const int file = ::open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  if (file < 0) return;
  (void)!::write(file, kSooner.data(), kSooner.size());
  ::close(file);
}

bool Limit(__rlimit_resource what, rlim_t most) {
  const rlimit limit{most, most};
  return ::setrlimit(what, &limit) == 0;
}

}  // namespace

Result<void> EnterPullSandbox() {
  if (!Limit(RLIMIT_CORE, 0)) return Refused("core files");
  if (!Limit(RLIMIT_NOFILE, kDescriptorsMax)) return Refused("descriptors");
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return Refused("privileges");
  if (::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) return Refused("being looked into");
  if (kUnderSanitizer) return {};
  (void)::mallopt(M_ARENA_MAX, 2);  // else each thread reserves 64 MB of addresses
  if (!Limit(RLIMIT_AS, kMemoryBytesMax)) return Refused("memory");
  BeEndedFirst();
  if (!LetGoOfStandardError()) return Refused("standard error");
  if (!Filter::OfAll().Install()) return Refused("system calls");
  return {};
}

Result<void> MakeNoMoreConnections() {
  if (!kUnderSanitizer && !Filter::OfConnections().Install()) return Refused("connections");
  return {};
}

}  // namespace yagura::ingest
