// Nights of a still scene, in a hurry: real encodings before the watch in media time, real workers
// that look where it asks. CI plays one night of each kind; YAGURA_CAMERA_NIGHTS=20 plays as many.
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <random>
#include <string>

#include "pictures/picture_comparer.h"
#include "pictures/picture_watch.h"
#include "storage/codec_boxes.h"
#include "tests/api/video_loop.h"

namespace yagura::pictures {
namespace {

using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::seconds;

constexpr int kFps = 15;
constexpr int kLoopSeconds = 64;
constexpr hours kNight{10};
constexpr microseconds kFrame{1'000'000 / kFps};
constexpr auto kSince = WallTime(hours(24 * 365 * 57));

/// One image for the length of the loop.
const std::string kStill = "trim=end_frame=1,loop=loop=959:size=1:start=0,setpts=N/15/TB";

/// Six squares that count the seconds, as small as a digit of a camera's clock.
std::string Clock() {
  std::string filter;
  for (int bit = 0; bit < 6; ++bit) {
    filter += ",drawbox=x=" + std::to_string(8 + 10 * bit) +
              ":y=8:w=6:h=8:color=white:t=fill:enable='gte(mod(t," + std::to_string(2 << bit) +
              ")," + std::to_string(1 << bit) + ")'";
  }
  return filter;
}

std::string Noise(int strength) { return ",noise=alls=" + std::to_string(strength) + ":allf=t"; }

struct Kind {
  std::string name;
  std::string filter;  // of what stands still
  Codec codec = Codec::kH264;
  int gop_frames = 30;
};

std::vector<Kind> Kinds() {
  const std::string dim = ",eq=brightness=-0.25:contrast=0.5";
  return {{"hardly any noise", Noise(1)},
          {"much noise", Noise(8)},
          {"dim, some noise, keyframes each 10 s", dim + Noise(3), Codec::kH264, 150},
          {"no noise, a clock in the picture", Clock()},
          {"hardly any noise, H.265", Noise(1), Codec::kH265},
          {"no noise, a clock in the picture, H.265", Clock(), Codec::kH265}};
}

api::VideoLoop Footage(const Kind& kind, const std::string& filter) {
  return api::MakeVideoLoop({.fps = kFps,
                             .seconds = kLoopSeconds,
                             .gop_frames = kind.gop_frames,
                             .size = kind.codec == Codec::kH265 ? "256x144" : "480x270",
                             .filter = filter,
                             .codec = kind.codec});
}

/// A camera before its watch; whoever looks is a real worker.
class WatchedCamera {
 public:
  explicit WatchedCamera(PictureComparer& comparer) : comparer_(comparer) {}

  /// Plays the loop from one of its keyframes on, until a fault is told; the time until then.
  microseconds Play(const api::VideoLoop& loop, std::size_t from, microseconds length,
                    PictureFault until) {
    for (microseconds played{0}; played < length; played += kFrame) {
      Send(loop, loop.frames[from++ % loop.frames.size()]);
      if (watch_.fault() == until) return played;
    }
    return length;
  }
  [[nodiscard]] PictureFault fault() const { return watch_.fault(); }
  [[nodiscard]] int looks() const { return looks_; }

