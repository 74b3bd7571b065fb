#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <functional>
#include <vector>

#include "pictures/sandbox.h"

namespace yagura::pictures {
namespace {

/// How a process ends that does this inside the sandbox.
int EndOf(const std::function<void()>& what) {
  const pid_t pid = fork();
  if (pid == 0) {
    if (!EnterSandbox().has_value()) _exit(99);
    what();
    _exit(0);
  }
  int status = 0;
  waitpid(pid, &status, 0);
  return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

TEST(SandboxTest, ComputingAndMemoryGoOn) {
  EXPECT_EQ(EndOf([] {
              std::vector<int> memory(1 << 20, 1);
              if (memory.back() != 1) _exit(1);
            }),
            0);
}

TEST(SandboxTest, NothingIsLeftOpenButTheStandardThree) {
  const int file = open("/dev/null", O_RDONLY);
  ASSERT_GT(file, 2);
  char byte = 0;
  EXPECT_EQ(EndOf([&] { _exit(read(file, &byte, 1) < 0 ? 0 : 1); }), 0);
  close(file);
}

TEST(SandboxTest, WhoStartedItComesFirst) {
  int pair[2];
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
  ASSERT_EQ(dup2(pair[1], STDIN_FILENO), STDIN_FILENO);
  const pid_t pid = fork();
  if (pid == 0) {
    char byte = EnterSandbox().has_value() ? 'y' : 'n';
    (void)!write(STDIN_FILENO, &byte, 1);
    (void)!read(STDIN_FILENO, &byte, 1);
    _exit(0);
  }
  char entered = 0;
  EXPECT_EQ(read(pair[0], &entered, 1), 1);
  EXPECT_EQ(entered, 'y');
  EXPECT_EQ(getpriority(PRIO_PROCESS, static_cast<id_t>(pid)),
            std::min(getpriority(PRIO_PROCESS, 0) + 10, 19));
  EXPECT_EQ(write(pair[0], "", 1), 1);
  EXPECT_EQ(waitpid(pid, nullptr, 0), pid);
  for (const int end : pair) close(end);
}

// A sanitizer needs system calls of its own, so that there is no filter under one.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
TEST(SandboxTest, NothingIsSaidIntoTheLogOfWhoStartedIt) {
  int log[2];
  ASSERT_EQ(pipe(log), 0);
  const int before = dup(STDERR_FILENO);
  ASSERT_EQ(dup2(log[1], STDERR_FILENO), STDERR_FILENO);
  close(log[1]);
  const int end = EndOf([] { _exit(write(STDERR_FILENO, "false", 5) == 5 ? 0 : 1); });
  ASSERT_EQ(dup2(before, STDERR_FILENO), STDERR_FILENO);
  close(before);
  EXPECT_EQ(end, 0);
  char byte = 0;
  EXPECT_EQ(read(log[0], &byte, 1), 0);
  close(log[0]);
}

TEST(SandboxTest, WhoOpensConnectsStartsSignalsOrMakesCodeDies) {
  EXPECT_EQ(EndOf([] { (void)open("/etc/passwd", O_RDONLY); }), -SIGSYS);
  EXPECT_EQ(EndOf([] { (void)socket(AF_INET, SOCK_STREAM, 0); }), -SIGSYS);
  EXPECT_EQ(EndOf([] {
              int pair[2];
              (void)socketpair(AF_TIPC, SOCK_STREAM, 0, pair);
            }),
            -SIGSYS);
  EXPECT_EQ(EndOf([] { (void)fork(); }), -SIGSYS);
  EXPECT_EQ(EndOf([] { (void)execl("/bin/true", "true", nullptr); }), -SIGSYS);
  EXPECT_EQ(EndOf([] { (void)kill(getppid(), SIGTERM); }), -SIGSYS);
  EXPECT_EQ(EndOf([] {
              (void)mmap(nullptr, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
            }),
            -SIGSYS);
}
#endif

}  // namespace
}  // namespace yagura::pictures
