#include "tests/app/stepped_office.h"

#include <algorithm>
#include <utility>

#include "storage/clip_path.h"
#include "storage/clip_reader.h"

namespace yagura::testing {
namespace {

using storage::ClipClosed;
using storage::ClockState;

constexpr milliseconds kTick{250};
constexpr milliseconds kFrame{100};
constexpr int kGop = 10;
constexpr int kFramesPerReport = 50;
constexpr const char* kVolume = "/volume1";
/// Half a second counts as lived twice; here some frames more, or less, don't decide.
constexpr microseconds kSurelyTwice{600'000};
constexpr microseconds kSurelyOnce{400'000};
constexpr microseconds kLongestClip = std::chrono::seconds(120);

storage::OwnerSpan Owner() {
  storage::OwnerSpan span{.from = WallTime(microseconds(0)), .unit = {}, .floor = {}};
  span.unit.bytes.back() = span.floor.bytes.back() = 1;
  return span;
}

microseconds OverlapOf(const WallRange& a, const WallRange& b) {
  return std::max(microseconds(0), std::min(a.to, b.to) - std::max(a.from, b.from));
}

void Add32(Bytes& bytes, std::uint64_t value) {
  for (int shift = 24; shift >= 0; shift -= 8)
    bytes.push_back(static_cast<std::uint8_t>(value >> shift));
}

/// Each frame's bytes are its own, and none is a zero.
Bytes NumberedSlice(bool keyframe, int number) {
  Bytes slice = MakeSlice(keyframe, 60, 0);
  for (int shift = 0; shift < 32; shift += 7)
    slice.push_back(static_cast<std::uint8_t>(0x80 | (number >> shift & 0x7f)));
  return slice;
}

}  // namespace

SteppedOffice::SteppedOffice(int cameras) {
  files_.Put("/state/here", {});
  files_.Put(std::string(kVolume) + "/lost+found/x", {});
  (void)storage::Volume::Format(files_, kVolume);  // memory doesn't refuse
  recorder_ = std::make_unique<storage::RecorderCore>(
      storage::RecorderOptions{.state_folder = "/state",
                               .volumes = {{.root = kVolume, .reserve_bytes = 1000}},
                               .clock_state = [] { return ClockState::kSynchronised; }},
      files_, clock_, calendar_);
  (void)recorder_->Open();
  for (int i = 0; i < cameras; ++i) {
    Camera& camera = cameras_.emplace_back();
    camera.id.bytes.back() = static_cast<std::uint8_t>(i + 1);
    camera.sink = recorder_->Attach(camera.id, storage::Stream::kMain, {Owner()}, begun_);
    camera.delivery = std::make_unique<ingest::Delivery>(*camera.sink, begun_);
    Join(i);
  }
}

void SteppedOffice::Join(int number) {
  Camera& camera = cameras_[static_cast<std::size_t>(number)];
  camera.track = std::make_unique<ingest::VideoTrack>(
      ingest::RecordedTrack{.codec = Codec::kH264, .payload_type = 96, .parameter_sets = {}},
      *camera.delivery);
  camera.next_frame = clock_.Monotonic();
  camera.frame += kGop - camera.frame % kGop;  // it begins with a keyframe
}

void SteppedOffice::Leave(int number) {
  Camera& camera = cameras_[static_cast<std::size_t>(number)];
  camera.track = nullptr;
  camera.delivery->Interrupt(GapReason::kCameraUnreachable, clock_.Now());
}

void SteppedOffice::StepCameras(int camera, microseconds by) {
  cameras_[static_cast<std::size_t>(camera)].ahead_us += static_cast<double>(by.count());
}

void SteppedOffice::SetCamera(int camera, microseconds off, double drift_ppm) {
  cameras_[static_cast<std::size_t>(camera)].ahead_us = static_cast<double>(off.count());
  cameras_[static_cast<std::size_t>(camera)].drift_ppm = drift_ppm;
}

void SteppedOffice::Run(milliseconds time) {
  for (auto left = time; left.count() > 0; left -= kTick) {
    clock_.Advance(kTick);
    for (Camera& camera : cameras_) {
      while (camera.track && camera.next_frame <= clock_.Monotonic()) Send(camera);
    }
    recorder_->KeepTime();
    const bool sync = ++ticks_ % 4 == 0;
    for (const auto& volume : recorder_->volumes()) {
      volume->ProcessQueue();
      if (sync) volume->SyncRound();
    }
    if (sync) ReadRows();
  }
}

void SteppedOffice::ReadRows() {
  for (;;) {
    const auto batch = recorder_->journal().ReadFrom(position_, 500);
    if (!batch.has_value() || batch->next == position_) break;
    for (const auto& record : batch->records) {
      catalogue_.Apply(record);
      if (const auto* clip = std::get_if<storage::ClipOpened>(&record)) opened_.push_back(*clip);
      if (const auto* gap = std::get_if<storage::GapOpened>(&record)) gaps_opened_.push_back(*gap);
    }
    position_ = batch->next;
  }
  (void)recorder_->journal().Commit(position_);
}

void SteppedOffice::Send(Camera& camera) {
  const int number = camera.frame++;
  const bool keyframe = number % kGop == 0;
  std::vector<Bytes> nals;
  if (keyframe) nals = {MakeSps({.reorder_frames = 0}), MakePps()};
  nals.push_back(NumberedSlice(keyframe, number));
  camera.sent.emplace(WithLengths(nals), 0);
  camera.ahead_us += camera.drift_ppm * 0.1;
  const microseconds own = camera.next_frame.time_since_epoch().count() / 1000 * microseconds(1) +
                           microseconds(static_cast<std::int64_t>(camera.ahead_us));
  const auto rtp = static_cast<std::uint32_t>(own.count() * 9 / 100);
  const microseconds late =
      std::chrono::duration_cast<microseconds>(clock_.Monotonic() - camera.next_frame);
  const ingest::Instant now{MonoTime(clock_.Monotonic() - late), clock_.Now() - late};
  for (const Bytes& packet : camera.rtp.Picture(nals, rtp)) camera.track->OnRtp(packet, now);
  if (number % kFramesPerReport == 0) {
    const auto ntp_s = static_cast<std::uint64_t>(own.count() / 1'000'000 + 3'000'000'000);
    Bytes report{0x80, 200, 0, 6};
    for (const std::uint64_t word : {std::uint64_t{0x1234'5678}, ntp_s, std::uint64_t{0},
                                     std::uint64_t{rtp}, std::uint64_t{1}, std::uint64_t{1}})
      Add32(report, word);
    camera.track->OnRtcp(report);
  }
  camera.next_frame += kFrame;
}

void SteppedOffice::Stop() {
  recorder_->EndAll();
  for (int i = 0; i < 3; ++i) {
    for (const auto& volume : recorder_->volumes()) {
      volume->ProcessQueue();
      volume->SyncRound();
    }
  }
  ReadRows();
}

std::vector<std::string> SteppedOffice::Problems() {
  std::vector<std::string> problems;
  CheckFrames(problems);
  CheckRuns(problems);
  for (const Camera& camera : cameras_) {
    CheckMarks(camera, problems);
    CheckTiling(camera, problems);
  }
  return problems;
}

void SteppedOffice::CheckFrames(std::vector<std::string>& problems) {
  for (const auto& [id, row] : catalogue_.clips()) {
    const auto file =
        files_.OpenToRead(std::string(kVolume) + "/" + storage::ClipPath(calendar_, row.opened));
    if (!file.has_value()) {
      problems.push_back("clip " + ToString(id) + ": no file");
      continue;
    }
    const auto index = storage::ReadClipIndex(**file, row.bytes);
    if (!index.has_value() || index->identity != row.opened) {
      problems.push_back("clip " + ToString(id) + ": its file isn't its row's");
      continue;
    }
    Camera& camera = cameras_[static_cast<std::size_t>(row.opened.camera.bytes.back() - 1)];
    for (const auto& sample : index->samples) {
      Bytes bytes(sample.size_bytes);
      (void)(*file)->Read(sample.offset_bytes, bytes);
      const auto sent = camera.sent.find(bytes);
      if (sent == camera.sent.end()) {
        problems.push_back("clip " + ToString(id) + " has a frame that nobody sent");
      } else {
        ++sent->second;
      }
    }
  }
  for (const Camera& camera : cameras_) {
    const auto wrong = std::count_if(camera.sent.begin(), camera.sent.end(),
                                     [](const auto& frame) { return frame.second != 1; });
    if (wrong > 0) {
      problems.push_back(std::to_string(wrong) + " of " + std::to_string(camera.sent.size()) +
                         " frames are not stored once");
    }
  }
}

void SteppedOffice::CheckRuns(std::vector<std::string>& problems) const {
  std::map<RunId, std::vector<const ClipClosed*>> by_run;
  for (const auto& [id, row] : catalogue_.clips()) by_run[id.run].push_back(&row);
  for (const auto& [run, ended] : catalogue_.ended_runs()) {
    if (ended.wall_end < catalogue_.runs().at(run).wall_start)
      problems.push_back("a run ends early");
  }
  for (auto& [run, clips] : by_run) {
    std::sort(clips.begin(), clips.end(), [](const auto* a, const auto* b) {
      return a->opened.media_start < b->opened.media_start;
    });
    for (std::size_t i = 0; i < clips.size(); ++i) {
      const WallRange range{clips[i]->opened.wall_start, clips[i]->wall_end};
      if (range.to <= range.from || clips[i]->media_end <= clips[i]->opened.media_start)
        problems.push_back("a clip without length: " + Text(range));
      if (i > 0 && clips[i - 1]->wall_end != range.from)
        problems.push_back("clips of a run don't tile: " + Text(range));
    }
  }
  for (const auto& gap : catalogue_.gaps()) {
    if (gap.to && *gap.to < gap.opened.from) problems.push_back("a gap ends before it begins");
  }
}

/// Clips in the order in which they were begun: one that overlaps footage of earlier runs is
/// marked; one that is marked overlaps some, or begins where it may reach it.
void SteppedOffice::CheckMarks(const Camera& camera, std::vector<std::string>& problems) const {
  std::vector<const ClipClosed*> before;
  for (const auto& opened : opened_) {
    const auto row = catalogue_.clips().find(opened.clip);
    if (opened.camera != camera.id || row == catalogue_.clips().end()) continue;
    const WallRange range{opened.wall_start, row->second.wall_end};
    const WallRange reach{range.from, range.from + kLongestClip};
    microseconds overlap{0};
    microseconds within_reach{0};
    for (const ClipClosed* other : before) {
      if (other->opened.clip.run == opened.clip.run) continue;
      const WallRange lived{other->opened.wall_start, other->wall_end};
      overlap = std::max(overlap, OverlapOf(range, lived));
      within_reach += OverlapOf(reach, lived);
    }
    const bool marked = opened.clock == ClockState::kRepeated;
    if (overlap >= kSurelyTwice && !marked) problems.push_back("not marked: " + Text(range));
    if (marked && within_reach < kSurelyOnce)
      problems.push_back("marked without a reason: " + Text(range));
    before.push_back(&row->second);
  }
}

/// From first to last no instant is left out.
void SteppedOffice::CheckTiling(const Camera& camera, std::vector<std::string>& problems) const {
  std::vector<WallRange> pieces;
  for (const auto& [id, row] : catalogue_.clips()) {
    if (row.opened.camera == camera.id) pieces.push_back({row.opened.wall_start, row.wall_end});
  }
  for (const auto& gap : catalogue_.gaps()) {
    if (gap.opened.camera == camera.id)
      pieces.push_back({gap.opened.from, gap.to.value_or(WallTime::max())});
  }
  std::sort(pieces.begin(), pieces.end(),
            [](const WallRange& a, const WallRange& b) { return a.from < b.from; });
  WallTime until = pieces.empty() ? WallTime::max() : pieces.front().from;
  for (const WallRange& piece : pieces) {
    if (piece.from > until) problems.push_back("nothing tells of " + Text({until, piece.from}));
    until = std::max(until, piece.to);
  }
}

SteppedOffice::Counts SteppedOffice::counts() const {
  Counts counts{.runs = catalogue_.runs().size(), .clips = catalogue_.clips().size()};
  for (const Camera& camera : cameras_) counts.frames += camera.sent.size();
  for (const auto& [id, row] : catalogue_.clips())
    counts.repeated_clips += row.opened.clock == ClockState::kRepeated ? 1 : 0;
  counts.gaps = catalogue_.gaps().size();
  return counts;
}

std::vector<std::string> SteppedOffice::Gaps(int camera) const {
  std::vector<std::string> texts;
  const auto gaps = catalogue_.gaps();
  for (const auto& opened : gaps_opened_) {
    const auto gap = std::find_if(gaps.begin(), gaps.end(),
                                  [&](const auto& one) { return one.opened.gap == opened.gap; });
    if (gap == gaps.end() || opened.camera != cameras_[static_cast<std::size_t>(camera)].id)
      continue;
    texts.push_back(std::string(ToString(opened.reason)) + " " +
                    Text({opened.from, gap->to.value_or(WallTime::max())}));
  }
  return texts;
}

std::string SteppedOffice::Text(const WallRange& range) const {
  const auto seconds = [this](WallTime time) -> std::string {
    if (time == WallTime::max()) return "";
    const auto tenths = std::chrono::round<milliseconds>(time - begun_).count() / 100;
    return std::to_string(tenths / 10) + "." + std::to_string(std::abs(tenths % 10));
  };
  return seconds(range.from) + "-" + seconds(range.to);
}

}  // namespace yagura::testing