 private:
  void Send(const api::VideoLoop& loop, const api::VideoLoop::Frame& frame) {
    AccessUnit unit;
    unit.data = frame.data;
    unit.pts = unit.dts = {sent_++ * 90'000 / kFps};
    unit.keyframe = frame.keyframe;
    unit.wall = kSince + kFrame * sent_;
    unit.format = loop.format;
    unit.timeline = 1;
    if (watch_.wants_look()) watch_.AllowLook();
    watch_.OnUnit(unit);
    const auto question = watch_.TakeQuestion();
    if (!question) return;
    ++looks_;
    PictureOrder order{.codec = question->format->codec,
                       .configuration = storage::DecoderConfiguration(*question->format)};
    if (question->is_about_both()) order.frames.push_back(question->earlier);
    order.frames.push_back(question->later);
    const auto signs = comparer_.Compare(order);
    ASSERT_TRUE(signs.has_value()) << ToString(signs.error());
    watch_.OnAnswer(*question, *signs);
  }

  PictureComparer& comparer_;
  PictureWatch watch_;
  std::int64_t sent_ = 0;
  int looks_ = 0;
};

std::size_t AnyKeyframe(const Kind& kind, std::mt19937& random) {
  const auto gops = static_cast<unsigned>(kLoopSeconds * kFps / kind.gop_frames);
  return std::size_t{random() % gops} * static_cast<unsigned>(kind.gop_frames);
}

/// What the nights of one kind came to.
struct Told {
  int nights = 0;
  int false_alarms = 0;
  int looks = 0;
  microseconds frozen_after_max{0};
  microseconds black_after_max{0};
};

/// A night, at whose end the picture freezes; and one at whose end it is black.
void PlayNight(const Kind& kind, const api::VideoLoop& still, const api::VideoLoop& frozen,
               const api::VideoLoop& black, PictureComparer& comparer, std::mt19937& random,
               Told& told) {
  WatchedCamera camera(comparer);
  if (camera.Play(still, AnyKeyframe(kind, random), kNight, PictureFault::kFrozen) < kNight ||
      camera.fault() != PictureFault::kNone) {
    ++told.false_alarms;
  }
  told.looks += camera.looks();
  ++told.nights;
  told.frozen_after_max =
      std::max(told.frozen_after_max, camera.Play(frozen, 0, seconds(300), PictureFault::kFrozen));
  camera.Play(still, AnyKeyframe(kind, random), seconds(300), PictureFault::kNone);
  told.black_after_max =
      std::max(told.black_after_max, camera.Play(black, 0, seconds(300), PictureFault::kBlack));
}

int Nights() {
  const char* const given = std::getenv("YAGURA_CAMERA_NIGHTS");  // NOLINT(concurrency-mt-unsafe)
  return given == nullptr ? 1 : std::atoi(given);                 // NOLINT(cert-err34-c)
}

class CameraNightsTest : public ::testing::TestWithParam<Kind> {};

TEST_P(CameraNightsTest, AStillSceneIsNoFaultAndWhatFollowsItIsToldInTime) {
  const Kind& kind = GetParam();
  const api::VideoLoop still = Footage(kind, kStill + kind.filter);
  const api::VideoLoop frozen = Footage(kind, "null" + kind.filter + "," + kStill);
  const api::VideoLoop black = Footage(kind, "drawbox=color=black:t=fill" + Noise(2));
  PictureComparer comparer(YAGURA_PROGRAM);
  std::mt19937 random{7};
  Told told;
  for (int night = 0; night < Nights(); ++night)
    PlayNight(kind, still, frozen, black, comparer, random, told);
  std::cout << kind.name << ": " << told.nights << " nights, " << told.false_alarms
            << " false alarms, " << told.looks << " looks; frozen told after at most "
            << std::chrono::duration<double>(told.frozen_after_max).count() << " s, black after "
            << std::chrono::duration<double>(told.black_after_max).count() << " s\n";
  EXPECT_EQ(told.false_alarms, 0);
  EXPECT_LE(told.frozen_after_max, seconds(60));
  EXPECT_LE(told.black_after_max, seconds(30));
}

TEST(CameraWeeksTest, ACameraThatTakesAllNoiseAwayIsCalledFrozenOnceAWeekAtMost) {
  const Kind kind{"no noise, no clock", ""};
  const api::VideoLoop night = Footage(kind, kStill);
  const api::VideoLoop day =
      Footage(kind, kStill + ",drawbox=x='8*t':y=100:w=30:h=80:color=gray:t=fill");
  PictureComparer comparer(YAGURA_PROGRAM);
  WatchedCamera camera(comparer);
  int alarms = 0;
  const int nights = 7 * Nights();
  for (int date = 0; date < nights; ++date) {
    if (camera.Play(night, 0, kNight, PictureFault::kFrozen) < kNight) ++alarms;
    camera.Play(day, 0, hours(24) - kNight, PictureFault::kBlack);
    ASSERT_EQ(camera.fault(), PictureFault::kNone);
  }
  std::cout << kind.name << ": " << nights << " nights, " << alarms << " false alarms, "
            << camera.looks() << " looks\n";
  EXPECT_LE(alarms, Nights());
}

INSTANTIATE_TEST_SUITE_P(Kinds, CameraNightsTest, ::testing::ValuesIn(Kinds()),
                         [](const auto& kind) { return "Kind" + std::to_string(kind.index); });

}  // namespace
}  // namespace yagura::pictures
