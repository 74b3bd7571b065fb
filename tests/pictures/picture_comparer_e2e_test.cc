// Real workers that look at real keyframes.
#include <gtest/gtest.h>

#include "pictures/picture_comparer.h"
#include "storage/codec_boxes.h"
#include "tests/api/video_loop.h"

namespace yagura::pictures {
namespace {

/// ffmpeg's test picture, standing still.
const std::string kStill = "trim=end_frame=1,loop=loop=179:size=1:start=0,setpts=N/15/TB";

/// Two keyframes amid footage made with the filter: an encoder begins and ends otherwise.
PictureOrder TwoKeyframes(const std::string& filter) {
  const api::VideoLoop loop = api::MakeVideoLoop(
      {.fps = 15, .seconds = 12, .gop_frames = 20, .size = "320x180", .filter = filter});
  PictureOrder order;
  order.codec = loop.format->codec;
  order.configuration = storage::DecoderConfiguration(*loop.format);
  order.frames = {loop.frames.at(80).data, loop.frames.at(100).data};
  return order;
}

PictureSigns Seen(const std::string& filter) {
  PictureComparer comparer(YAGURA_PROGRAM);
  const auto signs = comparer.Compare(TwoKeyframes(filter));
  EXPECT_TRUE(signs.has_value()) << ToString(signs.error());
  return signs.value_or(PictureSigns{});
}

TEST(PictureComparerTest, TellsBlackFromVisible) {
  EXPECT_TRUE(IsBlack(Seen("drawbox=color=black:t=fill")));
  EXPECT_TRUE(IsBlack(Seen("drawbox=color=black:t=fill,noise=alls=12:allf=t")));
  EXPECT_FALSE(IsBlack(Seen("null")));
  EXPECT_FALSE(IsBlack(Seen(kStill)));
}

TEST(PictureComparerTest, OneKeyframeAloneTellsBlackFromVisible) {
  PictureComparer comparer(YAGURA_PROGRAM);
  for (const char* filter : {"drawbox=color=black:t=fill,noise=alls=12:allf=t", "null"}) {
    PictureOrder order = TwoKeyframes(filter);
    order.frames.resize(1);
    const auto signs = comparer.Compare(order);
    ASSERT_TRUE(signs.has_value()) << ToString(signs.error());
    EXPECT_EQ(IsBlack(*signs), filter != std::string_view("null"));
  }
}

TEST(PictureComparerTest, TellsOneImageFromAStillSceneBeforeASensor) {
  EXPECT_TRUE(AreOne(Seen(kStill)));
  EXPECT_FALSE(AreOne(Seen(kStill + ",noise=alls=1:allf=t"))) << "the least noise that there is";
  EXPECT_FALSE(AreOne(Seen("null")));
}

TEST(PictureComparerTest, DamagedFramesAreNoAnswer) {
  PictureComparer comparer(YAGURA_PROGRAM);
  PictureOrder order = TwoKeyframes("null");
  const PictureOrder whole = order;
  const auto bytes = order.frames[1].bytes();
  std::vector<std::uint8_t> damaged(bytes.begin(), bytes.end());
  for (std::size_t i = 40; i < damaged.size(); i += 3) damaged[i] ^= 0x5a;
  order.frames[1] = SharedBytes::CopyOf(damaged);
  EXPECT_FALSE(comparer.Compare(order).has_value());
  EXPECT_TRUE(comparer.Compare(whole).has_value());
}

}  // namespace
}  // namespace yagura::pictures
