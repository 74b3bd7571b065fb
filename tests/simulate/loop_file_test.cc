#include "simulate/loop_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace yagura::simulate {
namespace {

using ::testing::ElementsAre;

LoopFile Load(const std::string& name) {
  return ReadLoopFile(std::filesystem::path(YAGURA_TEST_LOOPS) / name).value();
}
std::size_t Keyframes(const LoopFile& loop) {
  return static_cast<std::size_t>(std::ranges::count(loop.frames, true, &LoopFrame::keyframe));
}
std::vector<std::uint32_t> FirstPlaces(const LoopFile& loop) {
  std::vector<std::uint32_t> places;
  for (std::size_t i = 0; i < 10; ++i) places.push_back(loop.frames[i].presentation);
  return places;
}

TEST(LoopFile, CountsFramesKeyframesAndRate) {
  const LoopFile loop = Load("main.h264");
  EXPECT_EQ(loop.frames.size(), 150u);
  EXPECT_EQ(Keyframes(loop), 5u);
  EXPECT_EQ(loop.rate, (FrameRate{15, 1}));
  EXPECT_EQ(loop.reorder_frames, 0u);
  EXPECT_EQ(Load("gop_300.h264").frames.size(), 1500u);
  EXPECT_EQ(Keyframes(Load("gop_300.h264")), 1u);
}

TEST(LoopFile, KeepsDelimitersAndSlicesWithTheirPicture) {
  EXPECT_EQ(Load("aud.h264").frames.size(), 100u);
  EXPECT_EQ(Load("slices.h264").frames.size(), 60u);
}

TEST(LoopFile, RanksBFramesInPresentationOrder) {
  const LoopFile loop = Load("high_b.h264");
  EXPECT_EQ(loop.reorder_frames, 3u);  // the first P picture is decoded second and shown fifth
  EXPECT_THAT(FirstPlaces(loop), ElementsAre(0, 4, 2, 1, 3, 8, 6, 5, 7, 12));
}

TEST(LoopFile, ReadsH265) {
  const LoopFile loop = Load("main.h265");
  EXPECT_EQ(loop.codec, Codec::kH265);
  EXPECT_EQ(loop.frames.size(), 150u);
  EXPECT_EQ(Keyframes(loop), 5u);
  EXPECT_EQ(loop.rate, (FrameRate{15, 1}));
  EXPECT_EQ(loop.parameter_sets.size(), 3u);
  EXPECT_FALSE(loop.parameter_sets_change);
  const LoopFile reordered = Load("rich_b.h265");
  EXPECT_EQ(reordered.frames.size(), 120u) << "two slices each";
  EXPECT_EQ(reordered.reorder_frames, 3u);
  EXPECT_THAT(FirstPlaces(reordered), ElementsAre(0, 4, 2, 1, 3, 8, 6, 5, 7, 12));
}

TEST(LoopFile, OfOpenGopsLeadingPicturesAreRankedBeforeTheirKeyframe) {
  const LoopFile loop = Load("open_b.h265");
  ASSERT_EQ(loop.frames.size(), 120u);
  EXPECT_EQ(Keyframes(loop), 4u);
  std::vector<std::uint32_t> places;
  for (const LoopFrame& frame : loop.frames) places.push_back(frame.presentation);
  const auto second = static_cast<std::size_t>(
      std::ranges::find(loop.frames.begin() + 1, loop.frames.end(), true, &LoopFrame::keyframe) -
      loop.frames.begin());
  EXPECT_LT(places[second + 1], places[second]);
  std::ranges::sort(places);
  for (std::uint32_t i = 0; i < places.size(); ++i) EXPECT_EQ(places[i], i);
}

TEST(LoopFile, ParameterSetsMayChange) {
  for (const auto& [name, frames] :
       {std::pair("sizes.h264", 120u), std::pair("sizes.h265", 210u)}) {
    const LoopFile loop = Load(name);
    EXPECT_EQ(loop.frames.size(), frames) << name;
    EXPECT_TRUE(loop.parameter_sets_change) << name;
  }
}

TEST(LoopFile, RefusesWhatIsNoLoop) {
  EXPECT_EQ(ReadLoopFile("/nonexistent").error().code(), ErrorCode::kNotFound);
  EXPECT_EQ(ParseLoop({}).error().code(), ErrorCode::kInvalidArgument);
  EXPECT_EQ(ParseLoop({0, 0, 1, 0x67}).error().code(), ErrorCode::kInvalidArgument);
  EXPECT_EQ(ParseLoop({0, 0, 1, 0x67, 0, 0, 1, 0x68}).error().code(), ErrorCode::kInvalidArgument);
}

TEST(LoopFile, MustStartWithAnIdrPicture) {
  LoopFile loop = Load("main.h264");
  const auto& second = loop.frames[1].nals.front();
  std::vector<std::uint8_t> bytes;
  for (const auto& nal : {loop.frames[0].nals[0], loop.frames[0].nals[1], second}) {
    bytes.insert(bytes.end(), {0, 0, 1});
    bytes.insert(bytes.end(), nal.begin(), nal.end());
  }
  EXPECT_EQ(ParseLoop(bytes).error().code(), ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace yagura::simulate
