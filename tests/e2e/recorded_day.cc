// What one camera sent in hours gone by, as the recorder writes it and its committer stores it;
// only time runs as fast as the disk allows. Standard input tells it, by time:
//   own UNIT FLOOR FROM_S             whose footage it is from then on; these lines come first
//   play LOOP WIDTH HEIGHT SECONDS    pictures; right behind others, the camera goes on without a
//   break away REASON SECONDS               none clock SECONDS                     somebody sets
//   our clock by so much recorded_day STATE_FOLDER VOLUME DATABASE_HOST CAMERA START_S FPS
#include <charconv>
#include <cstdio>
#include <iostream>
#include <map>
#include <sstream>
#include <string>

#include "tests/storage/loop_stream.h"
#include "tests/storage/recorder_in_steps.h"

namespace yagura::testing {
namespace {

constexpr MediaTime kFirst{900'000};
constexpr int kStepS = 10;  // of the recorder; its queue holds more

std::int64_t Number(std::string_view text) {
  std::int64_t number = 0;
  (void)std::from_chars(text.data(), text.data() + text.size(), number);  // else 0: refused
  return number;
}

WallTime At(std::int64_t s) { return WallTime(std::chrono::seconds(s)); }

tl::unexpected<Error> Refused(const std::string& line) {
  return Failure(ErrorCode::kInvalidArgument, "not understood: " + line);
}

class Day {
 public:
  Day(RecorderInSteps& recorder, CameraId camera, WallTime start, int fps)
      : recorder_(recorder), camera_(camera), start_(start), fps_(fps) {}

  [[nodiscard]] Result<void> Tell(const std::string& line) {
    std::istringstream words(line);
    std::string what;
    words >> what;
    if (what == "own") return Own(words, line);
    if (!sink_) sink_ = recorder_.Attach(camera_, owners_, start_);
    if (what == "play") return Play(words, line);
    if (what == "away") return Leave(words, line);
    std::int64_t by_s = 0;
    if (what != "clock" || !(words >> by_s)) return Refused(line);
    recorder_.SetClock(std::chrono::seconds(by_s));
    BeginTimeline();
    return {};
  }

 private:
  [[nodiscard]] Result<void> Own(std::istringstream& words, const std::string& line) {
    std::string unit;
    std::string floor;
    std::int64_t from_s = 0;
    words >> unit >> floor >> from_s;
    const auto unit_id = ParseId<UnitId>(unit);
    const auto floor_id = ParseId<FloorId>(floor);
    if (!unit_id || !floor_id || from_s == 0) return Refused(line);
    owners_.push_back({.from = At(from_s), .unit = *unit_id, .floor = *floor_id});
    return {};
  }
  [[nodiscard]] Result<void> Play(std::istringstream& words, const std::string& line) {
    std::string path;
    std::uint32_t width_px = 0;
    std::uint32_t height_px = 0;
    int seconds = 0;
    if (!(words >> path >> width_px >> height_px >> seconds)) return Refused(line);
    auto loop = loops_.find(path);
    if (loop == loops_.end()) {
      ASSIGN_OR_RETURN(LoopStream read, LoopStream::Read(path, width_px, height_px));
      loop = loops_.emplace(path, std::move(read)).first;
    }
    for (int s = 0; s < seconds; s += kStepS)
      RETURN_IF_ERROR(PlayStep(loop->second, s * fps_, std::min(kStepS, seconds - s)));
    return {};
  }
  [[nodiscard]] Result<void> PlayStep(const LoopStream& loop, int number, int seconds) {
    const WallTime begun = recorder_.Now();
    recorder_.Pass(std::chrono::seconds(seconds));
    for (int i = 0; i < seconds * fps_; ++i) {
      const std::int64_t ticks = std::int64_t{kMediaTimescale} * i / fps_;
      AccessUnit unit = loop.Of(number + i, {next_.ticks_90k + ticks});
      unit.wall = begun + Between({0}, {ticks});
      unit.timeline = timeline_;
      sink_->OnAccessUnit(std::move(unit));
    }
    next_.ticks_90k += std::int64_t{kMediaTimescale} * seconds;
    return recorder_.Store();
  }
  [[nodiscard]] Result<void> Leave(std::istringstream& words, const std::string& line) {
    std::string name;
    std::int64_t seconds = 0;
    words >> name >> seconds;
    const auto reason = ParseGapReason(name);
    if (!reason || seconds <= 0) return Refused(line);
    sink_->OnInterruption(*reason, recorder_.Now());
    for (; seconds > 0; seconds -= kStepS) {
      recorder_.Pass(std::chrono::seconds(std::min<std::int64_t>(kStepS, seconds)));
      RETURN_IF_ERROR(recorder_.Store());
    }
    BeginTimeline();
    return {};
  }
  void BeginTimeline() {
    ++timeline_;
    next_ = kFirst;
  }

  RecorderInSteps& recorder_;
  const CameraId camera_;
  const WallTime start_;
  const int fps_;
  std::vector<storage::OwnerSpan> owners_;
  std::shared_ptr<AccessUnitSink> sink_;
  std::map<std::string, LoopStream> loops_;
  std::uint32_t timeline_ = 1;
  MediaTime next_ = kFirst;
};

Result<void> Record(const RecorderInSteps::Places& places, CameraId camera, WallTime start,
                    int fps) {
  RecorderInSteps recorder(places, start);
  RETURN_IF_ERROR(recorder.Open());
  Day day(recorder, camera, start, fps);
  for (std::string line; std::getline(std::cin, line);) RETURN_IF_ERROR(day.Tell(line));
  return recorder.End();
}

}  // namespace
}  // namespace yagura::testing

int main(int count, char** words) {
  using namespace yagura;
  const auto camera = count == 7 ? ParseId<CameraId>(words[4]) : std::nullopt;
  const std::int64_t fps = camera ? testing::Number(words[6]) : 0;
  if (fps < 1 || testing::Number(words[5]) < 1) {
    std::fprintf(stderr,
                 "usage: recorded_day STATE_FOLDER VOLUME DATABASE_HOST CAMERA START_S FPS\n");
    return 2;
  }
  const auto done = testing::Record({words[1], words[2], words[3]}, *camera,
                                    testing::At(testing::Number(words[5])), static_cast<int>(fps));
  if (done.has_value()) return 0;
  std::fprintf(stderr, "%s\n", ToString(done.error()).c_str());
  return 1;
}
