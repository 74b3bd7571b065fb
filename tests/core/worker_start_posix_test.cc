#include "core/worker_start_posix.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

namespace yagura {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

/// What the worker says until it ends.
std::string Said(const WorkerCommand& command) {
  const auto started = StartWorker(command);
  if (!started.has_value()) return ToString(started.error());
  std::string said;
  std::array<char, 1024> bytes{};
  for (ssize_t count = 0; (count = read(started->pipe, bytes.data(), bytes.size())) > 0;)
    said.append(bytes.data(), static_cast<std::size_t>(count));
  close(started->pipe);
  waitpid(started->pid, nullptr, 0);
  return said;
}

TEST(WorkerStartTest, AWorkerHasNothingOfOurEnvironmentButWhatTheLoaderReads) {
  setenv("YAGURA_TEST_SECRET", "hunter2", 1);
  setenv("LD_LIBRARY_PATH", "/opt/nowhere", 1);
  const std::string environment = Said({"/usr/bin/env", {}});
  unsetenv("LD_LIBRARY_PATH");
  unsetenv("YAGURA_TEST_SECRET");
  EXPECT_THAT(environment, AllOf(HasSubstr("LD_LIBRARY_PATH=/opt/nowhere"),
                                 Not(HasSubstr("hunter2")), Not(HasSubstr("PATH=/usr"))));
}

}  // namespace
}  // namespace yagura
