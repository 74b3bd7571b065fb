// What a pull worker that its camera has taken over can still do to others.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <fstream>
#include <functional>
#include <string>
#include <thread>

#include "ingest/pull/pull_sandbox.h"

namespace yagura::ingest {
namespace {

/// The number that a process ends with that asks for this inside the sandbox.
int EndOf(const std::function<int()>& what) {
  const pid_t pid = fork();
  if (pid == 0) _exit(EnterPullSandbox().has_value() ? what() : 99);
  int status = 0;
  waitpid(pid, &status, 0);
  return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

TEST(PullSandboxTest, ThreadsPairsAndSocketsOfTheInternetCanBeHad) {
  EXPECT_EQ(EndOf([] {
              std::array<int, 2> pair{};
              std::thread([] {}).join();
              for (const int family : {AF_INET, AF_INET6}) {
                if (socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0) < 0) return 1;
                if (socket(family, SOCK_DGRAM | SOCK_NONBLOCK, IPPROTO_UDP) < 0) return 2;
              }
              if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair.data()) != 0) return 3;
              if (fcntl(pair[0], F_SETFL, O_NONBLOCK) != 0) return 4;
              return fcntl(pair[0], F_GETFD) < 0 ? 5 : 0;
            }),
            0);
}

// A sanitizer needs system calls of its own, so that there is no filter under one.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
/// 0: it was refused.
int Refused(long result) { return result < 0 && errno == EPERM ? 0 : 1; }

TEST(PullSandboxTest, NoFileAndNoProgramIsOpenedAndNoProcessStarted) {
  EXPECT_EQ(EndOf([] { return Refused(open("/etc/passwd", O_RDONLY)); }), 0);
  EXPECT_EQ(EndOf([] { return Refused(execl("/bin/true", "true", nullptr)); }), 0);
  EXPECT_EQ(EndOf([] { return Refused(fork()); }), 0);
}

TEST(PullSandboxTest, NobodyIsSignalledNorByTheKernel) {
  EXPECT_EQ(EndOf([] { return Refused(kill(getppid(), SIGTERM)); }), 0);
  EXPECT_EQ(EndOf([] { return Refused(fcntl(STDIN_FILENO, F_SETOWN, getppid())); }), 0);
  EXPECT_EQ(EndOf([] { return Refused(fcntl(STDIN_FILENO, F_SETSIG, SIGSEGV)); }), 0);
}

TEST(PullSandboxTest, NoOtherSocketsCanBeHad) {
  std::array<int, 2> pair{};
  EXPECT_EQ(EndOf([] { return Refused(socket(AF_UNIX, SOCK_STREAM, 0)); }), 0);
  EXPECT_EQ(EndOf([] { return Refused(socket(AF_NETLINK, SOCK_RAW, 0)); }), 0);
  EXPECT_EQ(EndOf([] { return Refused(socket(AF_INET, SOCK_RAW, IPPROTO_ICMP)); }), 0);
  EXPECT_EQ(EndOf([] { return Refused(socket(AF_INET, SOCK_STREAM, IPPROTO_SCTP)); }), 0);
  EXPECT_EQ(EndOf([&] { return Refused(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair.data())); }), 0);
}

TEST(PullSandboxTest, TheKernelEndsItBeforeTheRecorder) {
  std::array<int, 2> pair{};
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, pair.data()), 0);
  const pid_t pid = fork();
  if (pid == 0) {
    char byte = EnterPullSandbox().has_value() ? 'y' : 'n';
    (void)!write(pair[1], &byte, 1);
    (void)!read(pair[1], &byte, 1);
    _exit(0);
  }
  char entered = 0;
  EXPECT_EQ(read(pair[0], &entered, 1), 1);
  int score = 0;
  std::ifstream("/proc/" + std::to_string(pid) + "/oom_score_adj") >> score;
  EXPECT_EQ(score, 500);
  EXPECT_EQ(write(pair[0], "", 1), 1);
  EXPECT_EQ(waitpid(pid, nullptr, 0), pid);
  for (const int end : pair) close(end);
}

TEST(PullSandboxTest, TheRecordersLogIsOutOfReach) {
  std::array<int, 2> log{};
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, log.data()), 0);
  const int before = dup(STDERR_FILENO);
  ASSERT_EQ(dup2(log[1], STDERR_FILENO), STDERR_FILENO);
  const int end = EndOf([] { return write(STDERR_FILENO, "alarm", 5) == 5 ? 0 : 1; });
  ASSERT_EQ(dup2(before, STDERR_FILENO), STDERR_FILENO);
  EXPECT_EQ(end, 0);
  char said = 0;
  EXPECT_EQ(recv(log[0], &said, 1, 0), -1) << "nothing came";
  for (const int descriptor : {before, log[0], log[1]}) close(descriptor);
}
#endif

}  // namespace
}  // namespace yagura::ingest
