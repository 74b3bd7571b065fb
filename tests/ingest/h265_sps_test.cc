#include "ingest/h265_sps.h"

#include <gtest/gtest.h>

#include "tests/ingest/h265_stream.h"

namespace yagura::ingest {
namespace {

using testing::Bytes;
using testing::H265SpsFields;
using testing::MakeH265Sps;

TEST(H265SpsTest, ReadsSizeRateAndReorderDepth) {
  const auto sps =
      ParseH265Sps(MakeH265Sps({.reorder_pictures = 2, .units_in_tick = 1, .time_scale = 15}));
  ASSERT_TRUE(sps.has_value()) << ToString(sps.error());
  EXPECT_EQ(sps->width_px, 1'920u);
  EXPECT_EQ(sps->height_px, 1'080u);
  EXPECT_EQ(sps->reorder_depth, 2u);
  EXPECT_EQ(sps->frame_interval_90k, 6'000u);
}

TEST(H265SpsTest, ReadsOneThatX265Wrote) {
  // ffmpeg -f lavfi -i testsrc2=size=320x180:rate=15 -c:v libx265 -x265-params bframes=3
  const Bytes nal = {0x42, 0x01, 0x01, 0x01, 0x60, 0x00, 0x00, 0x03, 0x00, 0x90, 0x00,
                     0x00, 0x03, 0x00, 0x00, 0x03, 0x00, 0x3c, 0xa0, 0x0a, 0x08, 0x0c,
                     0x1f, 0x3e, 0x59, 0x59, 0x52, 0x93, 0x0b, 0xc0, 0x5a, 0x02, 0x00,
                     0x00, 0x03, 0x00, 0x02, 0x00, 0x00, 0x03, 0x00, 0x1e, 0x10};
  const auto sps = ParseH265Sps(nal).value();
  EXPECT_EQ(sps.width_px, 320u);
  EXPECT_EQ(sps.height_px, 180u);
  EXPECT_EQ(sps.reorder_depth, 2u);
  EXPECT_EQ(sps.frame_interval_90k, 6'000u);
}

TEST(H265SpsTest, FindsTheRateBehindWhatIsOnlyForDecoders) {
  for (const H265SpsFields& fields :
       {H265SpsFields{.sub_layers = 3}, H265SpsFields{.scaling_lists = true},
        H265SpsFields{.reference_sets = true}, H265SpsFields{.chroma_format = 3}}) {
    H265SpsFields timed = fields;
    timed.units_in_tick = 1001;
    timed.time_scale = 30'000;
    EXPECT_EQ(ParseH265Sps(MakeH265Sps(timed)).value().frame_interval_90k, 3'003u);
  }
}

TEST(H265SpsTest, RefusesWhatCannotBe) {
  EXPECT_FALSE(ParseH265Sps({}).has_value());
  EXPECT_FALSE(ParseH265Sps(testing::MakeH265Pps()).has_value());
  EXPECT_FALSE(ParseH265Sps(MakeH265Sps({.chroma_format = 4})).has_value());
  EXPECT_FALSE(ParseH265Sps(MakeH265Sps({.width_px = 16'392})).has_value());
  EXPECT_FALSE(ParseH265Sps(MakeH265Sps({.width_px = 0})).has_value());
  EXPECT_FALSE(ParseH265Sps(MakeH265Sps({.height_px = 8})).has_value()) << "nothing is left";
  EXPECT_FALSE(ParseH265Sps(MakeH265Sps({.reorder_pictures = 16})).has_value());
  EXPECT_FALSE(ParseH265Sps(MakeH265Sps({.sub_layers = 8})).has_value());
}

TEST(H265SpsTest, EveryTruncationIsReadSafely) {
  const Bytes whole = MakeH265Sps({.sub_layers = 3,
                                   .scaling_lists = true,
                                   .reference_sets = true,
                                   .units_in_tick = 1,
                                   .time_scale = 25});
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto sps = ParseH265Sps(std::span(whole).first(size));
    if (!sps.has_value()) continue;
    EXPECT_EQ(sps->width_px, 1'920u) << size;
  }
}

}  // namespace
}  // namespace yagura::ingest
