// The real `yagura pull-worker` while it starts.
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <thread>

#include "core/worker_start_posix.h"
#include "ingest/camera_worker_posix.h"

namespace yagura::ingest {
namespace {

using namespace std::chrono_literals;

/// Bounded; how it ended.
std::optional<WorkerEnd> AwaitEnd(CameraWorker& worker) {
  for (int i = 0; i < 3'000 && !worker.Poll(); ++i) std::this_thread::sleep_for(10ms);
  return worker.Poll();
}

/// GStreamer has a handler of its own while it loads plug-ins, which makes a crash an exit: the
/// recorder wouldn't count it, and the camera wouldn't be parked.
TEST(PullWorkerStartTest, ACrashIsTheSignalsAtAnyMomentOfTheStart) {
  for (auto age = 0ms; age <= 160ms; age += 4ms) {
    const auto started = StartWorker({YAGURA_PROGRAM, {"pull-worker"}});
    ASSERT_TRUE(started.has_value()) << started.error().message();
    CameraWorker worker(started->pid);
    std::this_thread::sleep_for(age);
    ::kill(started->pid, SIGSEGV);
    const auto end = AwaitEnd(worker);
    ::close(started->pipe);
    ASSERT_TRUE(end);
    EXPECT_EQ(end->signal, SIGSEGV) << age.count() << " ms after its start";
  }
}

}  // namespace
}  // namespace yagura::ingest
