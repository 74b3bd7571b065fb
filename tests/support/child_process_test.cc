#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

#include "tests/support/child_process_posix.h"

namespace yagura::testing {
namespace {

using std::chrono::milliseconds;
using ::testing::HasSubstr;

constexpr milliseconds kSoon{20'000};

ChildOptions Shell(const std::string& script, const std::filesystem::path& output = {}) {
  return {.arguments = {"/bin/sh", "-c", script},
          .environment = {},
          .output = output,
          .input = {},
          .user = {}};
}

TEST(ChildProcessTest, TellsHowAProgramEnded) {
  auto child = ChildProcess::Start(Shell("exit 3"));
  ASSERT_TRUE(child.has_value());
  EXPECT_EQ(child->Wait(kSoon).value(), (ExitStatus{.code = 3, .signal = 0}));
}

TEST(ChildProcessTest, TellsTheSignalThatEndedAProgram) {
  auto child = ChildProcess::Start(Shell("sleep 60"));
  ASSERT_TRUE(child.has_value());
  child->Signal(SIGTERM);
  EXPECT_EQ(child->Wait(kSoon).value(), (ExitStatus{.code = -1, .signal = SIGTERM}));
}

TEST(ChildProcessTest, GivesInputAndKeepsOutput) {
  const TemporaryFolder folder;
  ChildOptions options = Shell("cat", folder.path() / "output");
  options.input = "secret";
  ASSERT_TRUE(RunToEnd(options, kSoon).has_value());
  EXPECT_EQ(TailOf(folder.path() / "output"), "secret");
}

TEST(ChildProcessTest, ReportsTheOutputOfWhatFailed) {
  const TemporaryFolder folder;
  const auto done = RunToEnd(Shell("echo no disk; exit 1", folder.path() / "output"), kSoon);
  ASSERT_FALSE(done.has_value());
  EXPECT_THAT(done.error().message(), HasSubstr("no disk"));
}

TEST(ChildProcessTest, EndsWhatNobodyWaitedFor) {
  pid_t pid = 0;
  {
    auto child = ChildProcess::Start(Shell("sleep 60"));
    ASSERT_TRUE(child.has_value());
    pid = child->pid();
  }
  EXPECT_EQ(::kill(pid, 0), -1);
}

}  // namespace
}  // namespace yagura::testing
