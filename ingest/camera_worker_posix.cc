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
  Kill();
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

std::optional<WorkerEnd> CameraWorker::Poll() {
  if (end_) return end_;
  int status = 0;
  const pid_t ended = ::waitpid(pid_, &status, WNOHANG);
  if (ended == pid_) end_ = EndOf(status);
  // The kernel took it away by itself, as it does where SIGCHLD is ignored.
  if (ended < 0 && errno == ECHILD) end_ = WorkerEnd{};
  return end_;
}

void CameraWorker::Kill() {
  if (!end_) ::kill(pid_, SIGKILL);
}

LeavingWorkers::~LeavingWorkers() {
  const auto until = std::chrono::steady_clock::now() + kLeaveWithin;
  while (!leaving_.empty() && std::chrono::steady_clock::now() < until) {
    std::erase_if(leaving_, [](Leaving& leaving) { return leaving.worker->Poll().has_value(); });
    if (!leaving_.empty()) std::this_thread::sleep_for(kLookEach);
  }
  for (const Leaving& leaving : leaving_) leaving.worker->Kill();
}

void LeavingWorkers::Add(std::unique_ptr<CameraWorker> worker, MonoTime now, OnSignal on_signal) {
  leaving_.push_back({std::move(worker), now, std::move(on_signal)});
}

void LeavingWorkers::Sweep(MonoTime now) {
  std::erase_if(leaving_, [now](Leaving& leaving) {
    if (const auto end = leaving.worker->Poll()) {
      if (end->signal != 0 && leaving.on_signal) leaving.on_signal(end->signal);
      return true;
    }
    if (now - leaving.since >= kLeaveWithin) leaving.worker->Kill();
    return false;
  });
}

}  // namespace yagura::ingest
