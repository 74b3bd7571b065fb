#include "core/frame_stamp.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace yagura {
namespace {

using Bytes = std::vector<std::uint8_t>;

const FrameStamp kStamp{.camera = 7,
                        .epoch = 0xfedcba9876543210,
                        .number = 1'000'000'007,
                        .presentation = 1'000'000'009,
                        .crc = 0};

void AppendNal(Bytes& unit, const Bytes& nal) {
  for (int shift = 24; shift >= 0; shift -= 8) {
    unit.push_back(static_cast<std::uint8_t>(nal.size() >> shift));
  }
  unit.insert(unit.end(), nal.begin(), nal.end());
}

Bytes Unit(std::initializer_list<Bytes> nals) {
  Bytes unit;
  for (const Bytes& nal : nals) AppendNal(unit, nal);
  return unit;
}

Bytes StampNal(FrameStamp stamp, std::initializer_list<Bytes> others) {
  UnstampedCrc crc;
  for (const Bytes& nal : others) crc.Add(nal);
  stamp.crc = crc.value();
  const auto nal = EncodeFrameStamp(stamp);
  return {nal.begin(), nal.end()};
}

const Bytes kDelimiter = {0x09, 0xf0};
const Bytes kSlice = {0x65, 0x88, 0x84, 0x00, 0x01, 0x02, 0x03};

TEST(FrameStamp, ReadsWhatItWrote) {
  EXPECT_EQ(ParseFrameStamp(EncodeFrameStamp(kStamp)), kStamp);
  EXPECT_EQ(ParseFrameStamp(EncodeFrameStamp(kStamp, Codec::kH265)), kStamp);
  EXPECT_EQ(ParseFrameStamp(EncodeFrameStamp(kStamp, Codec::kJpeg)), kStamp);
}

TEST(FrameStamp, IsAnSeiOfItsCodec) {
  const auto h264 = EncodeFrameStamp(kStamp, Codec::kH264);
  const auto h265 = EncodeFrameStamp(kStamp, Codec::kH265);
  EXPECT_EQ(h264[0] & 0x1f, 6);
  EXPECT_EQ(h265[0] >> 1, 39);
  EXPECT_EQ(h265[1], 1) << "of the lowest layers";
  EXPECT_TRUE(std::equal(h264.begin() + 1, h264.end(), h265.begin() + 2, h265.end()));
}

TEST(FrameStamp, NeedsNoEmulationPrevention) {
  for (const Codec codec : {Codec::kH264, Codec::kH265})
    EXPECT_THAT(EncodeFrameStamp(FrameStamp{}, codec), ::testing::Not(::testing::Contains(0)));
}

TEST(FrameStamp, OtherNalUnitsAreNoStamps) {
  auto other_uuid = EncodeFrameStamp(kStamp);
  other_uuid[5] ^= 1;
  auto no_digit = EncodeFrameStamp(kStamp);
  no_digit[30] = 'G';
  EXPECT_EQ(ParseFrameStamp(other_uuid), std::nullopt);
  EXPECT_EQ(ParseFrameStamp(no_digit), std::nullopt);
  EXPECT_EQ(ParseFrameStamp(kSlice), std::nullopt);
  EXPECT_EQ(ParseFrameStamp({}), std::nullopt);
}

TEST(StampedUnit, IsIntactWithTheBytesThatWereStamped) {
  const Bytes stamp = StampNal(kStamp, {kDelimiter, kSlice});
  const auto unit = ReadStampedUnit(Unit({kDelimiter, stamp, kSlice}));
  ASSERT_TRUE(unit.has_value());
  EXPECT_TRUE(unit->intact());
  EXPECT_EQ(unit->stamp->number, kStamp.number);
}

TEST(StampedUnit, NoticesAChangedALostAndASplitNalUnit) {
  const Bytes stamp = StampNal(kStamp, {kDelimiter, kSlice});
  Bytes changed = kSlice;
  changed.back() ^= 1;
  const Bytes head(kSlice.begin(), kSlice.begin() + 3);
  const Bytes tail(kSlice.begin() + 3, kSlice.end());
  EXPECT_FALSE(ReadStampedUnit(Unit({kDelimiter, stamp, changed}))->intact());
  EXPECT_FALSE(ReadStampedUnit(Unit({stamp, kSlice}))->intact());
  EXPECT_FALSE(ReadStampedUnit(Unit({kDelimiter, stamp, head, tail}))->intact());
}

TEST(StampedUnit, WithoutStampIsNotIntact) {
  const auto unit = ReadStampedUnit(Unit({kSlice}));
  ASSERT_TRUE(unit.has_value());
  EXPECT_EQ(unit->stamp, std::nullopt);
  EXPECT_FALSE(unit->intact());
}

TEST(StampedUnit, RefusesLengthsThatDoNotAddUpAndTwoStamps) {
  const Bytes stamp = StampNal(kStamp, {kSlice});
  Bytes cut = Unit({stamp, kSlice});
  cut.pop_back();
  EXPECT_EQ(ReadStampedUnit(cut).error().code(), ErrorCode::kDataLoss);
  EXPECT_EQ(ReadStampedUnit(Bytes{0, 0, 1}).error().code(), ErrorCode::kDataLoss);
  EXPECT_EQ(ReadStampedUnit(Unit({stamp, stamp, kSlice})).error().code(), ErrorCode::kDataLoss);
}

/// 16 x 8, its tables all of ones, and these coded data.
Bytes JpegFile(const Bytes& scan, std::uint8_t width = 16) {
  Bytes file = {0xff, 0xd8, 0xff, 0xdb, 0, 67, 0};
  file.insert(file.end(), 64, 1);
  const Bytes heads = {0xff, 0xc0, 0, 17,   8, 0,    8,    0,    width, 3,    1,
                       0x21, 0,    2, 0x11, 0, 3,    0x11, 0,    0xff,  0xda, 0,
                       12,   3,    1, 0,    2, 0x11, 3,    0x11, 0,     63,   0};
  for (const Bytes& part : {heads, scan, Bytes{0xff, 0xd9}})
    file.insert(file.end(), part.begin(), part.end());
  return file;
}

TEST(StampedUnit, OfAJpegTheStampLiesBehindTheCodedData) {
  const Bytes scan = {1, 2, 3, 4, 5};
  FrameStamp stamp = kStamp;
  stamp.crc = UnstampedCrcOf(ParseJpegPicture(JpegFile(scan)).value());
  Bytes stamped = scan;
  const auto segment = EncodeFrameStamp(stamp, Codec::kJpeg);
  stamped.insert(stamped.end(), segment.begin(), segment.end());
  const auto unit = ReadStampedUnit(JpegFile(stamped));
  ASSERT_TRUE(unit.has_value()) << ToString(unit.error());
  EXPECT_EQ(unit->stamp, stamp);
  EXPECT_TRUE(unit->intact());
  EXPECT_FALSE(ReadStampedUnit(JpegFile(stamped, 24))->intact()) << "of another size";
  stamped[2] ^= 1;
  EXPECT_FALSE(ReadStampedUnit(JpegFile(stamped))->intact());
  EXPECT_EQ(ReadStampedUnit(JpegFile(scan))->stamp, std::nullopt);
}

TEST(StampedUnit, AJpegCutAnywhereIsNone) {
  const Bytes file = JpegFile({1, 2, 3});
  for (std::size_t size = 2; size < file.size(); ++size) {
    EXPECT_EQ(ReadStampedUnit(std::span(file).first(size)).error().code(), ErrorCode::kDataLoss)
        << size;
  }
}

}  // namespace
}  // namespace yagura
