#include "api/media/activity_levels.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

namespace yagura::api {
namespace {

using std::chrono::seconds;
using ::testing::Each;
using ::testing::Optional;

const WallTime kBegin = WallTime(seconds(1'800'000'000));
constexpr std::array<std::uint8_t, 32> kFormat{1};

struct Scene {
  int seconds = 300;
  int frames_per_second = 10;
  int gop_frames = 20;
  double quiet_bytes = 400;
  double noise = 0.05;
  bool b_frames = false;              // every other inter frame, of a quarter of the bytes
  bool b_anywhere = false;            // where the coder likes: at no fixed places
  std::map<int, double> factor_at{};  // in these seconds so many times the bytes
  std::array<std::uint8_t, 32> format = kFormat;
  WallTime start = kBegin;
};

/// Clips of a minute, as a coder without rate control would make them.
std::vector<CodedClip> Coded(const Scene& scene) {
  std::mt19937 random(7);
  std::normal_distribution<double> noise(1, scene.noise);
  std::vector<CodedClip> clips;
  const int per_clip = 60 * scene.frames_per_second;
  for (int i = 0; i < scene.seconds * scene.frames_per_second; ++i) {
    const microseconds frame = microseconds(1'000'000) / scene.frames_per_second;
    if (i % per_clip == 0) clips.push_back({scene.format, scene.start + i * frame, {}});
    const int place = i % scene.gop_frames;
    const bool goes_back =
        place > 0 && (scene.b_anywhere ? random() % 2 == 0 : scene.b_frames && place % 2 == 0);
    // The first frames after a keyframe cost more, as coders have it.
    double bytes = scene.quiet_bytes * (place < 4 ? 2 : 1) * (goes_back ? 0.25 : 1) * noise(random);
    const auto moved = scene.factor_at.find(i / scene.frames_per_second);
    if (moved != scene.factor_at.end()) bytes *= moved->second;
    if (place == 0) bytes = scene.quiet_bytes * 40 * noise(random);
    clips.back().frames.push_back(
        {scene.start + i * frame, frame, static_cast<std::uint32_t>(bytes), place == 0, goes_back});
  }
  return clips;
}

std::vector<std::optional<std::uint8_t>> LevelsOf(const Scene& scene) {
  return ActivityOf(Coded(scene), {scene.start, scene.start + seconds(scene.seconds)});
}

/// Seconds of at least this level.
std::vector<int> Above(const std::vector<std::optional<std::uint8_t>>& levels, int least) {
  std::vector<int> above;
  for (std::size_t i = 0; i < levels.size(); ++i) {
    if (levels[i].value_or(0) >= least) above.push_back(static_cast<int>(i));
  }
  return above;
}

TEST(ActivityLevelsTest, AQuietSceneIsQuietThroughout) {
  EXPECT_THAT(LevelsOf({}), Each(Optional(::testing::Le(5))));
}

TEST(ActivityLevelsTest, FindsTheSecondsInWhichMoreIsCoded) {
  const std::map<int, double> moved{{40, 1.6}, {41, 2}, {177, 3}};
  for (const bool b_frames : {false, true}) {
    const auto levels = LevelsOf({.b_frames = b_frames, .factor_at = moved});
    EXPECT_THAT(Above(levels, 15), ::testing::ElementsAre(40, 41, 177));
    EXPECT_GT(levels[177], levels[41]);
  }
}

TEST(ActivityLevelsTest, RanksThemHighestWhereACoderPutsBFramesAnywhere) {
  const std::map<int, double> moved{{40, 1.4}, {41, 1.4}, {177, 1.4}};
  const auto levels = LevelsOf({.b_anywhere = true, .factor_at = moved});
  const auto least = std::min({*levels[40], *levels[41], *levels[177]});
  EXPECT_THAT(Above(levels, least), ::testing::ElementsAre(40, 41, 177));
  EXPECT_GE(least, 25);
}

TEST(ActivityLevelsTest, IsTheSameForACameraThatCodesAHundredTimesAsMuch) {
  const std::map<int, double> moved{{40, 2}};
  const auto small = LevelsOf({.quiet_bytes = 400, .factor_at = moved});
  const auto large = LevelsOf({.quiet_bytes = 40'000, .factor_at = moved});
  for (std::size_t i = 0; i < small.size(); ++i) EXPECT_NEAR(*small[i], *large[i], 2) << i;
}

TEST(ActivityLevelsTest, AStartOfAGopIsNoActivity) {
  EXPECT_THAT(LevelsOf({.frames_per_second = 5, .gop_frames = 50, .noise = 0.02}),
              Each(::testing::AnyOf(Optional(::testing::Le(5)))));
}

TEST(ActivityLevelsTest, AnotherFormatHasAQuietLevelOfItsOwn) {
  auto clips = Coded({});
  for (const CodedClip& clip :
       Coded({.quiet_bytes = 4'000, .format = {2}, .start = kBegin + seconds(300)}))
    clips.push_back(clip);
  EXPECT_THAT(ActivityOf(clips, {kBegin, kBegin + seconds(600)}), Each(Optional(::testing::Le(5))));
}

TEST(ActivityLevelsTest, ABusySceneStillHasAQuietLevel) {
  std::map<int, double> moved;
  for (int i = 0; i < 300; ++i) {
    if (i % 10 < 6) moved[i] = 2;
  }
  const auto above = Above(LevelsOf({.factor_at = moved}), 15);
  EXPECT_EQ(above.size(), 180U);
}

TEST(ActivityLevelsTest, NothingIsToldOfTimeThatIsNotRecordedOrHasKeyframesAlone) {
  auto clips = Coded({.seconds = 120});
  clips.erase(clips.begin());
  const auto levels = ActivityOf(clips, {kBegin, kBegin + seconds(120)});
  EXPECT_FALSE(levels[59]);
  EXPECT_TRUE(levels[60]);
  EXPECT_THAT(LevelsOf({.gop_frames = 1}), Each(std::nullopt));
  EXPECT_THAT(ActivityOf({}, {kBegin, kBegin + seconds(3)}), ::testing::SizeIs(3));
}

TEST(ActivityLevelsTest, AFrameThatLastsCountsInEachSecondInWhichItIsShown) {
  CodedClip clip{kFormat, kBegin, {}};
  for (int i = 0; i < 30; ++i) {
    const std::uint32_t bytes = i == 0 ? 20'000 : i == 10 ? 4'000 : 400;
    clip.frames.push_back({kBegin + seconds(3 * i), seconds(3), bytes, i == 0, false});
  }
  const auto levels = ActivityOf({&clip, 1}, {kBegin, kBegin + seconds(90)});
  EXPECT_THAT(Above(levels, 15), ::testing::ElementsAre(30, 31, 32));
  EXPECT_FALSE(levels[2]);
}

TEST(ActivityLevelsTest, AFrameOfAnEndlessLengthIsBounded) {
  CodedClip clip{kFormat, kBegin, {{kBegin, seconds(1), 9'000, true, false}}};
  clip.frames.push_back({kBegin + seconds(1), std::chrono::hours(24 * 365), 400, false, false});
  EXPECT_EQ(ActivityOf({&clip, 1}, {kBegin, kBegin + seconds(3'600)}).size(), 3'600U);
}

TEST(ActivityLevelsTest, KnowsFramesThatAreShownBeforeOnesDecodedEarlier) {
  storage::ClipIndex index;
  index.identity.wall_start = kBegin;
  const std::int32_t shown[] = {0, 6'000, 3'000, 9'000};
  for (int i = 0; i < 4; ++i) {
    index.samples.push_back({.size_bytes = 100,
                             .duration_90k = 3'000,
                             .composition_90k = shown[i] - i * 3'000,
                             .keyframe = i == 0,
                             .dts = {i * 3'000}});
  }
  const CodedClip clip = CodedClipOf(index, kFormat);
  std::vector<bool> goes_back;
  for (const CodedFrame& frame : clip.frames) goes_back.push_back(frame.goes_back);
  EXPECT_THAT(goes_back, ::testing::ElementsAre(false, false, true, false));
  EXPECT_EQ(clip.frames[1].shown, kBegin + Between({}, {6'000}));
}

}  // namespace
}  // namespace yagura::api
