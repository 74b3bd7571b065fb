#include "ingest/pull_message.h"

#include <gmock/gmock.h>

#include "ingest/interleaved.h"

namespace yagura::ingest {
namespace {

std::span<const std::uint8_t> BytesOf(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

TEST(PullMessageTest, AnOrderIsReadAsItWasWritten) {
  const PullOrder order{CameraTransport::kTls, "rtsp://192.0.2.1:322/live", "viewer", "pass:word"};
  const std::string frame = EncodePullOrder(order);
  const InterleavedFrame read = FirstInterleavedFrame(BytesOf(frame));
  EXPECT_EQ(read.size_bytes, frame.size());
  EXPECT_EQ(read.channel, static_cast<std::uint8_t>(PullKind::kOrder));
  EXPECT_EQ(ParsePullOrder(read.payload).value(), order);
}

TEST(PullMessageTest, AnOrderMayNameTheCertificateThatTheCameraMustShow) {
  const PullOrder order{CameraTransport::kTls, "rtsp://192.0.2.1:322/live", "viewer", "password",
                        std::string(64, 'a')};
  const std::string frame = EncodePullOrder(order);
  EXPECT_EQ(ParsePullOrder(FirstInterleavedFrame(BytesOf(frame)).payload).value(), order);
}

TEST(PullMessageTest, WhatIsNoOrderIsRefused) {
  for (const char* text : {"", "tcp\nrtsp://a/\n\n\n", "auto\nrtsp://a/\n\n\n", "udp",
                           "udp\n\n\n\n", "tls\nrtsp://a/\nabc\nuser\npassword"})
    EXPECT_FALSE(ParsePullOrder(BytesOf(text)).has_value()) << text;
}

TEST(PullMessageTest, AFailureIsReadAsItWasWrittenAndCanWriteNothingIntoALog) {
  const std::string frame = EncodePullFailure(
      {PullFailure::Kind::kRefused, "status 404\n\x1b[2J" + std::string(500, 'x')});
  const auto read = ParsePullFailure(FirstInterleavedFrame(BytesOf(frame)).payload);
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->kind, PullFailure::Kind::kRefused);
  EXPECT_TRUE(read->text.starts_with("status 404..[2Jxxx"));
  EXPECT_LE(read->text.size(), kMaxPullFailureBytes);
}

TEST(PullMessageTest, WhatIsNoFailureIsNone) {
  EXPECT_FALSE(ParsePullFailure({}).has_value());
  EXPECT_FALSE(ParsePullFailure(BytesOf("\x08text")).has_value());
}

}  // namespace
}  // namespace yagura::ingest
