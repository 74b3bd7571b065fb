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
