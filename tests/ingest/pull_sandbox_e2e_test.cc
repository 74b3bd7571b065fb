// What a pull worker that its camera has taken over can still do to others.
#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "ingest/pull/pull_sandbox.h"

namespace yagura::ingest {
namespace {

constexpr int kNoSandbox = 99;

/// How a process ends that does this inside the sandbox: by 0 where it gives true.
int EndOf(const std::function<bool()>& what) {
  const pid_t pid = ::fork();
  if (pid == 0) {
    if (!EnterPullSandbox().has_value()) ::_exit(kNoSandbox);
    ::_exit(what() ? 0 : 1);
  }
  int status = 0;
  ::waitpid(pid, &status, 0);
  return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

/// A socket of UDP that waits at 127.0.0.1 for what is sent to `address`.
int Listener(sockaddr_in& address) {
  address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = ::htonl(INADDR_LOOPBACK);
  const int fd = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  socklen_t size = sizeof address;
  (void)::bind(fd, reinterpret_cast<const sockaddr*>(&address), size);
  (void)::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
  return fd;
}

TEST(PullSandboxTest, ComputingMemoryAndThreadsGoOn) {
  EXPECT_EQ(EndOf([] {
              int sum = 0;
              std::thread thread([&sum] {
                const std::vector<int> memory(1 << 20, 1);
                for (const int one : memory) sum += one;
              });
              thread.join();
              return sum == 1 << 20;
            }),
            0);
}

TEST(PullSandboxTest, CamerasAreReachedOverTheInternetFamily) {
  sockaddr_in address{};
  const int listener = Listener(address);
  EXPECT_EQ(EndOf([&] {
              const int fd = ::socket(AF_INET, SOCK_DGRAM, 0);
              const auto* to = reinterpret_cast<const sockaddr*>(&address);
              return ::sendto(fd, "x", 1, 0, to, sizeof address) == 1;
            }),
            0);
  char byte = 0;
  EXPECT_EQ(::recv(listener, &byte, 1, MSG_DONTWAIT), 1);
  ::close(listener);
}

TEST(PullSandboxTest, OnceTheCameraPlaysThereAreNoMoreConnectionsOnAnyThread) {
  sockaddr_in address{};
  const int listener = Listener(address);
  EXPECT_EQ(EndOf([&] {
              const auto* to = reinterpret_cast<const sockaddr*>(&address);
              const int fd = ::socket(AF_INET, SOCK_DGRAM, 0);
              const int connected = ::socket(AF_INET, SOCK_DGRAM, 0);
              bool refused = ::connect(connected, to, sizeof address) == 0;
              std::atomic<bool> closed = false;
              std::thread other([&] {
                while (!closed) std::this_thread::yield();
                refused = refused && ::socket(AF_INET, SOCK_STREAM, 0) < 0 && errno == EPERM &&
                          ::connect(fd, to, sizeof address) < 0 && errno == EPERM &&
                          ::bind(fd, to, sizeof address) < 0 && errno == EPERM;
              });
              const bool done = MakeNoMoreConnections().has_value();
              closed = true;
              other.join();
              return done && refused && ::send(connected, "x", 1, 0) == 1;
            }),
            0);
  char byte = 0;
  EXPECT_EQ(::recv(listener, &byte, 1, MSG_DONTWAIT), 1) << "what there is goes on";
  ::close(listener);
}

TEST(PullSandboxTest, SocketsOfTheInternetAndPairsCanBeHad) {
  EXPECT_EQ(EndOf([] {
              std::array<int, 2> pair{};
              for (const int family : {AF_INET, AF_INET6}) {
                if (::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0) < 0) return false;
                if (::socket(family, SOCK_DGRAM | SOCK_NONBLOCK, IPPROTO_UDP) < 0) return false;
              }
              return ::socketpair(AF_UNIX, SOCK_STREAM, 0, pair.data()) == 0 &&
                     ::fcntl(pair[0], F_SETFL, O_NONBLOCK) == 0 && ::fcntl(pair[0], F_GETFD) >= 0;
            }),
            0);
}

TEST(PullSandboxTest, DescriptorsHaveAnEnd) {
  EXPECT_EQ(EndOf([] {
              int more = 0;
              while (::dup(STDERR_FILENO) >= 0) ++more;
              return errno == EMFILE && more < 128;
            }),
            0);
}

// A sanitizer needs system calls and addresses of its own, so that there is no filter under one.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)

/// The call fails, for want of permission.
bool Refused(long result) { return result == -1 && errno == EPERM; }

TEST(PullSandboxTest, MemoryHasAnEnd) {
  constexpr std::size_t kTwoGib = std::size_t{2} << 30;
  EXPECT_EQ(EndOf([] {
              return ::mmap(nullptr, kTwoGib, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) ==
                         MAP_FAILED &&
                     errno == ENOMEM;
            }),
            0);
}

TEST(PullSandboxTest, NothingElseIsOpenedOrReached) {
  EXPECT_EQ(EndOf([] { return Refused(::open("/etc/passwd", O_RDONLY)); }), 0);
  EXPECT_EQ(EndOf([] { return Refused(::open("/tmp/yagura", O_WRONLY | O_CREAT, 0600)); }), 0);
  EXPECT_EQ(EndOf([] { return Refused(::unlink("/tmp/yagura")); }), 0);
  EXPECT_EQ(EndOf([] { return Refused(::socket(AF_UNIX, SOCK_STREAM, 0)); }), 0);
  EXPECT_EQ(EndOf([] { return Refused(::socket(AF_NETLINK, SOCK_RAW, 0)); }), 0);
  EXPECT_EQ(EndOf([] { return Refused(::socket(AF_PACKET, SOCK_RAW, 0)); }), 0);
  EXPECT_EQ(EndOf([] { return Refused(::socket(AF_INET, SOCK_RAW, IPPROTO_ICMP)); }), 0);
  EXPECT_EQ(EndOf([] { return Refused(::socket(AF_INET, SOCK_STREAM, IPPROTO_SCTP)); }), 0);
  std::array<int, 2> pair{};
  EXPECT_EQ(EndOf([&] { return Refused(::socketpair(AF_UNIX, SOCK_DGRAM, 0, pair.data())); }), 0);
  const auto make_pair = [&](int family, int protocol) {
    return EndOf([&] { return Refused(::socketpair(family, SOCK_STREAM, protocol, pair.data())); });
  };
  EXPECT_EQ(make_pair(AF_TIPC, 0), 0) << "the kernel would load it";
  EXPECT_EQ(make_pair(AF_INET, IPPROTO_SCTP), 0) << "and this";
  EXPECT_EQ(make_pair(AF_UNIX, IPPROTO_SCTP), 0);
  EXPECT_EQ(EndOf([] { return Refused(::listen(STDERR_FILENO, 1)); }), 0);
}

TEST(PullSandboxTest, NoProcessIsStartedSignalledOrLookedInto) {
  const pid_t test = ::getpid();
  EXPECT_EQ(EndOf([] { return Refused(::fork()); }), 0);
  EXPECT_EQ(EndOf([] { return Refused(::execl("/bin/true", "true", nullptr)); }), 0);
  EXPECT_EQ(EndOf([=] { return Refused(::kill(test, 0)); }), 0);
  EXPECT_EQ(EndOf([=] { return Refused(::syscall(SYS_tgkill, test, test, 0)); }), 0);
  EXPECT_EQ(EndOf([=] {
              return Refused(::syscall(SYS_process_vm_readv, test, nullptr, 0, nullptr, 0, 0));
            }),
            0);
  const rlimit limit{RLIM_INFINITY, RLIM_INFINITY};
  EXPECT_EQ(EndOf([&] { return Refused(::setrlimit(RLIMIT_NOFILE, &limit)); }), 0);
}

TEST(PullSandboxTest, NobodyIsSignalledByTheKernelEither) {
  const pid_t test = ::getpid();
  EXPECT_EQ(EndOf([=] { return Refused(::fcntl(STDIN_FILENO, F_SETOWN, test)); }), 0);
  EXPECT_EQ(EndOf([] { return Refused(::fcntl(STDIN_FILENO, F_SETSIG, SIGSEGV)); }), 0);
}

TEST(PullSandboxTest, TheKernelEndsItBeforeTheRecorder) {
  std::array<int, 2> pair{};
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, pair.data()), 0);
  const pid_t pid = ::fork();
  if (pid == 0) {
    char byte = EnterPullSandbox().has_value() ? 'y' : 'n';
    (void)!::write(pair[1], &byte, 1);
    (void)!::read(pair[1], &byte, 1);
    ::_exit(0);
  }
  char entered = 0;
  EXPECT_EQ(::read(pair[0], &entered, 1), 1);
  int score = 0;
  std::ifstream("/proc/" + std::to_string(pid) + "/oom_score_adj") >> score;
  EXPECT_EQ(score, 500);
  EXPECT_EQ(::write(pair[0], "", 1), 1);
  EXPECT_EQ(::waitpid(pid, nullptr, 0), pid);
  for (const int end : pair) ::close(end);
}

