#include "ingest/jpeg_depacketizer.h"

#include <array>
#include <random>

#include "core/jpeg_picture.h"
#include "tests/ingest/depacketizer_fixture.h"

namespace yagura::ingest {
namespace {

using testing::Append;
using ::testing::ElementsAreArray;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr std::uint8_t kStandardTables = 50;  // a Q
constexpr std::uint8_t kKeptTables = 200;
constexpr std::uint8_t kOwnTables = 255;

class JpegDepacketizerTest : public DepacketizerTest {
 protected:
  JpegDepacketizerTest() : DepacketizerTest(Codec::kJpeg) {}

  static Bytes Head(std::size_t offset, std::uint8_t q, std::uint8_t type = 1) {
    return {0,
            static_cast<std::uint8_t>(offset >> 16),
            static_cast<std::uint8_t>(offset >> 8),
            static_cast<std::uint8_t>(offset),
            type,
            q,
            80,
            60};
  }
  static Bytes Part(Bytes head, std::span<const std::uint8_t> data) {
    head.insert(head.end(), data.begin(), data.end());
    return head;
  }
  /// Coded data that don't end a picture.
  static Bytes Data(std::size_t size, std::uint32_t seed) {
    std::mt19937 random(seed);
    Bytes data(size);
    for (auto& byte : data) byte = static_cast<std::uint8_t>(random() % 255);
    return data;
  }
  /// A picture in parts of at most `part_max` bytes; the last packet marked.
  std::vector<Bytes> Picture(const Bytes& data, std::uint32_t time, std::size_t part_max = 1'400,
                             std::uint8_t q = kStandardTables) {
    std::vector<Bytes> packets;
    for (std::size_t at = 0; at < data.size(); at += part_max) {
      const auto part = std::span(data).subspan(at, std::min(part_max, data.size() - at));
      packets.push_back(
          rtp_.Packet(Part(Head(at, q), part), time, at + part.size() == data.size()));
    }
    return packets;
  }
  /// `picture` is whole and has this data.
  static void ExpectHas(const CodedPicture& picture, const Bytes& data) {
    EXPECT_FALSE(picture.damaged);
    EXPECT_TRUE(picture.keyframe && picture.closed && picture.starts_clean);
    const auto read = ParseJpegPicture(picture.data.bytes());
    ASSERT_TRUE(read.has_value()) << ToString(read.error());
    EXPECT_THAT(read->scan, ElementsAreArray(data));
    EXPECT_EQ(read->width_px, 640u);
    EXPECT_EQ(read->height_px, 480u);
  }
};

TEST_F(JpegDepacketizerTest, ThePartsOfAPictureBecomeAFile) {
  for (std::uint32_t seed = 1; seed <= 50; ++seed) {
    const Bytes data = Data(300 + 97 * seed * seed % 50'000, seed);
    const CodedPicture picture = Only(Add(Picture(data, seed * 6'000, 20 + 31 * seed)));
    EXPECT_EQ(picture.time.ticks, seed * 6'000);
    ExpectHas(picture, data);
    const auto info = ParseJpegFrameHeader(picture.parameter_sets.sps).value();
    EXPECT_EQ(info.width_px, 640u);
    EXPECT_EQ(info.height_px, 480u);
  }
}

TEST_F(JpegDepacketizerTest, AnEndThatTheCameraSendsStandsOnce) {
  const Bytes data = Data(500, 1);
  Bytes ended = data;
  ended.insert(ended.end(), kJpegEnd.begin(), kJpegEnd.end());
  for (const std::size_t part_max : {400, 501, 502})  // in one part, cut in two, alone
    ExpectHas(Only(Add(Picture(ended, static_cast<std::uint32_t>(part_max), part_max))), data);
}

TEST_F(JpegDepacketizerTest, OfAPictureWithALossNothingIsLeftAndTheNextIsWhole) {
  const Bytes data = Data(4'000, 1);
  for (std::size_t lost = 0; lost < 4; ++lost) {
    SCOPED_TRACE(lost);
    const auto time = static_cast<std::uint32_t>(12'000 * lost);
    auto packets = Picture(data, time, 1'000);
    packets.erase(packets.begin() + static_cast<std::ptrdiff_t>(lost));
    auto pictures = Add(packets);
    if (lost == 3) depacketizer_->MarkDamaged();  // with the marker: seen by the next number
    for (CodedPicture& picture : Add(Picture(data, time + 6'000))) pictures.push_back(picture);
    ASSERT_THAT(pictures, SizeIs(2));
    EXPECT_TRUE(pictures[0].damaged);
    ExpectHas(pictures[1], data);
  }
}

TEST_F(JpegDepacketizerTest, ALossBetweenPicturesIsToldByTheNext) {
  depacketizer_->MarkDamaged();
  const CodedPicture after = Only(Add(Picture(Data(500, 1), 0)));
  EXPECT_TRUE(after.follows_loss);
  ExpectHas(after, Data(500, 1));
  EXPECT_FALSE(Only(Add(Picture(Data(500, 2), 6'000))).follows_loss);
}

TEST_F(JpegDepacketizerTest, WithoutMarkersTheNextTimestampOrOffsetZeroEndsAPicture) {
  const Bytes data = Data(300, 1);
  EXPECT_THAT(AddPayload(Part(Head(0, kStandardTables), data), 0), IsEmpty());
  ExpectHas(Only(AddPayload(Part(Head(0, kStandardTables), data), 6'000)), data);
  ExpectHas(Only(AddPayload(Part(Head(0, kStandardTables), data), 6'000)), data);
  ExpectHas(depacketizer_->Take(), data);
}

TEST_F(JpegDepacketizerTest, TablesInBandAreThePicturesOwn) {
  Bytes head = Head(0, kOwnTables);
  Append(head, Bytes{0, 0, 0, 128});
  Append(head, Bytes(64, 3));
  Append(head, Bytes(64, 9));
  const CodedPicture picture = Only(AddPayload(Part(head, Data(300, 1)), 0, true));
  const auto read = ParseJpegPicture(picture.data.bytes()).value();
  EXPECT_THAT(read.quantisers[0], ElementsAreArray(Bytes(64, 3)));
  EXPECT_THAT(read.quantisers[1], ElementsAreArray(Bytes(64, 9)));
}

TEST_F(JpegDepacketizerTest, TablesOfAQAreKeptForPicturesWithout) {
  const Bytes data = Data(300, 1);
  Bytes without = Head(0, kKeptTables);
  Append(without, Bytes{0, 0, 0, 0});
  EXPECT_TRUE(Only(AddPayload(Part(without, data), 0, true)).damaged) << "none came yet";
  Bytes with = Head(0, kKeptTables);
  Append(with, Bytes{0, 0, 0, 64});
  Append(with, Bytes(64, 7));
  const auto first = Only(AddPayload(Part(with, data), 6'000, true));
  const auto second = Only(AddPayload(Part(without, data), 12'000, true));
  ExpectHas(second, data);
  EXPECT_THAT(second.data.bytes(), ElementsAreArray(first.data.bytes()));
}

TEST_F(JpegDepacketizerTest, RestartIntervalsStandInTheFile) {
  const Bytes data = Data(300, 1);
  Bytes head = Head(0, kStandardTables, 65);
  Append(head, Bytes{0, 40, 0xff, 0xff});
  const CodedPicture picture = Only(AddPayload(Part(head, data), 0, true));
  ExpectHas(picture, data);
  EXPECT_EQ(ParseJpegPicture(picture.data.bytes())->restart_interval, 40);
}

TEST_F(JpegDepacketizerTest, APartThatSaysOtherwiseIsDamage) {
  const Bytes data = Data(400, 1);
  Bytes wider = Part(Head(400, kStandardTables), data);
  wider[6] = 81;
  const std::array<Bytes, 5> odd = {wider, Part(Head(400, kStandardTables, 0), data),
                                    Part(Head(399, kStandardTables), data),
                                    Part(Head(401, kStandardTables), data), Bytes{0, 0, 1}};
  std::uint32_t time = 0;
  for (const Bytes& part : odd) {
    EXPECT_THAT(AddPayload(Part(Head(0, kStandardTables), data), time), IsEmpty());
    EXPECT_TRUE(Only(AddPayload(part, time, true)).damaged) << time;
    time += 6'000;
  }
  ExpectHas(Only(Add(Picture(data, time))), data);
}

TEST_F(JpegDepacketizerTest, APictureOfAlmostNothingIsDamage) {
  EXPECT_TRUE(Only(Add(Picture(Data(20, 1), 0))).damaged);
}

TEST_F(JpegDepacketizerTest, WhatCanNotBeRecordedIsAFault) {
  (void)AddPayload(Part(Head(0, kStandardTables, 130), Data(300, 1)));  // a type of its own
  EXPECT_EQ(fault_, Fault::kUnsupportedJpeg);
  StartAnew();
  Bytes wide = Part(Head(0, kStandardTables), Data(300, 1));
  wide[6] = 0;
  (void)AddPayload(wide);
  EXPECT_EQ(fault_, Fault::kJpegTooWide);
}

TEST_F(JpegDepacketizerTest, APictureThatNeverEndsIsRefused) {
  const Bytes data = Data(60'000, 1);
  std::size_t sent = 0;
  for (; fault_ == Fault::kNone && sent < 2 * kMaxAccessUnitBytes; sent += data.size())
    (void)AddPayload(Part(Head(sent, kStandardTables), data));
  EXPECT_EQ(fault_, Fault::kPictureTooLarge);
  EXPECT_LE(sent, kMaxAccessUnitBytes + data.size());
}

}  // namespace
}  // namespace yagura::ingest
