#include "simulate/rtsp_request.h"

#include <gtest/gtest.h>

#include <string>

namespace yagura::simulate {
namespace {

std::span<const std::uint8_t> BytesOf(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// The methods of all whole requests that the reader now has.
std::string Methods(RtspRequestReader& reader) {
  std::string methods;
  while (true) {
    const auto request = reader.Next();
    if (!request) return methods + "!";
    if (!*request) return methods;
    methods += (*request)->method + " ";
  }
}

TEST(RtspRequestReader, ReadsARequestInAnyPieces) {
  const std::string text =
      "SETUP rtsp://a/camera/7/trackID=0 RTSP/1.0\r\ncseq: 3\r\nTransport:  x \r\n\r\n";
  RtspRequestReader reader;
  for (const char& c : text.substr(0, text.size() - 1)) {
    reader.Feed(BytesOf({&c, 1}));
    ASSERT_EQ(Methods(reader), "");
  }
  reader.Feed(BytesOf("\n"));
  const auto request = reader.Next().value().value();
  EXPECT_EQ(request.method, "SETUP");
  EXPECT_EQ(request.uri, "rtsp://a/camera/7/trackID=0");
  EXPECT_EQ(request.Header("CSeq"), "3");
  EXPECT_EQ(request.Header("transport"), "x");
  EXPECT_EQ(request.Header("Session"), "");
}

TEST(RtspRequestReader, SkipsAnswersToTheCamerasOwnRequests) {
  using namespace std::string_literals;
  RtspRequestReader reader;
  reader.Feed(
      BytesOf("RTSP/1.0 200 OK\r\nCSeq: 1\r\n\r\nRTSP/1.0 501 No\r\n\r\nx u RTSP/1.0\r\n\r\n"));
  EXPECT_EQ(Methods(reader), "x ");
  reader.Feed(BytesOf("$\1\0\2RRRTSP/1.0 200 OK\r\n\r\n"s));
  EXPECT_EQ(Methods(reader), "");
  EXPECT_EQ(reader.packets(), 1u);
}

TEST(RtspRequestReader, SkipsBodiesAndInterleavedPackets) {
  using namespace std::string_literals;
  RtspRequestReader reader;
  reader.Feed(BytesOf("A u RTSP/1.0\r\nContent-Length: 4\r\n\r\nB"));
  EXPECT_EQ(Methods(reader), "A ");
  reader.Feed(BytesOf("ody$\1\0\4RR"s));
  EXPECT_EQ(Methods(reader), "");
  reader.Feed(BytesOf("RR$\1\0\1Rx u RTSP/1.0\r\n\r\ny u RTSP/1.0\r\n\r\n"s));
  EXPECT_EQ(Methods(reader), "x y ");
}

TEST(RtspRequestReader, RefusesWhatIsNoRequestOrTooLong) {
  RtspRequestReader http;
  http.Feed(BytesOf("GET / HTTP/1.1\r\n\r\n"));
  EXPECT_EQ(http.Next().error().code(), ErrorCode::kInvalidArgument);
  RtspRequestReader endless;
  endless.Feed(BytesOf(std::string(20'000, 'x')));
  EXPECT_EQ(endless.Next().error().code(), ErrorCode::kResourceExhausted);
  RtspRequestReader fat;
  fat.Feed(BytesOf("A u RTSP/1.0\r\nContent-Length: 100000000\r\n\r\n"));
  EXPECT_EQ(fat.Next().error().code(), ErrorCode::kResourceExhausted);
}

}  // namespace
}  // namespace yagura::simulate
