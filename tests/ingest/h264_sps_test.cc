#include "ingest/h264_sps.h"

#include <gtest/gtest.h>

#include "tests/ingest/h264_stream.h"

namespace yagura::ingest {
namespace {

using testing::Bytes;
using testing::MakeSps;
using testing::SpsFields;

std::uint32_t ReorderDepth(const SpsFields& fields) {
  return ParseH264Sps(MakeSps(fields)).value().reorder_depth;
}

TEST(H264SpsTest, ReadsSizeAndRate) {
  const auto sps = ParseH264Sps(MakeSps({.units_in_tick = 1, .time_scale = 30})).value();
  EXPECT_EQ(sps.width_px, 1'920u);
  EXPECT_EQ(sps.height_px, 1'080u);
  EXPECT_EQ(sps.frame_interval_90k, 6'000u);
}

TEST(H264SpsTest, ReadsOnesThatX264Wrote) {
  // ffmpeg -f lavfi -i testsrc2=size=320x180:rate=15 -c:v libx264: Main without B-frames; High with
  // bframes=3, b-pyramid.
  const Bytes main = {0x67, 0x4d, 0x40, 0x0c, 0xda, 0x05, 0x06, 0x7e, 0x7c, 0x04, 0x40, 0x00,
                      0x00, 0x03, 0x00, 0x40, 0x00, 0x00, 0x07, 0x83, 0xc5, 0x0a, 0xa8};
  const Bytes high = {0x67, 0x64, 0x00, 0x0c, 0xac, 0xd9, 0x41, 0x41, 0x9f, 0x9f, 0x01, 0x10, 0x00,
                      0x00, 0x03, 0x00, 0x10, 0x00, 0x00, 0x03, 0x01, 0xe0, 0xf1, 0x42, 0x99, 0x60};
  for (const Bytes& nal : {main, high}) {
    const auto sps = ParseH264Sps(nal).value();
    EXPECT_EQ(sps.width_px, 320u);
    EXPECT_EQ(sps.height_px, 180u);
    EXPECT_EQ(sps.frame_interval_90k, 6'000u);
    EXPECT_EQ(sps.reorder_depth, nal == high ? 2u : 0u);
  }
}

TEST(H264SpsTest, ReorderDepthAsTold) {
  for (const int depth : {0, 1, 2, 16}) {
    EXPECT_EQ(ReorderDepth({.reorder_frames = depth}), static_cast<std::uint32_t>(depth));
    EXPECT_EQ(ReorderDepth(
                  {.profile = 100, .reorder_frames = depth, .units_in_tick = 1, .time_scale = 50}),
              static_cast<std::uint32_t>(depth));
  }
}

TEST(H264SpsTest, ReorderDepthInferred) {
  EXPECT_EQ(ReorderDepth({.level = 40}), 4u) << "1080p at level 4: MaxDpbFrames";
  EXPECT_EQ(ReorderDepth({.level = 51}), 16u) << "at most 16";
  EXPECT_EQ(ReorderDepth({.level = 31, .width_mbs = 80, .height_mbs = 45, .crop_bottom = 0}), 5u);
  EXPECT_EQ(ReorderDepth({.level = 10}), 0u) << "too large for its level";
  EXPECT_EQ(ReorderDepth({.poc_type = 2}), 0u);
  EXPECT_EQ(ReorderDepth({.profile = 100, .constraints = 0x10}), 0u) << "intra only";
  EXPECT_EQ(ReorderDepth({.reorder_frames = 17}), 4u) << "what can't be isn't believed";
}

TEST(H264SpsTest, RefusesWhatCannotBe) {
  EXPECT_FALSE(ParseH264Sps({}).has_value());
  EXPECT_FALSE(ParseH264Sps(testing::MakePps()).has_value());
  EXPECT_FALSE(ParseH264Sps(MakeSps({.width_mbs = 1'025})).has_value());
  EXPECT_FALSE(ParseH264Sps(MakeSps({.height_mbs = 1, .crop_bottom = 8})).has_value())
      << "nothing left";
  EXPECT_FALSE(ParseH264Sps(MakeSps({.poc_type = 3})).has_value());
  const Bytes zeros = {0x67, 77, 0, 40, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
  EXPECT_FALSE(ParseH264Sps(zeros).has_value());
}

TEST(H264SpsTest, EveryTruncationIsReadSafely) {
  const Bytes whole =
      MakeSps({.profile = 100, .reorder_frames = 2, .units_in_tick = 1, .time_scale = 30});
  for (std::size_t size = 0; size < whole.size(); ++size)
    (void)ParseH264Sps(std::span(whole).first(size));
}

TEST(H264SeiTest, FindsTheRecoveryPoint) {
  EXPECT_TRUE(IsRecoveryPoint(testing::MakeRecoveryPoint(0)));
  EXPECT_FALSE(IsRecoveryPoint(testing::MakeRecoveryPoint(1))) << "a refresh over several frames";
  EXPECT_FALSE(IsRecoveryPoint(Bytes{0x06}));
  EXPECT_FALSE(IsRecoveryPoint(Bytes{0x06, 0x80}));
  EXPECT_FALSE(IsRecoveryPoint(Bytes{0x06, 5, 200, 1, 2, 3}));
  EXPECT_FALSE(IsRecoveryPoint(Bytes(10'000, 0xff)));
}

}  // namespace
}  // namespace yagura::ingest
