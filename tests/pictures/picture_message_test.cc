#include "pictures/picture_message.h"

#include <gmock/gmock.h>

namespace yagura::pictures {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

SharedBytes Bytes(std::vector<std::uint8_t> bytes) { return SharedBytes::CopyOf(bytes); }

std::vector<std::uint8_t> Joined(const std::vector<SharedBytes>& parts) {
  std::vector<std::uint8_t> joined;
  for (const SharedBytes& part : parts)
    joined.insert(joined.end(), part.bytes().begin(), part.bytes().end());
  return joined;
}

TEST(PictureMessageTest, AnOrderIsReadAsItWasWritten) {
  const auto wire = Joined(*EncodeOrder({Codec::kH265, {7, 8}, {Bytes({1, 2, 3}), Bytes({4})}}));
  const std::span all(wire);
  ASSERT_EQ(*ParseOrderHead(all.first(kOrderHeadBytes)), wire.size() - kOrderHeadBytes);
  const auto order = ParseOrderBody(all.subspan(kOrderHeadBytes));
  ASSERT_TRUE(order.has_value());
  EXPECT_EQ(order->codec, Codec::kH265);
  EXPECT_THAT(order->configuration, ElementsAre(7, 8));
  ASSERT_THAT(order->frames, SizeIs(2));
  EXPECT_THAT(order->frames[0], ElementsAre(1, 2, 3));
  EXPECT_THAT(order->frames[1], ElementsAre(4));
}

TEST(PictureMessageTest, AnOrderCutAnywhereIsNone) {
  const auto wire = Joined(*EncodeOrder({Codec::kH265, {7, 8}, {Bytes({1, 2, 3}), Bytes({4})}}));
  const auto body = std::span(wire).subspan(kOrderHeadBytes);
  for (std::size_t size = 0; size < body.size(); ++size)
    EXPECT_FALSE(ParseOrderBody(body.first(size)).has_value()) << size;
}

TEST(PictureMessageTest, AnOrderOfAnUnknownCodecIsNone) {
  auto wire = Joined(*EncodeOrder({.frames = {Bytes({1})}}));
  wire[kOrderHeadBytes] = 3;
  EXPECT_FALSE(ParseOrderBody(std::span(wire).subspan(kOrderHeadBytes)).has_value());
}

TEST(PictureMessageTest, WithoutFramesOrWithTooManyThereIsNoOrder) {
  EXPECT_FALSE(EncodeOrder({}).has_value());
  EXPECT_FALSE(EncodeOrder({.frames = {SharedBytes()}}).has_value());
  const std::vector<SharedBytes> many(kOrderFramesMax + 1, Bytes({1}));
  EXPECT_FALSE(EncodeOrder({.frames = many}).has_value());
}

TEST(PictureMessageTest, AnAnswerOverItsLimitIsNone) {
  const auto head = EncodeAnswerHead({PictureStatus::kDone, kPictureBytesMax});
  EXPECT_EQ(ParseAnswerHead(head)->size_bytes, kPictureBytesMax);
  EXPECT_FALSE(
      ParseAnswerHead(EncodeAnswerHead({PictureStatus::kDone, kPictureBytesMax + 1})).has_value());
  auto unknown = head;
  unknown[4] = 3;
  EXPECT_FALSE(ParseAnswerHead(unknown).has_value());
}

}  // namespace
}  // namespace yagura::pictures
