#include "storage/recorder.h"

#include <utility>

#include "core/log.h"

namespace yagura::storage {
namespace {

/// Between rounds of syncs. With a fragment's length before and a round's own length behind it, a
/// power cut costs less than 3 s.
constexpr std::chrono::milliseconds kSyncEvery{1250};
constexpr std::chrono::milliseconds kWriterIdle{200};
constexpr std::chrono::milliseconds kEndPatience{5000};
constexpr std::chrono::milliseconds kEndPoll{2};

}  // namespace

Recorder::Recorder(Options options, Files& files, const Clock& clock,
                   const OfficeCalendar& calendar)
    : core_(std::move(options), files, clock, calendar) {}

Recorder::~Recorder() { Stop(); }

Result<void> Recorder::Start() {
  RETURN_IF_ERROR(core_.Open());
  for (VolumeWriter* volume : core_.volumes()) Work(*volume);
  threads_.emplace_back([this] {
    for (; !stopping_; Wait(RecorderCore::kTimeKeeping)) core_.KeepTime();
  });
  threads_.emplace_back([this] { core_.FinishRecovery(stopping_); });
  return {};
}

/// Two threads.
void Recorder::Work(VolumeWriter& volume) {
  threads_.emplace_back([this, &volume] {
    while (!stopping_) {
      volume.WaitForWork(kWriterIdle);
      volume.ProcessQueue();
    }
  });
  threads_.emplace_back([this, &volume] {
    for (; !stopping_; Wait(kSyncEvery)) volume.SyncRound();
  });
}

void Recorder::SetVolumes(const std::vector<VolumeOptions>& volumes) {
  for (VolumeWriter* volume : core_.SetVolumes(volumes)) Work(*volume);
}

void Recorder::Wait(std::chrono::milliseconds time) {
  std::unique_lock lock(stop_mutex_);
  stop_changed_.wait_for(lock, time, [this] { return stopping_.load(); });
}

std::shared_ptr<AccessUnitSink> Recorder::Attach(CameraId camera, Stream stream,
                                                 std::vector<OwnerSpan> owners,
                                                 std::optional<WallTime> due_from) {
  return core_.Attach(camera, stream, std::move(owners), due_from);
}

void Recorder::SetOwners(CameraId camera, const std::vector<OwnerSpan>& owners) {
  core_.SetOwners(camera, owners);
}

void Recorder::Detach(CameraStream of, WallTime at) {
  core_.BeginDetach(of, at);
  const auto patience = std::chrono::steady_clock::now() + kEndPatience;
  while (!core_.FinishDetach(of, at)) {
    if (std::chrono::steady_clock::now() > patience) {
      // Its volume hangs. The stream ends when that goes on; attached again before, it keeps its
      // sink, which drops all.
      log::Error("a stream's end waits for its volume",
                 {{"camera", ToString(of.camera)}, {"stream", ToString(of.stream)}});
      return;
    }
    std::this_thread::sleep_for(kEndPoll);
  }
}

void Recorder::Stop() {
  if (!core_.is_open() || stopping_.exchange(true)) return;
  core_.EndAll();
  { const std::scoped_lock lock(stop_mutex_); }
  stop_changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
  // What waits for its volume to be left comes with the second round; a file that fails at the
  // closing has its fragments moved to another one, or to another volume, which is closed by the
  // last.
  for (int i = 0; i < 4; ++i) {
    for (VolumeWriter* writer : core_.volumes()) {
      writer->ProcessQueue();
      writer->SyncRound();
    }
  }
}

}  // namespace yagura::storage
