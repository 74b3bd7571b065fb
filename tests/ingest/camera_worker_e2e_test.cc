#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <thread>
#include <vector>

#include "ingest/camera_worker_posix.h"

namespace yagura::ingest {
namespace {

using namespace std::chrono_literals;

/// One that does nothing until it is killed.
pid_t StartIdler() {
  const pid_t pid = fork();
  while (pid == 0) pause();
  return pid;
}

/// Bounded; how it ended.
std::optional<WorkerEnd> AwaitEnd(CameraWorker& worker) {
  for (int i = 0; i < 3'000 && !worker.Poll(); ++i) std::this_thread::sleep_for(10ms);
  return worker.Poll();
}

TEST(CameraWorkerTest, TellsByWhatItEnded) {
  const pid_t pid = StartIdler();
  CameraWorker worker(pid);
  EXPECT_FALSE(worker.Poll());
  kill(pid, SIGSEGV);
  ASSERT_TRUE(AwaitEnd(worker));
  EXPECT_EQ(worker.Poll()->signal, SIGSEGV);
}

TEST(CameraWorkerTest, OneThatSomebodyElseWaitedForHasEnded) {
  const pid_t pid = StartIdler();
  CameraWorker worker(pid);
  kill(pid, SIGKILL);
  ASSERT_EQ(waitpid(pid, nullptr, 0), pid);
  ASSERT_TRUE(worker.Poll());
  EXPECT_EQ(worker.Poll()->signal, 0);
}

TEST(LeavingWorkersTest, OneThatDoesntLeaveIsKilledAndNotWaitedFor) {
  LeavingWorkers leaving;
  const MonoTime begun(1'000s);
  leaving.Add(std::make_unique<CameraWorker>(StartIdler()), begun);
  leaving.Sweep(begun + LeavingWorkers::kLeaveWithin - 1ms);
  EXPECT_FALSE(leaving.empty());
  for (int i = 0; i < 3'000 && !leaving.empty(); ++i) {
    leaving.Sweep(begun + LeavingWorkers::kLeaveWithin);
    std::this_thread::sleep_for(10ms);
  }
  EXPECT_TRUE(leaving.empty());
}

TEST(LeavingWorkersTest, OneThatCrashesLateIsToldOfWithItsSignalOnce) {
  LeavingWorkers leaving;
  const pid_t pid = StartIdler();
  std::vector<int> told;
  leaving.Add(std::make_unique<CameraWorker>(pid), MonoTime(1'000s),
              [&](int signal) { told.push_back(signal); });
  leaving.Sweep(MonoTime(1'001s));
  EXPECT_TRUE(told.empty());
  kill(pid, SIGSEGV);
  for (int i = 0; i < 3'000 && !leaving.empty(); ++i) {
    leaving.Sweep(MonoTime(1'001s));
    std::this_thread::sleep_for(10ms);
  }
  leaving.Sweep(MonoTime(1'001s));
  EXPECT_EQ(told, std::vector{SIGSEGV});
}

}  // namespace
}  // namespace yagura::ingest
