// Clip files for bench/random-minutes, as the recorder writes them, and their rows, as its
// committer stores them; only time runs as fast as the disk allows. Standard input has a line for
// each stretch, by time: CAMERA UNIT FLOOR START_S. In each the camera sends the pictures of LOOP
// for `kStretch`, which makes two clips of a run of its own.
//   recorded_minutes STATE_FOLDER VOLUME DATABASE_HOST LOOP WIDTH HEIGHT
#include <charconv>
#include <cstdio>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "simulate/loop_file.h"
#include "storage/catalogue_pg.h"
#include "storage/files_posix.h"
#include "storage/recorder_core.h"
#include "tests/support/fake_clock.h"

namespace yagura::storage {
namespace {

constexpr int kFps = 15;
constexpr std::int64_t kFrameTicks = std::int64_t{kMediaTimescale} / kFps;
constexpr std::chrono::seconds kStretch{120};
constexpr std::int64_t kFirstTicks = 900'000;

struct Wanted {
  std::string state;
  std::string volume;
  std::string database_host;
  std::string loop;
  std::uint32_t width_px = 0;
  std::uint32_t height_px = 0;
};

struct Stretch {
  CameraId camera;
  UnitId unit;
  FloorId floor;
  WallTime start{};
};

Result<std::vector<Stretch>> ReadStretches() {
  std::vector<Stretch> stretches;
  std::string camera;
  std::string unit;
  std::string floor;
  for (std::int64_t start_s = 0; std::cin >> camera >> unit >> floor >> start_s;) {
    const auto camera_id = ParseId<CameraId>(camera);
    const auto unit_id = ParseId<UnitId>(unit);
    const auto floor_id = ParseId<FloorId>(floor);
    if (!camera_id || !unit_id || !floor_id)
      return Failure(ErrorCode::kInvalidArgument, "no ids: " + camera + " " + unit + " " + floor);
    stretches.push_back({*camera_id, *unit_id, *floor_id, WallTime(std::chrono::seconds(start_s))});
  }
  return stretches;
}

/// The loop's pictures as access units.
class Pictures {
 public:
  [[nodiscard]] static Result<Pictures> Read(const Wanted& wanted) {
    ASSIGN_OR_RETURN(const simulate::LoopFile loop, simulate::ReadLoopFile(wanted.loop));
    if (loop.codec != Codec::kH264 || loop.parameter_sets.size() != 2 || loop.reorder_frames != 0)
      return Failure(ErrorCode::kInvalidArgument, "a loop of H.264 without B-frames is wanted");
    auto format = std::make_shared<StreamFormat>();
    format->sps = loop.parameter_sets[0];
    format->pps = loop.parameter_sets[1];
    format->width_px = wanted.width_px;
    format->height_px = wanted.height_px;
    Pictures pictures;
    pictures.format_ = std::move(format);
    for (const simulate::LoopFrame& frame : loop.frames)
      pictures.frames_.emplace_back(Data(frame), frame.keyframe);
    return pictures;
  }
  /// The `number`-th of a stretch.
  [[nodiscard]] AccessUnit Of(const Stretch& stretch, std::uint32_t timeline, int number) const {
    const auto& [data, keyframe] = frames_[static_cast<std::size_t>(number) % frames_.size()];
    AccessUnit unit;
    unit.data = data;
    unit.dts = unit.pts = MediaTime{kFirstTicks + number * kFrameTicks};
    unit.keyframe = keyframe;
    unit.wall = stretch.start + Between(MediaTime{kFirstTicks}, unit.pts);
    unit.format = format_;
    unit.timeline = timeline;
    return unit;
  }

 private:
  static SharedBytes Data(const simulate::LoopFrame& frame) {
    std::vector<std::uint8_t> bytes;
    for (const auto& nal : frame.nals) {
      for (int shift = 24; shift >= 0; shift -= 8)
        bytes.push_back(static_cast<std::uint8_t>(nal.size() >> shift));
      bytes.insert(bytes.end(), nal.begin(), nal.end());
    }
    return SharedBytes::CopyOf(bytes);
  }

  std::shared_ptr<const StreamFormat> format_;
  std::vector<std::pair<SharedBytes, bool>> frames_;  // with: is a keyframe
};

/// The recorder without its threads, all of whose steps are taken each second of its time.
class Bench {
 public:
  Bench(const Wanted& wanted, std::vector<Stretch> stretches, Pictures pictures)
      : wanted_(wanted),
        stretches_(std::move(stretches)),
        pictures_(std::move(pictures)),
        clock_(stretches_.front().start - std::chrono::minutes(1)),
        pool_(Connect(wanted.database_host), 1),
        recorder_({.state_folder = wanted.state, .volumes = {{.root = wanted.volume}}}, files_,
                  clock_, calendar_) {}

