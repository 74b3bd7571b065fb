#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

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

// A sanitizer needs system calls of its own, so that there is no filter under one.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
TEST(SandboxTest, WhoOpensConnectsStartsSignalsOrMakesCodeDies) {
  EXPECT_EQ(EndOf([] { (void)open("/etc/passwd", O_RDONLY); }), -SIGSYS);
  EXPECT_EQ(EndOf([] { (void)socket(AF_INET, SOCK_STREAM, 0); }), -SIGSYS);
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
