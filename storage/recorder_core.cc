#include "storage/recorder_core.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "core/check.h"
#include "core/log.h"
#include "storage/orphans.h"

namespace yagura::storage {
namespace {

/// How often frames that wait for more are looked at, and how often the journal says that we live,
/// in calls of KeepTime.
constexpr int kTicksPerFlush = 2;
constexpr int kTicksPerAlive = 8;
/// How often streams that a volume has too many of are sent elsewhere, likewise.
constexpr int kTicksPerBalance = 20;
/// An open gap is split this long after the change that splits it: a run that began before the
/// change may still be on its way.
constexpr std::chrono::seconds kSplitLag{15};
/// A sign of life is at most this old when the machine goes down, and the journal's last sync older
/// by no more.
constexpr std::chrono::seconds kLastMoments{30};

}  // namespace

RecorderCore::RecorderCore(RecorderOptions options, Files& files, const Clock& clock,
                           const OfficeCalendar& calendar)
    : options_(std::move(options)),
      files_(files),
      clock_(clock),
      calendar_(calendar),
      unswept_(files, options_.state_folder + "/unswept") {}

Result<void> RecorderCore::Open() {
  CHECK(journal_ == nullptr);
  ASSIGN_OR_RETURN(journal_, Journal::Open(files_, {.folder = options_.state_folder + "/journal"}));
  for (const VolumeOptions& options : options_.volumes) AddVolume(options);
  if (volumes_.empty()) return Failure(ErrorCode::kFailedPrecondition, "no volume to record on");
  RecoverStreams();
  const std::vector<JournalRecord> alive{Alive{clock_.Now()}};
  journal_->Append(alive);
  return journal_->Sync();
}

/// Null where it can't be used: it is left out.
VolumeWriter* RecorderCore::AddVolume(const VolumeOptions& options) {
  auto volume = Volume::Open(files_, options);
  if (!volume.has_value()) {
    log::Error("a volume is left out", {{"root", options.root}, {"why", volume.error()}});
    return nullptr;
  }
  auto writer = std::make_unique<VolumeWriter>(files_, *std::move(volume), clock_, calendar_,
                                               *journal_, volumes_);
  VolumeWriter* const added = writer.get();
  volumes_.Add(std::move(writer), options.weight);
  return added;
}

std::vector<VolumeWriter*> RecorderCore::SetVolumes(const std::vector<VolumeOptions>& volumes) {
  const std::vector<VolumeWriter*> before = volumes_.all();
  std::vector<VolumeWriter*> added;
  for (const VolumeOptions& options : volumes) {
    const bool known = std::ranges::any_of(
        before, [&](const auto* one) { return one->volume().root() == options.root; });
    if (known) continue;
    if (VolumeWriter* const volume = AddVolume(options)) added.push_back(volume);
  }
  for (const VolumeWriter* volume : before) {
    const auto wanted = std::ranges::find(volumes, volume->volume().root(), &VolumeOptions::root);
    volumes_.SetWeight(*volume, wanted == volumes.end() ? 0 : wanted->weight);
  }
  return added;
}

/// What must be known before anything is recorded; the rest is left to FinishRecovery.
void RecorderCore::RecoverStreams() {
  const JournalState state = journal_->state();
  const WallTime now = clock_.Now();
  is_new_ = !state.last_alive();
  if (state.last_alive()) {
    journal_->KeepSegments();
    last_moments_ = {unswept_.Begin(*state.last_alive() - kLastMoments), now};
  }
  if (state.last_alive() && *state.last_alive() >= now + ClockWatch::kLeast) {
    set_back_before_start_ = ClockStepped{NewId<ClockStepId>(), *state.last_alive(), now};
    journal_->Append(std::vector<JournalRecord>{*set_back_before_start_});
  }
  auto recoveries = SalvageStreams(files_, Volumes(), calendar_, state, now);
  for (StreamRecovery& recovery : recoveries) {
    journal_->Append(recovery.records);
    std::move(recovery.clips.begin(), recovery.clips.end(), std::back_inserter(to_finish_));
  }
  recovering_ = true;
}

void RecorderCore::FinishRecovery(const std::atomic<bool>& stop) {
  for (const SalvagedClip& clip : to_finish_) {
    if (stop) return;  // it stays open in the journal for the next start
    auto records = FinishRecords(files_, clip);
    if (records.has_value()) {
      journal_->Append(*records);
    } else {
      log::Error("a recovered clip can't be closed; the next start tries again",
                 {{"clip", ToString(clip.opened.clip)}, {"why", records.error()}});
    }
  }
  to_finish_.clear();
  if (last_moments_) {
    SweepOrphans(files_, Volumes(), calendar_, *journal_, *last_moments_);
    unswept_.End();
    journal_->LetSegmentsGo();
  }
  recovering_ = false;
}

std::vector<const Volume*> RecorderCore::Volumes() const {
  std::vector<const Volume*> volumes;
  for (const VolumeWriter* writer : volumes_.all()) volumes.push_back(&writer->volume());
  return volumes;
}

void RecorderCore::KeepTime() {
  const WallTime now = clock_.Now();
  NoteClock(now);
  const int tick = tick_++;
  for (const auto& stream : Streams()) {
    if (tick % kTicksPerFlush == 0) stream->FlushStale();
    stream->account()->Update(*journal_, [now](CoverageLedger& ledger, auto& records) {
      ledger.Advance(now - kSplitLag, records);
      ledger.ClockRanOn();
    });
  }
  if (tick % kTicksPerBalance == 0) volumes_.Balance(clock_.Monotonic());
  if (tick % kTicksPerAlive == 0) {
    const std::vector<JournalRecord> alive{Alive{now}};
    journal_->Append(alive);
  }
}

void RecorderCore::NoteClock(WallTime now) {
  const auto step = clock_watch_.Look(now, clock_.Monotonic());
  if (!step) return;
  log::Warning("this machine's clock was set",
               {{"from", FormatRfc3339(step->before)}, {"to", FormatRfc3339(step->after)}});
  journal_->Append(
      std::vector<JournalRecord>{ClockStepped{NewId<ClockStepId>(), step->before, step->after}});
  if (step->after > step->before) return;  // gaps go on
  for (const auto& stream : Streams()) {
    stream->account()->Update(*journal_, [&](CoverageLedger& ledger, auto& records) {
      ledger.ClockSetBack(step->before, step->after, records);
    });
  }
}

std::shared_ptr<AccessUnitSink> RecorderCore::Attach(CameraId camera, Stream stream,
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
      if (const auto& step = set_back_before_start_)
        ledger.ClockSetBack(step->before, step->after, records);
    } else {
      ledger.Begin(GapReason::kRecorderRestart, due_from.value_or(clock_.Now()), records);
    }
  });
  StreamCutter cutter({.camera = camera,
                       .stream = stream,
                       .new_run_id = [] { return NewId<RunId>(); },
                       .clock_state = options_.clock_state},
                      std::move(schedule), recorded_until);
  const std::scoped_lock lock(mutex_);
  auto recorder = std::make_shared<StreamRecorder>(std::move(account), std::move(cutter), volumes_);
  streams_.emplace(key, recorder);
  return recorder;
}

