#include "ingest/sdp.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ingest/limits.h"

namespace yagura::ingest {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kOrdinary[] =
    "v=0\r\no=- 1 1 IN IP4 10.0.0.7\r\ns=Media\r\nc=IN IP4 0.0.0.0\r\nt=0 0\r\na=control:*\r\n"
    "m=audio 0 RTP/AVP 0\r\na=control:track1\r\n"
    "m=video 0 RTP/AVP 26 96\r\na=rtpmap:26 JPEG/90000\r\na=rtpmap:96 H264/90000\r\n"
    "a=fmtp:96 packetization-mode=1; profile-level-id=4D4028;sprop-parameter-sets=Z00=,aO4=\r\n"
    "a=framerate:15\r\na=control:track2\r\n";

Result<RecordedTrack> Track(const std::string& text) {
  ASSIGN_OR_RETURN(const Sdp sdp, ParseSdp(text));
  return FindRecordedTrack(sdp);
}

std::string Video(const std::string& attributes) {
  return "v=0\r\nm=video 0 RTP/AVP 96\r\n" + attributes;
}

TEST(SdpTest, FindsTheVideoTrack) {
  const auto track = Track(kOrdinary);
  ASSERT_TRUE(track.has_value()) << ToString(track.error());
  EXPECT_EQ(track->payload_type, 96);
  EXPECT_EQ(track->control, "track2");
  EXPECT_THAT(track->parameter_sets, ElementsAre(ElementsAre(0x67, 0x4d), ElementsAre(0x68, 0xee)));
  EXPECT_EQ(ParseSdp(kOrdinary)->control, "*");
}

TEST(SdpTest, FindsJpegByItsPayloadTypeAloneOrByName) {
  const auto by_type = Track("v=0\r\nm=video 0 RTP/AVP 26\r\na=control:t\r\n");
  ASSERT_TRUE(by_type.has_value()) << ToString(by_type.error());
  EXPECT_EQ(by_type->codec, Codec::kJpeg);
  EXPECT_EQ(by_type->payload_type, 26);
  EXPECT_EQ(by_type->control, "t");
  EXPECT_EQ(Track(Video("a=rtpmap:96 jpeg/90000\r\n"))->codec, Codec::kJpeg);
}

TEST(SdpTest, JpegIsTakenOnlyWhereThereIsNothingElse) {
  const std::string jpeg = "v=0\r\nm=video 0 RTP/AVP 26\r\na=control:one\r\n";
  const auto track =
      Track(jpeg + "m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=control:two\r\n");
  EXPECT_EQ(track->codec, Codec::kH264);
  EXPECT_EQ(track->media, 1u);
  EXPECT_EQ(track->control, "two");
}

TEST(SdpTest, FindsH265AndItsParameterSets) {
  const auto track = Track(Video(
      "a=rtpmap:96 H265/90000\r\n"
      "a=fmtp:96 sprop-vps=QAE=; sprop-sps=QgE=;sprop-pps=RAE=,RAI=;sprop-max-don-diff=0\r\n"));
  ASSERT_TRUE(track.has_value()) << ToString(track.error());
  EXPECT_EQ(track->codec, Codec::kH265);
  EXPECT_THAT(track->parameter_sets, ElementsAre(ElementsAre(0x40, 1), ElementsAre(0x42, 1),
                                                 ElementsAre(0x44, 1), ElementsAre(0x44, 2)));
  EXPECT_EQ(Track(Video("a=rtpmap:96 h265/90000\r\na=fmtp:96 tx-mode=SRST\r\n"))->codec,
            Codec::kH265);
}

TEST(SdpTest, RefusesH265WithDecodingOrderNumbersByName) {
  for (const char* parameter :
       {"sprop-max-don-diff=1", "sprop-depack-buf-nalus=3", "tx-mode=MRST"}) {
    const auto track =
        Track(Video(std::string("a=rtpmap:96 H265/90000\r\na=fmtp:96 ") + parameter + "\r\n"));
    ASSERT_FALSE(track.has_value()) << parameter;
    EXPECT_EQ(track.error().code(), ErrorCode::kUnimplemented);
    const std::string name(
        std::string_view(parameter).substr(0, std::string_view(parameter).find('=')));
    EXPECT_THAT(ToString(track.error()), ::testing::HasSubstr(name));
  }
}

TEST(SdpTest, ToleratesWhatCamerasDo) {
  EXPECT_EQ(Track("v=0\nm=video 0 RTP/AVP 96\na=rtpmap:96 h264/90000\n\n")->control, "")
      << "line feeds, no control";
  EXPECT_THAT(Track(Video("a=rtpmap:96 H264/90000\r\na=fmtp:96 sprop-parameter-sets=!!,\r\n"))
                  ->parameter_sets,
              IsEmpty());
  EXPECT_TRUE(
      Track(Video("a=rtpmap:96  H264/90000\r\na=fmtp:97 packetization-mode=2\r\n")).has_value());
  EXPECT_TRUE(
      Track(Video("a=rtpmap:96 H264/90000\r\na=fmtp:96\r\na=rtpmap:\r\na=\r\n")).has_value());
}

TEST(SdpTest, SaysWhatItDoesNotRecord) {
  for (const std::string& text :
       {std::string("v=0\r\ns=-\r\n"), Video("a=rtpmap:96 VP9/90000\r\n"),
        Video("a=rtpmap:96 H264/8000\r\n"), Video("a=rtpmap:96 H264\r\n"),
        Video("a=rtpmap:96 H264/90000\r\na=fmtp:96 packetization-mode=2\r\n"),
        std::string("v=0\r\nm=audio 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n")}) {
    const auto track = Track(text);
    ASSERT_FALSE(track.has_value()) << text;
    EXPECT_EQ(track.error().code(), ErrorCode::kUnimplemented) << text;
  }
}

TEST(SdpTest, RefusesWhatIsNoSdp) {
  for (const char* text :
       {"", "\r\n\r\n", "hello", "m=video 0 RTP/AVP 96\r\nv=0\r\n", "v=0\r\nnonsense\r\n"}) {
    const auto track = Track(text);
    ASSERT_FALSE(track.has_value()) << text;
    EXPECT_EQ(track.error().code(), ErrorCode::kInvalidArgument) << text;
  }
}

TEST(SdpTest, KnowsTheEdgesOfItsNumbers) {
  for (const char* rate : {"0", "-1", "89999", "4294967296", "4295057296", "18446744073709641616"})
    EXPECT_FALSE(Track(Video(std::string("a=rtpmap:96 H264/") + rate + "\r\n")).has_value())
        << rate;
  for (const char* port : {"0", "65535", "65536", "4294967296", "99999999999999999999"}) {
    const auto track =
        Track(std::string("v=0\r\nm=video ") + port + " RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n");
    ASSERT_TRUE(track.has_value()) << port << ": packets come over the connection that stands";
    EXPECT_EQ(track->payload_type, 96);
  }
  for (const char* format : {"128", "256", "352", "-1", "4294967392"}) {
    const std::string name(format);
    EXPECT_FALSE(
        Track("v=0\r\nm=video 0 RTP/AVP " + name + "\r\na=rtpmap:" + name + " H264/90000\r\n")
            .has_value())
        << format;
  }
}

TEST(SdpTest, HasLimits) {
  std::string lines = "v=0\r\n";
  for (std::size_t i = 0; i < kMaxSdpLines; ++i) lines += "a=x\r\n";
  std::string media = "v=0\r\n";
  for (std::size_t i = 0; i <= kMaxSdpMedia; ++i) media += "m=video 0 RTP/AVP 96\r\n";
  std::string formats = "v=0\r\nm=video 0 RTP/AVP";
  for (int i = 0; i < 40; ++i) formats += " 96";
  for (const std::string& text : {lines, media, formats + "\r\n"}) {
    const auto sdp = ParseSdp(text);
    ASSERT_FALSE(sdp.has_value());
    EXPECT_EQ(sdp.error().code(), ErrorCode::kResourceExhausted);
  }
}

}  // namespace
}  // namespace yagura::ingest
