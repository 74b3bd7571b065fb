#include "ingest/jpeg_payload.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace yagura::ingest {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::SizeIs;
using Bytes = std::vector<std::uint8_t>;

Bytes Joined(std::initializer_list<Bytes> parts) {
  Bytes joined;
  for (const Bytes& part : parts) joined.insert(joined.end(), part.begin(), part.end());
  return joined;
}
/// 640 x 480 of this type and Q, at that offset.
Bytes Main(std::uint8_t type, std::uint8_t q, std::uint8_t offset = 0) {
  return {0, 0, 0, offset, type, q, 80, 60};
}

TEST(JpegPayloadTest, APictureBeginsWithItsSizeAndTheTablesOfItsQ) {
  const Bytes payload = Joined({Main(1, 50), {0xaa, 0xbb}});
  const JpegPart part = ParseJpegPart(payload).value();
  EXPECT_EQ(part.offset, 0u);
  EXPECT_EQ(part.headers.width_px, 640u);
  EXPECT_EQ(part.headers.height_px, 480u);
  EXPECT_EQ(part.headers.sampling, 1);
  ASSERT_THAT(part.headers.quantisers, SizeIs(128));
  EXPECT_EQ(part.headers.quantisers[0], 16);
  EXPECT_EQ(part.headers.quantisers[64], 17);
  EXPECT_THAT(part.data, ElementsAre(0xaa, 0xbb));
}

TEST(JpegPayloadTest, TablesAreScaledByQ) {
  const auto of = [](std::uint8_t q) {
    return ParseJpegPart(Main(0, q)).value().headers.quantisers;
  };
  EXPECT_THAT(of(1), Each(255));
  EXPECT_EQ(of(25)[0], 32);
  EXPECT_EQ(of(75)[0], 8);
  EXPECT_EQ(of(99)[0], 1);
}

TEST(JpegPayloadTest, LaterPartsHaveTheirPlaceAndNoTables) {
  const Bytes payload = Joined({Main(0, 255, 200), {1, 2, 3}});
  const JpegPart part = ParseJpegPart(payload).value();
  EXPECT_EQ(part.offset, 200u);
  EXPECT_THAT(part.headers.quantisers, SizeIs(0));
  EXPECT_THAT(part.data, ElementsAre(1, 2, 3));
}

TEST(JpegPayloadTest, RestartMarkersAreTold) {
  const Bytes payload = Joined({Main(65, 50), {0, 40, 0xff, 0xff}, {9}});
  const JpegPart part = ParseJpegPart(payload).value();
  EXPECT_EQ(part.headers.restart_interval, 40);
  EXPECT_EQ(part.headers.sampling, 1);
  EXPECT_THAT(part.data, ElementsAre(9));
}

TEST(JpegPayloadTest, TablesMayComeWithThePicture) {
  const Bytes both = Joined({Main(0, 255), {0, 0, 0, 128}, Bytes(64, 3), Bytes(64, 4), {7}});
  const JpegPart part = ParseJpegPart(both).value();
  EXPECT_EQ(part.headers.quantisers, Joined({Bytes(64, 3), Bytes(64, 4)}));
  EXPECT_THAT(part.data, ElementsAre(7));
  const Bytes one = Joined({Main(0, 200), {0, 0, 0, 64}, Bytes(64, 3)});
  EXPECT_EQ(ParseJpegPart(one).value().headers.quantisers, Bytes(128, 3));
  EXPECT_TRUE(ParseJpegPart(Joined({Main(0, 200), {0, 0, 0, 0}})).value().tables_as_before);
}

TEST(JpegPayloadTest, WhatCantBeIsRefused) {
  const auto code = [](const Bytes& payload) { return ParseJpegPart(payload).error().code(); };
  EXPECT_EQ(code({}), ErrorCode::kInvalidArgument);
  EXPECT_EQ(code(Bytes(7, 1)), ErrorCode::kInvalidArgument);
  EXPECT_EQ(code(Main(0, 0)), ErrorCode::kInvalidArgument);
  EXPECT_EQ(code(Joined({Main(64, 50), {0, 1, 0}})), ErrorCode::kInvalidArgument);
  EXPECT_EQ(code(Main(0, 255)), ErrorCode::kInvalidArgument);
  EXPECT_EQ(code(Joined({Main(0, 255), {0, 0, 0, 0}})), ErrorCode::kInvalidArgument);
  EXPECT_EQ(code(Joined({Main(0, 255), {0, 0, 0, 65}, Bytes(65, 1)})), ErrorCode::kInvalidArgument);
  EXPECT_EQ(code(Joined({Main(0, 255), {0, 0, 0, 128}, Bytes(127, 1)})),
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(code(Joined({Main(0, 255), {0, 0, 0, 64}, Bytes(64, 0)})), ErrorCode::kInvalidArgument);
  EXPECT_EQ(code(Joined({Main(0, 255), {0, 1, 0, 128}, Bytes(128, 1)})), ErrorCode::kUnimplemented);
  EXPECT_EQ(code(Main(2, 50)), ErrorCode::kUnimplemented);
  EXPECT_EQ(code(Main(130, 50)), ErrorCode::kUnimplemented);
  EXPECT_EQ(code({0, 0, 0, 0, 1, 50, 0, 60}), ErrorCode::kOutOfRange);
}

TEST(JpegPayloadTest, HeadersAreSegmentsFromStartToScan) {
  const auto part = ParseJpegPart(Joined({Main(65, 50), {0, 40, 0xff, 0xff}})).value();
  const Bytes headers = WriteJpegHeaders(part.headers);
  Bytes codes;
  std::size_t at = 2;
  while (at + 4 <= headers.size()) {
    EXPECT_EQ(headers[at], 0xff);
    codes.push_back(headers[at + 1]);
    at += 2 + static_cast<std::size_t>(headers[at + 2] << 8 | headers[at + 3]);
  }
  EXPECT_EQ(at, headers.size());
  EXPECT_THAT(codes, ElementsAre(0xdb, 0xdb, 0xdd, 0xc0, 0xc4, 0xda));
}

TEST(JpegPayloadTest, AnyBytesAreReadWithinTheirEnds) {
  std::mt19937 random(1);
  for (int i = 0; i < 20'000; ++i) {
    Bytes payload(random() % 200);
    for (auto& byte : payload) byte = static_cast<std::uint8_t>(random());
    const auto part = ParseJpegPart(payload);
    if (part.has_value() && part->headers.quantisers.size() == 128) {
      EXPECT_GT(WriteJpegHeaders(part->headers).size(), 500u);
    }
  }
}

}  // namespace
}  // namespace yagura::ingest
