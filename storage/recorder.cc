#include "storage/recorder.h"

#include <algorithm>

#include "core/check.h"
#include "core/log.h"

namespace yagura::storage {
namespace {

constexpr std::chrono::milliseconds kSyncEvery{1000};
constexpr std::chrono::milliseconds kTick{250};
/// How often frames that wait for more are looked at, in ticks, and how often the journal says that
/// we live.
constexpr int kTicksPerFlush = 2;
constexpr int kTicksPerAlive = 8;
constexpr std::chrono::milliseconds kWriterIdle{200};
constexpr std::chrono::milliseconds kEndPatience{5000};
constexpr std::chrono::milliseconds kEndPoll{2};

}  // namespace

Recorder::Recorder(Options options, Files& files, const Clock& clock,
                   const OfficeCalendar& calendar)
    : options_(std::move(options)), files_(files), clock_(clock), calendar_(calendar) {}

Recorder::~Recorder() { Stop(); }

Result<void> Recorder::Start() {
  CHECK(journal_ == nullptr);
  ASSIGN_OR_RETURN(journal_, Journal::Open(files_, {.folder = options_.state_folder + "/journal"}));
  RETURN_IF_ERROR(OpenVolumes());
  RecoverStreams();
  RETURN_IF_ERROR(journal_->Sync());
  StartThreads();
  return {};
}

Result<void> Recorder::OpenVolumes() {
  for (const VolumeOptions& options : options_.volumes) {
    auto volume = Volume::Open(files_, options);
    if (!volume.has_value()) {
      log::Error("a volume is left out", {{"root", options.root}, {"why", volume.error()}});
      continue;
    }
    volumes_.push_back(
        std::make_unique<VolumeWriter>(files_, *std::move(volume), clock_, calendar_, *journal_));
  }
  if (volumes_.empty()) return Failure(ErrorCode::kFailedPrecondition, "no volume to record on");
  return {};
}

/// What must be known before anything is recorded; the rest is left to FinishRecovery.
void Recorder::RecoverStreams() {
  std::vector<const Volume*> volumes;
  for (const auto& writer : volumes_) volumes.push_back(&writer->volume());
  auto recoveries = SalvageStreams(files_, volumes, calendar_, journal_->state(), clock_.Now());
  for (StreamRecovery& recovery : recoveries) {
    journal_->Append(recovery.records);
    std::move(recovery.clips.begin(), recovery.clips.end(), std::back_inserter(to_finish_));
  }
  recovering_ = !to_finish_.empty();
}

void Recorder::FinishRecovery() {
  for (const SalvagedClip& clip : to_finish_) {
    if (stopping_) return;  // it stays open in the journal for the next start
    auto records = FinishRecords(files_, clip);
    if (records.has_value()) {
      journal_->Append(*records);
    } else {
      log::Error("a recovered clip can't be closed; the next start tries again",
                 {{"clip", ToString(clip.opened.clip)}, {"why", records.error()}});
    }
  }
  to_finish_.clear();
  recovering_ = false;
}

void Recorder::Wait(std::chrono::milliseconds time) {
  std::unique_lock lock(stop_mutex_);
  stop_changed_.wait_for(lock, time, [this] { return stopping_.load(); });
}

void Recorder::StartThreads() {
  for (const auto& writer : volumes_) {
    VolumeWriter* volume = writer.get();
    threads_.emplace_back([this, volume] {
      while (!stopping_) {
        volume->WaitForWork(kWriterIdle);
        volume->ProcessQueue();
      }
    });
    threads_.emplace_back([this, volume] {
      for (; !stopping_; Wait(kSyncEvery)) volume->SyncRound();
    });
  }
  threads_.emplace_back([this] {
    for (; !stopping_; Wait(kTick)) KeepTime();
  });
  if (recovering_) threads_.emplace_back([this] { FinishRecovery(); });
}

/// What happens because time passes: frames that wait in vain go on, gaps are split at changes of
/// owner and day.
void Recorder::KeepTime() {
  const WallTime now = clock_.Now();
  const int tick = tick_++;
  for (const auto& stream : Streams()) {
    if (tick % kTicksPerFlush == 0) stream->FlushStale();
    stream->account()->Update(
        *journal_, [now](CoverageLedger& ledger, auto& records) { ledger.Advance(now, records); });
  }
  if (tick % kTicksPerAlive == 0) {
    const std::vector<JournalRecord> alive{Alive{now}};
    journal_->Append(alive);
  }
}

std::shared_ptr<AccessUnitSink> Recorder::Attach(CameraId camera, Stream stream,
                                                 std::vector<OwnerSpan> owners,
                                                 std::optional<WallTime> due_from) {
  OwnerSchedule schedule(std::move(owners), calendar_);
  const Key key{camera, stream};
  {
    const std::scoped_lock lock(mutex_);
    const auto known = streams_.find(key);
    if (known != streams_.end()) return known->second;
  }
  auto account = std::make_shared<StreamAccount>(camera, stream, schedule);
  const auto gap = OpenGapOf(key);
  WallTime recorded_until{};
  account->Update(*journal_, [&](CoverageLedger& ledger, auto& records) {
    if (gap) {
      ledger.Resume(*gap, records);
      recorded_until = gap->from;
    } else {
      ledger.Begin(GapReason::kRecorderRestart, due_from.value_or(clock_.Now()), records);
    }
  });
  std::vector<VolumeWriter*> volumes;
  for (const auto& writer : volumes_) volumes.push_back(writer.get());
  StreamCutter cutter({.camera = camera,
                       .stream = stream,
                       .new_run_id = [] { return NewId<RunId>(); },
                       .clock_state = options_.clock_state},
                      std::move(schedule), recorded_until);
  const std::scoped_lock lock(mutex_);
  const std::size_t home = next_home_++ % volumes.size();
  auto recorder = std::make_shared<StreamRecorder>(std::move(account), std::move(cutter),
                                                   std::move(volumes), home);
  streams_.emplace(key, recorder);
  return recorder;
}

void Recorder::SetOwners(CameraId camera, const std::vector<OwnerSpan>& owners) {
  const OwnerSchedule schedule(owners, calendar_);
  for (const auto& stream : Streams()) {
    if (stream->account()->camera() != camera) continue;
    stream->SetOwners(schedule);
    stream->account()->Update(*journal_, [&](CoverageLedger& ledger, auto& records) {
      ledger.SetOwners(schedule, records);
    });
  }
}

void Recorder::Detach(CameraId camera, WallTime at) {
  for (const auto& stream : Streams()) {
    if (stream->account()->camera() != camera) continue;
    stream->End({.at = at, .gap = std::nullopt});
    // The journal says that the stream is over before it may be attached again.
    const MonoTime patience = clock_.Monotonic() + kEndPatience;
    while (!stream->account()->ended && clock_.Monotonic() < patience) {
      std::this_thread::sleep_for(kEndPoll);
    }
    const std::scoped_lock lock(mutex_);
    streams_.erase({camera, stream->account()->stream()});
  }
  std::vector<JournalRecord> records;
  const JournalState state = journal_->state();
  for (const GapOpened& gap : state.gaps()) {
    if (gap.camera != camera) continue;
    records.emplace_back(GapEnded{.gap = gap.gap, .to = std::max(at, gap.from)});
  }
  journal_->Append(records);
}

std::vector<CameraId> Recorder::Unattached() const {
  std::vector<CameraId> cameras;
  const std::vector<GapOpened> gaps = journal_->state().gaps();
  const std::scoped_lock lock(mutex_);
  for (const GapOpened& gap : gaps) {
    const bool seen = std::find(cameras.begin(), cameras.end(), gap.camera) != cameras.end();
    if (!seen && !streams_.contains({gap.camera, gap.stream})) cameras.push_back(gap.camera);
  }
  return cameras;
}

std::optional<GapOpened> Recorder::OpenGapOf(const Key& key) const {
  const JournalState state = journal_->state();
  for (const GapOpened& gap : state.gaps()) {
    if (gap.camera == key.camera && gap.stream == key.stream) return gap;
  }
  return std::nullopt;
}

std::vector<std::shared_ptr<StreamRecorder>> Recorder::Streams() const {
  const std::scoped_lock lock(mutex_);
  std::vector<std::shared_ptr<StreamRecorder>> streams;
  streams.reserve(streams_.size());
  for (const auto& [key, stream] : streams_) streams.push_back(stream);
  return streams;
}

void Recorder::Stop() {
  if (journal_ == nullptr || stopping_.exchange(true)) return;
  const EndOfStream end{.at = clock_.Now(), .gap = GapReason::kRecorderRestart};
  for (const auto& stream : Streams()) stream->End(end);
  { const std::scoped_lock lock(stop_mutex_); }
  stop_changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
  // Twice: a file that fails at the first closing has its fragments moved to another, which is
  // closed by the second.
  for (int i = 0; i < 2; ++i) {
    for (const auto& writer : volumes_) {
      writer->ProcessQueue();
      writer->SyncRound();
    }
  }
}

Recorder::Status Recorder::status() const {
  Status status;
  for (const auto& stream : Streams()) {
    ++status.streams;
    status.fragments_dropped += stream->account()->fragments_dropped;
  }
  for (const auto& writer : volumes_) {
    status.open_clips += writer->open_clips();
    status.held_bytes += writer->held_bytes();
    status.volumes_full += writer->volume().is_full() ? 1 : 0;
  }
  status.recovering = recovering_;
  return status;
}

}  // namespace yagura::storage