void RecorderCore::SetOwners(CameraId camera, const std::vector<OwnerSpan>& owners) {
  const OwnerSchedule schedule(owners, calendar_);
  for (const auto& stream : StreamsOf(camera)) {
    stream->SetOwners(schedule);
    stream->account()->Update(*journal_, [&](CoverageLedger& ledger, auto& records) {
      ledger.SetOwners(schedule, records);
    });
  }
}

void RecorderCore::SetDueUntil(CameraId camera, WallTime until) {
  for (const auto& stream : StreamsOf(camera)) {
    stream->account()->Update(
        *journal_, [&](CoverageLedger& ledger, auto& /*records*/) { ledger.SetDueUntil(until); });
  }
}

void RecorderCore::BeginDetach(CameraStream of, WallTime at) {
  if (const auto stream = Find(of)) stream->End({.at = at, .gap = std::nullopt});
}

bool RecorderCore::FinishDetach(CameraStream of, WallTime at) {
  if (const auto stream = Find(of)) {
    if (!stream->account()->ended) return false;
    const std::scoped_lock lock(mutex_);
    streams_.erase(of);
  }
  const JournalState state = journal_->state();
  std::vector<JournalRecord> records;
  for (const GapOpened& gap : state.gaps()) {
    if (Key{gap.camera, gap.stream} != of) continue;
    records.emplace_back(GapEnded{.gap = gap.gap, .to = std::max(at, gap.from)});
  }
  journal_->Append(records);
  return true;
}