TEST(PullSandboxTest, TheRecordersLogIsOutOfReach) {
  std::array<int, 2> log{};
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, log.data()), 0);
  const int before = ::dup(STDERR_FILENO);
  ASSERT_EQ(::dup2(log[1], STDERR_FILENO), STDERR_FILENO);
  const int end = EndOf([] { return ::write(STDERR_FILENO, "alarm", 5) == 5; });
  ASSERT_EQ(::dup2(before, STDERR_FILENO), STDERR_FILENO);
  EXPECT_EQ(end, 0);
  char said = 0;
  EXPECT_EQ(::recv(log[0], &said, 1, 0), -1) << "nothing came";
  for (const int descriptor : {before, log[0], log[1]}) ::close(descriptor);
}

TEST(PullSandboxTest, NoMemoryIsMadeExecutable) {
  EXPECT_EQ(EndOf([] {
              return ::mmap(nullptr, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1,
                            0) == MAP_FAILED &&
                     errno == EPERM;
            }),
            0);
  EXPECT_EQ(EndOf([] {
              void* page =
                  ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
              return page != MAP_FAILED && Refused(::mprotect(page, 4096, PROT_READ | PROT_EXEC));
            }),
            0);
}

TEST(PullSandboxTest, AnAbortStillEndsIt) {
  EXPECT_EQ(EndOf([]() -> bool { std::abort(); }), -SIGABRT);
}
#endif

}  // namespace
}  // namespace yagura::ingest
