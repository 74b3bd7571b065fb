#include "pictures/transcode_message.h"

#include <gmock/gmock.h>

namespace yagura::pictures {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

std::vector<std::uint8_t> Joined(const std::vector<SharedBytes>& parts) {
  std::vector<std::uint8_t> bytes;
  for (const SharedBytes& part : parts)
    bytes.insert(bytes.end(), part.bytes().begin(), part.bytes().end());
  return bytes;
}

SharedBytes Some(std::initializer_list<std::uint8_t> bytes) {
  return SharedBytes::CopyOf(std::vector<std::uint8_t>(bytes));
}

/// The order that comes of these bytes, as a worker reads it.
Result<TranscodeOrderView> Read(const std::vector<std::uint8_t>& bytes) {
  const std::span<const std::uint8_t> all(bytes);
  ASSIGN_OR_RETURN(const std::size_t size, ParseTranscodeOrderHead(all.first(kOrderHeadBytes)));
  EXPECT_EQ(size, all.size() - kOrderHeadBytes);
  return ParseTranscodeOrderBody(all.subspan(kOrderHeadBytes));
}

TEST(TranscodeMessageTest, OrdersComeAsTheyWereGiven) {
  const auto begin = Joined(EncodeBegin({Codec::kH265, {1, 2, 3}, 1920, 1080}).value());
  const auto begun = Read(begin);
  ASSERT_TRUE(begun.has_value());
  EXPECT_EQ(begun->kind, TranscodeKind::kBegin);
  EXPECT_EQ(begun->source.codec, Codec::kH265);
  EXPECT_THAT(begun->source.configuration, ElementsAre(1, 2, 3));
  EXPECT_EQ(begun->source.width_px, 1920U);
  EXPECT_EQ(begun->source.height_px, 1080U);

  const auto frame = Joined(EncodeFrame({-9'000}, Some({7, 8})).value());
  const auto read = Read(frame);
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->kind, TranscodeKind::kFrame);
  EXPECT_EQ(read->pts.ticks_90k, -9'000);
  EXPECT_THAT(read->data, ElementsAre(7, 8));

  const auto end = Joined(EncodeEnd());
  EXPECT_EQ(Read(end).value().kind, TranscodeKind::kEnd);
}

TEST(TranscodeMessageTest, AnswersComeAsTheyWereGiven) {
  const StreamFormat format{.codec = Codec::kH264,
                            .sps = {0x67, 0x64, 0, 0x1f},
                            .pps = {0x68, 1},
                            .width_px = 1280,
                            .height_px = 720};
  EXPECT_EQ(ParseBegunBody(EncodeBegunBody(format)).value(), format);

  const std::vector<TranscodedFrame> frames{{{0}, true, Some({1})}, {{6'000}, false, Some({2, 3})}};
  const auto read = ParseFramesBody(EncodeFramesBody(frames));
  ASSERT_TRUE(read.has_value());
  ASSERT_THAT(*read, SizeIs(2));
  EXPECT_TRUE((*read)[0].keyframe);
  EXPECT_FALSE((*read)[1].keyframe);
  EXPECT_EQ((*read)[1].pts.ticks_90k, 6'000);
  EXPECT_THAT((*read)[1].data.bytes(), ElementsAre(2, 3));
  EXPECT_THAT(ParseFramesBody({}).value(), SizeIs(0));
}

TEST(TranscodeMessageTest, WhatIsOverALimitIsNotSent) {
  EXPECT_FALSE(EncodeFrame({0}, {}).has_value());
  EXPECT_FALSE(EncodeBegin({Codec::kH265, {}, 0, 1080}).has_value());
  EXPECT_FALSE(EncodeBegin({Codec::kH265, {}, 1920, 8193}).has_value());
  EXPECT_FALSE(
      EncodeBegin({Codec::kH265, std::vector<std::uint8_t>(65'536), 1920, 1080}).has_value());
}

TEST(TranscodeMessageTest, NoWholeAnswerIsNone) {
  const std::vector<TranscodedFrame> falling{{{6'000}, true, Some({1})},
                                             {{6'000}, false, Some({2})}};
  EXPECT_FALSE(ParseFramesBody(EncodeFramesBody(falling)).has_value());
  const std::vector<TranscodedFrame> one{{{0}, true, Some({1, 2, 3})}};
  auto body = EncodeFramesBody(one);
  body.pop_back();
  EXPECT_FALSE(ParseFramesBody(body).has_value());
  EXPECT_FALSE(ParseBegunBody({}).has_value());
  const StreamFormat no_sets{.codec = Codec::kH264, .width_px = 64, .height_px = 64};
  EXPECT_FALSE(ParseBegunBody(EncodeBegunBody(no_sets)).has_value());
}

}  // namespace
}  // namespace yagura::pictures
