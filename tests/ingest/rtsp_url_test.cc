#include "ingest/rtsp_url.h"

#include <gtest/gtest.h>

namespace yagura::ingest {
namespace {

TEST(RtspUrlTest, ReadsHostAndPort) {
  struct Case {
    const char* text;
    const char* host;
    int port;
  };
  for (const Case& c :
       {Case{"rtsp://10.0.0.7:8554/live?x=1", "10.0.0.7", 8554}, Case{"rtsp://cam/", "cam", 554},
        Case{"RTSP://cam", "cam", 554}, Case{"rtsp://[fe80::1]:99/a", "fe80::1", 99},
        Case{"rtsp://[::1]/a", "::1", 554}}) {
    const auto url = ParseRtspUrl(c.text);
    ASSERT_TRUE(url.has_value()) << c.text;
    EXPECT_EQ(url->host, c.host);
    EXPECT_EQ(url->port, c.port);
    EXPECT_EQ(url->text, c.text);
  }
}

TEST(RtspUrlTest, RefusesWhatItIsNot) {
  for (const char* text :
       {"", "http://cam/", "rtsp://", "rtsp:///path", "rtsp://cam:0/", "rtsp://cam:65536/",
        "rtsp://cam:x/", "rtsp://cam:/", "rtsp://user:secret@cam/", "rtsp://[::1/a",
        "rtsp://[::1]x/", "rtsp://cam/a b", "rtsp://cam/a\r\nX: y", "rtsp://cam/\xe3\x81\x82"}) {
    EXPECT_FALSE(ParseRtspUrl(text).has_value()) << text;
  }
  EXPECT_FALSE(ParseRtspUrl("rtsp://cam/" + std::string(2'000, 'a')).has_value());
}

TEST(RtspUrlTest, AnAtSignInThePathIsNoCredential) {
  EXPECT_TRUE(ParseRtspUrl("rtsp://cam/a@b").has_value());
}

TEST(RtspUrlTest, ResolvesControlAsTheCommonPlayersDo) {
  struct Case {
    const char* base;
    const char* control;
    const char* url;
  };
  for (const Case& c :
       {Case{"rtsp://h/p/", "trackID=1", "rtsp://h/p/trackID=1"},
        Case{"rtsp://h/p", "trackID=1", "rtsp://h/p/trackID=1"},
        Case{"rtsp://h/p?x=1", "trackID=1", "rtsp://h/p?x=1/trackID=1"},
        Case{"rtsp://h:8/p/q", "/abs", "rtsp://h:8/abs"}, Case{"rtsp://h", "/abs", "rtsp://h/abs"},
        Case{"rtsp://h?x=1", "/abs", "rtsp://h/abs"},
        Case{"rtsp://h/p", "?ctype=video", "rtsp://h/p?ctype=video"},
        Case{"rtsp://h/p/", "t?x=1", "rtsp://h/p/t?x=1"}, Case{"rtsp://h/p", "*", "rtsp://h/p"},
        Case{"rtsp://h/p", "", "rtsp://h/p"},
        Case{"rtsp://h/p", "rtsp://other/t", "rtsp://other/t"}}) {
    EXPECT_EQ(ResolveControl(c.base, c.control), c.url);
  }
}

TEST(RtspUrlTest, FindsWhatControlsAreRelativeTo) {
  const RtspUrl asked = ParseRtspUrl("rtsp://h:8/live?x=1").value();
  struct Case {
    const char* content_base;
    const char* content_location;
    const char* base;
  };
  for (const Case& c :
       {Case{"rtsp://h:8/live/", "rtsp://other/", "rtsp://h:8/live/"},
        Case{"", "rtsp://h:8/there", "rtsp://h:8/there"}, Case{"", "", "rtsp://h:8/live?x=1"},
        Case{"/live/main/", "", "rtsp://h:8/live/main/"},
        Case{"live.sdp", "", "rtsp://h:8/live?x=1"},
        // SV3C SV-B01POE-1080P-L (scottlamb/moonfire-nvr issue 356)
        Case{"h:8/live/", "", "rtsp://h:8/live?x=1"},
        // AlexxIT/go2rtc issue 208
        Case{"rtsp://rtsp://h:8/live/", "rtsp://h:8/live/", "rtsp://h:8/live/"}}) {
    EXPECT_EQ(BaseUrl(asked, c.content_base, c.content_location), c.base);
  }
}

TEST(RtspUrlTest, FollowsLocations) {
  const RtspUrl asked = ParseRtspUrl("rtsp://h:8/live?x=1").value();
  EXPECT_EQ(ResolveLocation(asked, "rtsp://h:9/b")->port, 9);
  EXPECT_EQ(ResolveLocation(asked, "/b")->text, "rtsp://h:8/b");
  for (const char* nowhere : {"", "b", "rtsps://h/b", "rtsp://u:p@h/b"})
    EXPECT_FALSE(ResolveLocation(asked, nowhere).has_value()) << nowhere;
}

TEST(RtspUrlTest, PutsAnAddressInPlaceOfTheName) {
  const auto with = [](const char* url, const char* address) {
    return WithAddress(ParseRtspUrl(url, 322).value(), address);
  };
  EXPECT_EQ(with("rtsp://camera/live?a=b@c", "192.0.2.1"), "rtsp://192.0.2.1:322/live?a=b@c");
  EXPECT_EQ(with("rtsp://camera:8", "2001:db8::1"), "rtsp://[2001:db8::1]:8");
  EXPECT_EQ(with("rtsp://camera:8#@elsewhere/live", "192.0.2.1"), "rtsp://192.0.2.1:8");
  EXPECT_EQ(with("rtsp://camera:8/live#a", "192.0.2.1"), "rtsp://192.0.2.1:8/live");
}

}  // namespace
}  // namespace yagura::ingest