std::vector<CameraStream> RecorderCore::Unattached() const {
  std::vector<CameraStream> unattached;
  const JournalState state = journal_->state();
  const std::scoped_lock lock(mutex_);
  for (const GapOpened& gap : state.gaps()) {
    const Key key{gap.camera, gap.stream};
    const bool seen = std::ranges::find(unattached, key) != unattached.end();
    if (!seen && !streams_.contains(key)) unattached.push_back(key);
  }
  return unattached;
}

void RecorderCore::EndAll() {
  const EndOfStream end{.at = clock_.Now(), .gap = GapReason::kRecorderRestart};
  for (const auto& stream : Streams()) stream->End(end);
}

std::optional<GapOpened> RecorderCore::OpenGapOf(const Key& key) const {
  const JournalState state = journal_->state();
  for (const GapOpened& gap : state.gaps()) {
    if (gap.camera == key.camera && gap.stream == key.stream) return gap;
  }
  return std::nullopt;
}

std::vector<RecorderCore::StreamPointer> RecorderCore::Streams() const {
  const std::scoped_lock lock(mutex_);
  std::vector<StreamPointer> streams;
  streams.reserve(streams_.size());
  for (const auto& [key, stream] : streams_) streams.push_back(stream);
  return streams;
}

RecorderCore::StreamPointer RecorderCore::Find(const Key& key) const {
  const std::scoped_lock lock(mutex_);
  const auto known = streams_.find(key);
  return known == streams_.end() ? nullptr : known->second;
}

std::vector<RecorderCore::StreamPointer> RecorderCore::StreamsOf(CameraId camera) const {
  std::vector<StreamPointer> streams = Streams();
  std::erase_if(streams, [&](const auto& stream) { return stream->account()->camera() != camera; });
  return streams;
}

std::map<CameraId, std::uint64_t> RecorderCore::fragments_dropped() const {
  std::map<CameraId, std::uint64_t> dropped;
  for (const auto& stream : Streams())
    dropped[stream->account()->camera()] += stream->account()->fragments_dropped;
  return dropped;
}

RecorderStatus RecorderCore::status() const {
  RecorderStatus status;
  for (const auto& stream : Streams()) {
    ++status.streams;
    status.fragments_dropped += stream->account()->fragments_dropped;
  }
  for (const VolumeWriter* writer : volumes_.all()) {
    status.open_clips += writer->open_clips();
    status.held_bytes += writer->held_bytes();
    status.volumes_full += writer->volume().is_full() ? 1 : 0;
    status.volumes.push_back({.id = writer->volume().id(),
                              .accepts = writer->accepts(),
                              .held_bytes = writer->held_bytes(),
                              .failures = writer->volume().failures(),
                              .free_bytes = writer->volume().free_bytes(),
                              .total_bytes = writer->volume().total_bytes()});
  }
  if (journal_) status.journal_failures = journal_->failures();
  status.recovering = recovering_;
  return status;
}

void RecorderCore::SetOverLimit(const std::vector<VolumeId>& volumes) {
  for (VolumeWriter* writer : volumes_.all()) {
    writer->SetOverLimit(std::ranges::find(volumes, writer->volume().id()) != volumes.end());
  }
}

}  // namespace yagura::storage