  [[nodiscard]] Result<void> Run() {
    RETURN_IF_ERROR(recorder_.Open());
    CatalogueCommitter::Options options{
        .days = {calendar_, "Asia/Tokyo"},
        .volumes = {{recorder_.volumes().front()->volume().id(), wanted_.volume, std::nullopt}},
        .set_aside_path = wanted_.state + "/set-aside.jsonl"};
    CatalogueCommitter committer(recorder_.journal(), pool_, files_, clock_, options);
    for (const Stretch& stretch : stretches_) {
      RETURN_IF_ERROR(Record(stretch));
      RETURN_IF_ERROR(Store(committer));
    }
    recorder_.EndAll();
    for (int i = 0; i < 2; ++i) RETURN_IF_ERROR(Store(committer));
    return {};
  }

 private:
  static pg::ConnectOptions Connect(const std::string& host) {
    pg::ConnectOptions options;
    options.host = host;
    options.role = "yagura_record";
    options.statement_timeout = options.transaction_timeout = std::chrono::minutes(1);
    return options;
  }
  AccessUnitSink& SinkOf(const Stretch& stretch) {
    auto& sink = sinks_[stretch.camera];
    if (!sink) {
      const OwnerSpan owner{
          .from = stretches_.front().start, .unit = stretch.unit, .floor = stretch.floor};
      sink = recorder_.Attach(stretch.camera, Stream::kMain, {owner}, stretch.start);
    }
    return *sink;
  }
  [[nodiscard]] Result<void> Record(const Stretch& stretch) {
    if (stretch.start < clock_.Now())
      return Failure(ErrorCode::kInvalidArgument, "two stretches at once, or not by time");
    clock_.Advance(stretch.start - clock_.Now());
    recorder_.KeepTime();
    AccessUnitSink& sink = SinkOf(stretch);
    ++timeline_;
    const int count = static_cast<int>(kStretch.count()) * kFps;
    for (int number = 0; number < count; ++number) {
      sink.OnAccessUnit(pictures_.Of(stretch, timeline_, number));
      if ((number + 1) % kFps == 0) PassSecond();
    }
    sink.OnInterruption(GapReason::kCameraSilent, stretch.start + kStretch);
    PassSecond();
    return {};
  }
  void PassSecond() {
    clock_.Advance(std::chrono::seconds(1));
    recorder_.KeepTime();
    VolumeWriter& volume = *recorder_.volumes().front();
    volume.ProcessQueue();
    volume.SyncRound();
  }
  [[nodiscard]] Result<void> Store(CatalogueCommitter& committer) {
    PassSecond();
    for (std::size_t stored = 1; stored > 0;) {
      ASSIGN_OR_RETURN(stored, committer.CommitOnce());
    }
    return {};
  }

  const Wanted wanted_;
  const std::vector<Stretch> stretches_;
  const Pictures pictures_;
  testing::FakeClock clock_;
  PosixFiles files_;
  const OfficeCalendar calendar_ = *OfficeCalendar::Load("Asia/Tokyo");
  pg::Pool pool_;
  RecorderCore recorder_;
  std::map<CameraId, std::shared_ptr<AccessUnitSink>> sinks_;
  std::uint32_t timeline_ = 0;
};

Result<void> RecordMinutes(const Wanted& wanted) {
  ASSIGN_OR_RETURN(std::vector<Stretch> stretches, ReadStretches());
  if (stretches.empty()) return Failure(ErrorCode::kInvalidArgument, "no stretches");
  ASSIGN_OR_RETURN(Pictures pictures, Pictures::Read(wanted));
  return Bench(wanted, std::move(stretches), std::move(pictures)).Run();
}

std::uint32_t Number(const char* text) {
  const std::string_view digits(text);
  std::uint32_t number = 0;
  (void)std::from_chars(digits.data(), digits.data() + digits.size(), number);  // else 0: refused
  return number;
}

}  // namespace
}  // namespace yagura::storage

int main(int count, char** words) {
  using namespace yagura::storage;
  if (count != 7 || Number(words[5]) < 1 || Number(words[6]) < 1) {
    std::fprintf(stderr,
                 "usage: recorded_minutes STATE_FOLDER VOLUME DATABASE_HOST LOOP WIDTH HEIGHT\n");
    return 2;
  }
  const auto done =
      RecordMinutes({words[1], words[2], words[3], words[4], Number(words[5]), Number(words[6])});
  if (done.has_value()) return 0;
  std::fprintf(stderr, "%s\n", ToString(done.error()).c_str());
  return 1;
}
