#include "ingest/rtsp_message.h"

#include <gtest/gtest.h>

#include "ingest/limits.h"

namespace yagura::ingest {
namespace {

ParsedRtspMessage Parse(std::string_view text) { return ParseRtspMessage(text).value().value(); }

TEST(RtspMessageTest, ReadsAReplyWithItsBodyAndStopsThere) {
  const auto parsed = Parse(
      "RTSP/1.0 200 OK\r\nCSeq: 2\r\ncontent-LENGTH: 5\r\nServer: x\r\n y\r\n\r\nv=0\r\n$\0\0\0");
  EXPECT_EQ(parsed.message.status, 200);
  EXPECT_EQ(parsed.message.Header("cseq"), "2");
  EXPECT_EQ(parsed.message.Header("Server"), "x y") << "a folded line";
  EXPECT_EQ(parsed.message.body, "v=0\r\n");
  EXPECT_EQ(parsed.size_bytes, 67u);
  EXPECT_EQ(parsed.message.Header("Session"), std::nullopt);
}

TEST(RtspMessageTest, ReadsARequestOfTheCamera) {
  const auto parsed = Parse("OPTIONS * RTSP/1.0\nCSeq: 9\n\n");
  EXPECT_FALSE(parsed.message.IsReply());
  EXPECT_EQ(parsed.message.method, "OPTIONS");
}

TEST(RtspMessageTest, AsksForMoreAtEveryCutOfAMessage) {
  const std::string text = "RTSP/1.0 200 OK\r\nCSeq: 2\r\nContent-Length: 3\r\n\r\nabc";
  for (std::size_t size = 0; size < text.size(); ++size) {
    const auto result = ParseRtspMessage(text.substr(0, size));
    ASSERT_TRUE(result.has_value()) << size;
    EXPECT_EQ(*result, std::nullopt) << size;
  }
  EXPECT_EQ(Parse(text).message.body, "abc");
}

TEST(RtspMessageTest, RefusesWhatIsNotRtsp) {
  for (const char* text :
       {"HTTP/1.1 200 OK\r\n\r\n", "RTSP/2.0 200 OK\r\n\r\n", "RTSP/1.0 OK\r\n\r\n",
        "RTSP/1.0 99 X\r\n\r\n", "GET / HTTP/1.1\r\n\r\n", "v=0\r\n", "\x80\x60\x01",
        "RTSP/1.0 200 OK\r\nno colon\r\n\r\n", "RTSP/1.0 200 OK\r\nContent-Length: -1\r\n\r\n",
        "RTSP/1.0 200 OK\r\nContent-Length: 5x\r\n\r\n", "RTSP/1.0 200 OK\r\n: x\r\n\r\n"}) {
    const auto result = ParseRtspMessage(text);
    ASSERT_FALSE(result.has_value()) << text;
    EXPECT_EQ(result.error().code(), ErrorCode::kInvalidArgument) << text;
  }
}

TEST(RtspMessageTest, TellsAtOnceWhatIsOverALimit) {
  std::string many_lines = "RTSP/1.0 200 OK\r\n";
  for (std::size_t i = 0; i < kMaxHeaderLines; ++i) many_lines += "a: b\r\n";
  for (const std::string& text :
       {std::string("RTSP/1.0 200 OK\r\nContent-Length: 104857600\r\n\r\n"),
        std::string("RTSP/1.0 200 OK\r\nContent-Length: 18446744073709551615\r\n\r\n"),
        "RTSP/1.0 200 OK\r\nX: " + std::string(kMaxHeaderBytes, 'x'), many_lines + "\r\n"}) {
    const auto result = ParseRtspMessage(text);
    ASSERT_FALSE(result.has_value()) << text.substr(0, 50);
    EXPECT_EQ(result.error().code(), ErrorCode::kResourceExhausted) << text.substr(0, 50);
  }
}

TEST(RtspMessageTest, FormatsARequest) {
  EXPECT_EQ(FormatRtspMessage("PLAY rtsp://h/p RTSP/1.0", {{"CSeq", "4"}, {"Session", "1"}}),
            "PLAY rtsp://h/p RTSP/1.0\r\nCSeq: 4\r\nSession: 1\r\n\r\n");
}

}  // namespace
}  // namespace yagura::ingest
