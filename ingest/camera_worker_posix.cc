#include "ingest/camera_worker_posix.h"

#include <signal.h>
#include <sys/wait.h>

#include <cerrno>
#include <thread>
#include <utility>

namespace yagura::ingest {
namespace {

constexpr std::chrono::milliseconds kLookEach{5};

WorkerEnd EndOf(int status) { return {WIFSIGNALED(status) ? WTERMSIG(status) : 0}; }

}  // namespace

CameraWorker::~CameraWorker() {
  if (Poll()) return;
  ::kill(pid_, SIGKILL);
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

std::optional<WorkerEnd> CameraWorker::Poll() {
  int status = 0;
  if (!end_ && ::waitpid(pid_, &status, WNOHANG) == pid_) end_ = EndOf(status);
  return end_;
}

LeavingWorkers::~LeavingWorkers() {
  const auto until = std::chrono::steady_clock::now() + kLeaveWithin;
  while (!leaving_.empty() && std::chrono::steady_clock::now() < until) {
    std::erase_if(leaving_, [](Leaving& leaving) { return leaving.worker->Poll().has_value(); });
    if (!leaving_.empty()) std::this_thread::sleep_for(kLookEach);
  }
}

void LeavingWorkers::Add(std::unique_ptr<CameraWorker> worker, MonoTime now) {
  leaving_.push_back({std::move(worker), now});
}

void LeavingWorkers::Sweep(MonoTime now) {
  std::erase_if(leaving_, [now](Leaving& leaving) {
    return leaving.worker->Poll().has_value() || now - leaving.since >= kLeaveWithin;
  });
}

}  // namespace yagura::ingest
