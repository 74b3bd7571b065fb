#include "storage/codec_boxes.h"

#include <gmock/gmock.h>

#include "storage/avc_config.h"
#include "storage/bytes.h"
#include "storage/hevc_config.h"
#include "storage/jpeg_config.h"
#include "storage/mp4_boxes.h"
#include "tests/storage/box_tree.h"
#include "tests/storage/fake_stream.h"

namespace yagura::storage {
namespace {

using testing::BoxTree;
using testing::FormatNamed;

TEST(CodecBoxesTest, TheInitSegmentNamesItsFormat) {
  StreamFormat format = *FormatNamed(7);
  const auto read = ReadStreamFormat(BuildInitSegment(format));
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(*read, format);
  EXPECT_EQ(CodecString(format), "avc1.4d401f");
}

TEST(CodecBoxesTest, TheInitSegmentNamesH265) {
  const StreamFormat format = testing::H265Format();
  const auto init = BuildInitSegment(format);
  EXPECT_THAT(BoxTree(init), ::testing::HasSubstr("hvc1 194\n              hvcC 108\n"));
  const auto read = ReadStreamFormat(init);
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(*read, format);
  EXPECT_EQ(CodecString(format), "hvc1.1.6.L60.90");
  const auto record = DecoderConfiguration(format);
  EXPECT_EQ(
      std::vector<std::uint8_t>(record.begin(), record.begin() + 24),
      (std::vector<std::uint8_t>{1,  0x01, 0x60, 0,    0,    0,    0x90, 0, 0, 0,    0, 0,
                                 60, 0xf0, 0,    0xfc, 0xfd, 0xf8, 0xf8, 0, 0, 0x0f, 3, 0xa0}));
}

TEST(CodecBoxesTest, TheInitSegmentNamesJpeg) {
  const StreamFormat format = testing::JpegFormat();
  const auto init = BuildInitSegment(format);
  EXPECT_THAT(BoxTree(init), ::testing::HasSubstr("mp4v 142\n"));
  const auto read = ReadStreamFormat(init);
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(*read, format);
  EXPECT_EQ(CodecString(format), "mp4v.6C");
}

TEST(CodecBoxesTest, AConfigurationOfJpegCutOrOfAnotherKindIsNone) {
  const auto record = DecoderConfiguration(testing::JpegFormat());
  StreamFormat read;
  for (std::size_t size = 0; size < record.size(); ++size)
    EXPECT_FALSE(ParseJpegConfiguration(std::span(record).first(size), read)) << size;
  auto other = record;
  other[11] = 0x20;  // MPEG-4 video
  EXPECT_FALSE(ParseJpegConfiguration(other, read));
  EXPECT_TRUE(ParseJpegConfiguration(record, read));
}

TEST(CodecBoxesTest, OfH265TierSpaceAndConstraintsAreTold) {
  StreamFormat format = testing::H265Format();
  // general_profile_space 1, high tier, profile 2; compatible with 2; constraints 90 00 08;
  // level 4.
  format.sps = {0x42, 0x01, 0x01, 0x62, 0x20, 0x00, 0x00, 0x03, 0x00,
                0x90, 0x00, 0x08, 0x00, 0x00, 0x03, 0x00, 0x78, 0xa0};
  EXPECT_EQ(CodecString(format), "hvc1.A2.4.H120.90.0.8");
}

TEST(CodecBoxesTest, AnSpsOfH265WithoutItsSampleFormatIsTakenFor420OfEightBits) {
  StreamFormat format = testing::H265Format();
  format.sps.resize(10);
  const auto record = DecoderConfiguration(format);
  EXPECT_EQ(std::vector<std::uint8_t>(record.begin() + 16, record.begin() + 19),
            (std::vector<std::uint8_t>{0xfd, 0xf8, 0xf8}));
}

TEST(CodecBoxesTest, AConfigurationOfH265CutAnywhereIsNone) {
  const auto record = DecoderConfiguration(testing::H265Format());
  for (std::size_t size = 0; size < record.size(); ++size) {
    StreamFormat format;
    EXPECT_FALSE(ParseHevcConfiguration(ByteView(record).first(size), format)) << size;
  }
}

TEST(CodecBoxesTest, HighProfilesCarryChromaAndDepth) {
  StreamFormat format = *FormatNamed(1);
  // High 10, 4:2:2, ten bits: seq_parameter_set_id 0, chroma_format_idc 2, bit depths 2 and 2.
  format.sps = {0x67, 0x6e, 0x00, 0x1f, 0b1'011'011'0, 0b11'000000};
  const auto record = AvcConfiguration(format);
  const std::vector<std::uint8_t> tail(record.end() - 4, record.end());
  EXPECT_EQ(tail, (std::vector<std::uint8_t>{0xfc | 2, 0xf8 | 2, 0xf8 | 2, 0}));
}

}  // namespace
}  // namespace yagura::storage
