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

#include "tests/storage/loop_stream.h"
#include "tests/storage/recorder_in_steps.h"

namespace yagura::storage {
namespace {

using testing::LoopStream;
using testing::RecorderInSteps;

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

class Bench {
 public:
  Bench(const Wanted& wanted, std::vector<Stretch> stretches, LoopStream loop)
      : stretches_(std::move(stretches)),
        loop_(std::move(loop)),
        recorder_({wanted.state, wanted.volume, wanted.database_host},
                  stretches_.front().start - std::chrono::minutes(1)) {}

  [[nodiscard]] Result<void> Run() {
    RETURN_IF_ERROR(recorder_.Open());
    for (const Stretch& stretch : stretches_) RETURN_IF_ERROR(Record(stretch));
    return recorder_.End();
  }

 private:
  AccessUnitSink& SinkOf(const Stretch& stretch) {
    auto& sink = sinks_[stretch.camera];
    if (!sink) {
      const OwnerSpan owner{
          .from = stretches_.front().start, .unit = stretch.unit, .floor = stretch.floor};
      sink = recorder_.Attach(stretch.camera, {owner}, stretch.start);
    }
    return *sink;
  }
  [[nodiscard]] Result<void> Record(const Stretch& stretch) {
    if (stretch.start < recorder_.Now())
      return Failure(ErrorCode::kInvalidArgument, "two stretches at once, or not by time");
    recorder_.Pass(stretch.start - recorder_.Now());
    AccessUnitSink& sink = SinkOf(stretch);
    ++timeline_;
    const int count = static_cast<int>(kStretch.count()) * kFps;
    for (int number = 0; number < count; ++number) {
      const MediaTime at{kFirstTicks + number * kFrameTicks};
      AccessUnit unit = loop_.Of(number, at);
      unit.wall = stretch.start + Between(MediaTime{kFirstTicks}, at);
      unit.timeline = timeline_;
      sink.OnAccessUnit(std::move(unit));
      if ((number + 1) % kFps == 0) RETURN_IF_ERROR(PassSecond());
    }
    sink.OnInterruption(GapReason::kCameraSilent, stretch.start + kStretch);
    return PassSecond();
  }
  [[nodiscard]] Result<void> PassSecond() {
    recorder_.Pass(std::chrono::seconds(1));
    return recorder_.Store();
  }

  const std::vector<Stretch> stretches_;
  const LoopStream loop_;
  RecorderInSteps recorder_;
  std::map<CameraId, std::shared_ptr<AccessUnitSink>> sinks_;
  std::uint32_t timeline_ = 0;
};

Result<void> RecordMinutes(const Wanted& wanted) {
  ASSIGN_OR_RETURN(std::vector<Stretch> stretches, ReadStretches());
  if (stretches.empty()) return Failure(ErrorCode::kInvalidArgument, "no stretches");
  ASSIGN_OR_RETURN(LoopStream loop,
                   LoopStream::Read(wanted.loop, wanted.width_px, wanted.height_px));
  return Bench(wanted, std::move(stretches), std::move(loop)).Run();
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
