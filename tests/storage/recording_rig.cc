#include "tests/storage/recording_rig.h"

#include <algorithm>

#include "storage/clip_path.h"
#include "storage/clip_reader.h"
#include "storage/sha256.h"
#include "tests/storage/rig_text.h"

namespace yagura::testing {
namespace {

using storage::ClipClosed;

constexpr const char* kState = "/state";

}  // namespace

RecordingRig::RecordingRig(FakeStream::Shape shape, int cameras, int volumes) {
  files_.Put(std::string(kState) + "/here", {});
  for (int i = 1; i <= volumes; ++i) start_with_.push_back(AddFolder(i));
  for (int i = 0; i < cameras; ++i) {
    cameras_.push_back({FakeStream(shape, kMorning + i * microseconds(100'000)), nullptr, {}, {}});
  }
}

std::string RecordingRig::AddFolder(int number) {
  const std::string root = "/volume" + std::to_string(number);
  files_.Put(root + "/lost+found/x", {});
  volumes_[*storage::Volume::Format(files_, root)] = root;  // memory doesn't refuse
  return root;
}

template <class Action>
void RecordingRig::UntilDown(Action&& action) {
  if (down_) return;
  try {
    action();
  } catch (const MemoryFiles::MachineDown&) {
    down_ = true;
  }
}

void RecordingRig::DieAtCall(std::uint64_t number) {
  const std::uint64_t last = files_.calls() + number;
  files_.SetFault([last](const MemoryFiles::Call& call) -> std::optional<ErrorCode> {
    if (call.number >= last) throw MemoryFiles::MachineDown();
    return std::nullopt;
  });
}

void RecordingRig::Start() {
  UntilDown([this] { StartUp(false); });
}

void RecordingRig::StartUnrecovered() {
  UntilDown([this] { StartUp(true); });
}

void RecordingRig::StartUp(bool leaves_recovery) {
  recorder_ = std::make_unique<storage::RecorderCore>(
      storage::RecorderOptions{.state_folder = kState, .volumes = Volumes()}, files_, clock_,
      calendar_);
  started_ = recorder_->Open().has_value();
  if (!started_) {
    recorder_ = nullptr;
    return;
  }
  catalogue_.ReadFrom(recorder_->journal());
  for (std::size_t i = 0; i < cameras_.size(); ++i) {
    cameras_[i].sink =
        recorder_->Attach(IdOf(static_cast<int>(i)), storage::Stream::kMain, owners_, kMorning);
  }
  const std::atomic<bool> stop = leaves_recovery;
  recorder_->FinishRecovery(stop);
}

std::vector<storage::VolumeOptions> RecordingRig::Volumes() const {
  std::vector<storage::VolumeOptions> volumes;
  for (const std::string& root : start_with_)
    volumes.push_back({.root = root, .reserve_bytes = 1000});
  return volumes;
}

void RecordingRig::SendUntil(WallTime now) {
  for (Camera& camera : cameras_) {
    while (camera.stream.WallOfNext() < now && camera.away_until <= now) {
      AccessUnit unit = camera.stream.Next();
      camera.sent.push_back({unit.wall, {unit.data.bytes().begin(), unit.data.bytes().end()}});
      if (camera.sink) camera.sink->OnAccessUnit(std::move(unit));
    }
  }
}

void RecordingRig::Step(bool sync) {
  clock_.Advance(kSecond / 4);
  SendUntil(clock_.Now());
  if (!recorder_) return;
  recorder_->KeepTime();
  const auto volumes = recorder_->volumes();
  for (std::size_t i = 0; i < volumes.size(); ++i) {
    if (i == hanging_) continue;
    volumes[i]->ProcessQueue();
    if (sync) volumes[i]->SyncRound();
  }
  if (!sync) return;
  catalogue_.ReadFrom(recorder_->journal());
  (void)recorder_->journal().Commit(catalogue_.position());
}

void RecordingRig::Run(int seconds) {
  for (int i = 0; i < 4 * seconds && !down_; ++i) {
    UntilDown([this] { Step(++quarters_ % 4 == 0); });
  }
}

void RecordingRig::Interrupt(int camera, GapReason reason) {
  const auto& sink = cameras_[static_cast<std::size_t>(camera)].sink;
  if (sink && !down_) {
    sink->OnInterruption(reason, clock_.Now());
  }
}

void RecordingRig::Reconnect(int camera, int pause_s) {
  cameras_[static_cast<std::size_t>(camera)].stream.Reconnect(pause_s * kSecond);
}

void RecordingRig::SetOwners(std::vector<storage::OwnerSpan> spans) {
  owners_ = std::move(spans);
  for (std::size_t i = 0; recorder_ && i < cameras_.size(); ++i) {
    recorder_->SetOwners(IdOf(static_cast<int>(i)), owners_);
  }
}

void RecordingRig::Stop() {
  UntilDown([this] { StopAll(); });
}

void RecordingRig::StopAll() {
  if (!recorder_) return;
  recorder_->EndAll();
  for (int i = 0; i < 4; ++i) {
    for (const auto& volume : recorder_->volumes()) {
      volume->ProcessQueue();
      volume->SyncRound();
    }
  }
  catalogue_.ReadFrom(recorder_->journal());
}

void RecordingRig::LetTimePass(int seconds) {
  for (Camera& camera : cameras_) camera.sink = nullptr;
  recorder_ = nullptr;
  down_ = false;
  for (int i = 0; i < 4 * seconds; ++i) Step(false);
  // Ingest connects again: a new session, at a keyframe.
  for (Camera& camera : cameras_) camera.stream.Reconnect(microseconds(0));
}

void RecordingRig::Kill(int seconds) {
  files_.KillProcess();
  LetTimePass(seconds);
}

void RecordingRig::CutPower(int seconds, MemoryFiles::Loss loss, std::uint32_t seed) {
  files_.CutPower();
  LetTimePass(seconds);
  files_.PowerOn(loss, seed);
}

std::vector<std::string> RecordingRig::Problems() {
  std::vector<std::string> problems;
  for (const auto& clip : catalogue_.open_clips()) {
    problems.push_back("clip " + ToString(clip.clip) + " was never closed");
  }
  for (const auto& [id, run] : catalogue_.runs()) {
    if (!catalogue_.ended_runs().contains(id))
      problems.push_back("run " + ToString(id) + " never ended");
  }
  CheckClips(problems);
  CheckLeadIns(problems);
  CheckFiles(problems);
  CheckFrames(problems);
  CheckTiling(problems);
  return problems;
}

/// Whether a clip follows without a break.
bool RecordingRig::GoesOn(const ClipClosed& row) const {
  const auto& clips = catalogue_.clips();
  return std::any_of(clips.begin(), clips.end(), [&](const auto& other) {
    return other.second.opened.camera == row.opened.camera &&
           other.second.opened.wall_start == row.wall_end;
  });
}

/// That each row's bytes are there, and what frames they hold.
void RecordingRig::CheckClips(std::vector<std::string>& problems) {
  stored_.clear();
  for (const auto& [id, row] : catalogue_.clips()) {
    const auto complain = [&, clip = id](const std::string& what) {
      problems.push_back("clip " + ToString(clip) + " " +
                         Text({row.opened.wall_start, row.wall_end}) + ": " + what);
    };
    const auto file = files_.OpenToRead(volumes_.at(row.opened.volume) + "/" +
                                        storage::ClipPath(calendar_, row.opened));
    if (!file.has_value()) {
      complain("no file");
      continue;
    }
    std::vector<std::uint8_t> bytes(static_cast<std::size_t>(row.bytes));
    const auto read = (*file)->Read(0, bytes);
    if (!read.has_value() || *read != row.bytes) complain("file too short");
    if (storage::Sha256Of(bytes) != row.sha256) complain("other bytes than its row says");
    const auto index = storage::ReadClipIndex(**file, row.bytes);
    if (!index.has_value()) {
      complain(index.error().message());
      continue;
    }
    if (index->identity != row.opened) complain("another identity than its row");
    if (index->samples.size() != row.samples) complain("another number of frames than its row");
    if (index->trailer.has_value() != row.trailer_offset.has_value()) complain("trailer or not?");
    if (KeyframesOf(*index) != row.keyframes) complain("other keyframes than its row");
    for (const auto& fragment : index->fragments) {
      const auto whole = FragmentIsWhole(**file, fragment);
      if (!whole.has_value() || !*whole) complain("a damaged fragment");
    }
    const bool goes_on = GoesOn(row);
    for (const auto& sample : index->samples) {
      const MediaTime pts{sample.dts.ticks_90k + sample.composition_90k};
      if (!goes_on && pts >= row.media_end) continue;  // no part of what the row promises
      const auto from = bytes.begin() + static_cast<std::ptrdiff_t>(sample.offset_bytes);
      stored_[row.opened.camera].push_back(
          {row.opened.wall_start + Between(row.opened.media_start, pts),
           {from, from + static_cast<std::ptrdiff_t>(sample.size_bytes)}});
    }
  }
}

/// That a clip that starts between two keyframes names the one that it needs, where that counts.
void RecordingRig::CheckLeadIns(std::vector<std::string>& problems) const {
  const auto& clips = catalogue_.clips();
  for (const auto& [id, row] : clips) {
    if (!row.opened.lead_in) continue;
    const auto named = clips.find(row.opened.lead_in->clip);
    const auto is_named = [&](const storage::ClipKeyframe& keyframe) {
      return keyframe.offset_bytes == row.opened.lead_in->offset_bytes;
    };
    if (named == clips.end() ||
        !std::any_of(named->second.keyframes.begin(), named->second.keyframes.end(), is_named))
      problems.push_back("clip " + ToString(id) + " names a keyframe that isn't there");
  }
}

/// That there is no file that nobody knows.
void RecordingRig::CheckFiles(std::vector<std::string>& problems) const {
  for (const auto& [path, bytes] : files_.Contents()) {
    const auto clip = storage::ParseClipFileName(path.substr(path.rfind('/') + 1));
    const bool aside = path.find("/aside/") != std::string::npos;
    if (clip && !aside && !catalogue_.clips().contains(*clip))
      problems.push_back("nobody knows " + path);
  }
}

/// That each frame sent is stored once, or in a gap.
void RecordingRig::CheckFrames(std::vector<std::string>& problems) {
  for (std::size_t i = 0; i < cameras_.size(); ++i) {
    const CameraId id = IdOf(static_cast<int>(i));
    for (const Sent& frame : cameras_[i].sent) {
      const auto same = [&](const Sent& other) { return other.bytes == frame.bytes; };
      const auto count = std::count_if(stored_[id].begin(), stored_[id].end(), same);
      const auto in_gap = [&](const CatalogueModel::Gap& gap) {
        return gap.opened.camera == id && gap.opened.from <= frame.wall &&
               (!gap.to || frame.wall < *gap.to);
      };
      const auto gaps = catalogue_.gaps();
      const bool missing = std::any_of(gaps.begin(), gaps.end(), in_gap);
      const std::string name = "frame at " + Text(frame.wall) + " of camera " + std::to_string(i);
      if (count > 1) problems.push_back(name + " is stored twice");
      if (count == 0 && !missing) problems.push_back(name + " is neither stored nor in a gap");
      if (count == 1 && missing) problems.push_back(name + " is stored and in a gap");
    }
  }
}

/// That from the start of due on clips and gaps lie side by side.
void RecordingRig::CheckTiling(std::vector<std::string>& problems) const {
  for (std::size_t i = 0; i < cameras_.size(); ++i) {
    const CameraId id = IdOf(static_cast<int>(i));
    std::vector<WallRange> pieces;
    for (const auto& [clip, row] : catalogue_.clips()) {
      if (row.opened.camera == id) pieces.push_back({row.opened.wall_start, row.wall_end});
    }
    for (const auto& gap : catalogue_.gaps()) {
      if (gap.opened.camera == id)
        pieces.push_back({gap.opened.from, gap.to.value_or(WallTime::max())});
    }
    std::sort(pieces.begin(), pieces.end(),
              [](const WallRange& a, const WallRange& b) { return a.from < b.from; });
    WallTime until = kMorning;
    for (const WallRange& piece : pieces) {
      if (piece.from != until) {
        problems.push_back("camera " + std::to_string(i) + ": " + Text(piece.from) + " follows " +
                           Text(until));
      }
      until = std::max(until, piece.to);
    }
  }
}

microseconds RecordingRig::LostBefore(WallTime instant) const {
  microseconds worst{0};
  for (std::size_t i = 0; i < cameras_.size(); ++i) {
    const auto stored = stored_.find(IdOf(static_cast<int>(i)));
    for (const Sent& frame : cameras_[i].sent) {
      if (frame.wall >= instant) break;
      const bool found = stored != stored_.end() &&
                         std::any_of(stored->second.begin(), stored->second.end(),
                                     [&](const Sent& other) { return other.bytes == frame.bytes; });
      if (!found) worst = std::max(worst, instant - frame.wall);
    }
  }
  return worst;
}

}  // namespace yagura::testing
