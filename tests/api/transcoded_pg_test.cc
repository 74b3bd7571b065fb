#include <gmock/gmock.h>

#include <set>
#include <sstream>

#include "tests/api/footage_world.h"

// Past footage made H.264 for browsers that lack its codec, over the real listeners.
namespace yagura::api {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// Addresses in a playlist, as absolute paths.
struct Addresses {
  std::vector<std::string> inits;
  std::vector<std::string> segments;
};
Addresses AddressesIn(const std::string& playlist) {
  Addresses found;
  const auto absolute = [](const std::string& relative) {
    return "/v1/" + relative.substr(std::string("../../").size());
  };
  std::istringstream in(playlist);
  for (std::string row; std::getline(in, row);) {
    if (row.starts_with("#EXT-X-MAP:URI="))
      found.inits.push_back(absolute(row.substr(16, row.size() - 17)));
    if (row.starts_with("../")) found.segments.push_back(absolute(row));
  }
  return found;
}

class TranscodedFootageTest : public FootageTest {
 protected:
  static std::string H264Playlist(CameraId camera, double from_s, double to_s) {
    return Playlist(camera, At(from_s), At(to_s)) + "&codec=h264";
  }
  static std::string HeadToken() { return world().TokenOf(world().office.head(0)); }
  /// A segment of camera h265.
  static std::string SomeSegment(const std::string& token) {
    const auto playlist = served().Ask(H264Playlist(world().cameras.at("h265"), 10, 20), token);
    return AddressesIn(playlist.body).segments.at(1);
  }
};

class TranscodedPlaylistTest : public TranscodedFootageTest,
                               public ::testing::WithParamInterface<const char*> {};

TEST_P(TranscodedPlaylistTest, PlaysEachFrameOnceAtItsInstantAsH264) {
  const CameraId camera = world().cameras.at(GetParam());
  const std::string token = HeadToken();
  const auto playlist = served().Ask(H264Playlist(camera, 103.3, 163.3), token);
  ASSERT_EQ(playlist.status, 200) << playlist.body;
  EXPECT_THAT(playlist.body, Not(HasSubstr("BYTERANGE")));
  EXPECT_THAT(playlist.body, HasSubstr("#EXT-X-INDEPENDENT-SEGMENTS"));
  const Addresses addresses = AddressesIn(playlist.body);
  ASSERT_EQ(addresses.inits.size(), 1U);
  std::string stream = served().Ask(addresses.inits.front(), token).body;
  EXPECT_THAT(stream, HasSubstr("avc1"));
  for (const std::string& segment : addresses.segments) {
    const auto part = served().Ask(segment, token);
    ASSERT_EQ(part.status, 200) << part.body;
    EXPECT_EQ(part.field("Content-Type"), "video/mp4");
    stream += part.body;
  }
  const auto file = Keep(stream);
  EXPECT_EQ(ComplaintsAbout(file), "");
  EXPECT_THAT(ProbeStream(file, "codec_name"), HasSubstr("h264"));
  std::set<double> instants;
  for (const auto& packet : ProbePackets(file)) instants.insert(packet.pts_s);
  EXPECT_EQ(instants.size(), ProbePackets(file).size()) << "none comes twice";
  const double length_s = *instants.rbegin() - *instants.begin();
  EXPECT_NEAR(static_cast<double>(instants.size()), length_s * 15 + 1, 1) << "none is missing";
  EXPECT_GE(length_s, 59.9);
}

INSTANTIATE_TEST_SUITE_P(All, TranscodedPlaylistTest, ::testing::Values("h265", "h265_bframes"));

TEST_F(TranscodedFootageTest, WhatIsH264StaysAsItWasStored) {
  const std::string token = HeadToken();
  const std::string plain = Playlist(world().plain, At(10), At(20));
  EXPECT_EQ(served().Ask(plain + "&codec=h264", token).body, served().Ask(plain, token).body);
  const auto changed = served().Ask(H264Playlist(world().changed, 80, 120), token);
  ASSERT_EQ(changed.status, 200);
  EXPECT_THAT(changed.body, HasSubstr("/media\n"));
  EXPECT_THAT(changed.body, HasSubstr("/h264.m4s?first="));
}

TEST_F(TranscodedFootageTest, IsForWhomTheFootageIsAndOnRecordAsIt) {
  const std::string token = HeadToken();
  const std::string segment = SomeSegment(token);
  const std::string foreign = world().TokenOf(world().office.head(1));
  const auto unknown =
      served().Ask("/v1/clips/" + ToString(NewId<RunId>()) + ".1/h264.m4s?first=0&last=9", foreign);
  const auto refused = served().Ask(segment, foreign);
  EXPECT_EQ(refused.status, 404);
  EXPECT_EQ(refused.comparable(), unknown.comparable());
  const std::string viewings =
      "SELECT count(*) FROM viewing WHERE action = 'footage.play' AND camera_id = '" +
      ToString(world().cameras.at("h265")) + "'";
  const int before = std::stoi(world().office.Column(viewings).at(0));
  EXPECT_EQ(served().Ask(segment, token, {}, "HEAD").status, 200);
  EXPECT_EQ(std::stoi(world().office.Column(viewings).at(0)), before) << "nothing was shown";
  EXPECT_EQ(served().Ask(segment, HeadToken()).status, 200);
  EXPECT_EQ(std::stoi(world().office.Column(viewings).at(0)), before + 1);
}

TEST_F(TranscodedFootageTest, TheOneTooManyIsToldSoAtOnce) {
  ServedOffice one(world().office.database().ConnectAs("yagura_api"),
                   world().office.database().ConnectAs("yagura_media"), world().office.calendar(),
                   "/nowhere/live.socket", 1);
  const std::string playlist = H264Playlist(world().cameras.at("h265"), 10, 20);
  const std::string first = HeadToken();
  EXPECT_EQ(one.Ask(playlist, first).status, 200);
  const auto busy = one.Ask(playlist, HeadToken());
  EXPECT_EQ(busy.status, 503);
  EXPECT_THAT(busy.body, HasSubstr("transcodes_busy"));
  EXPECT_EQ(busy.field("Retry-After"), "2");
  EXPECT_EQ(one.Ask(playlist, first).status, 200) << "who plays goes on";
  EXPECT_EQ(one.Ask(Playlist(world().cameras.at("h265"), At(10), At(20)), HeadToken()).status, 200)
      << "as it was sent";
}

TEST_F(TranscodedFootageTest, OnlySegmentsOfAPlaylistAreMade) {
  const std::string token = HeadToken();
  const std::string segment = SomeSegment(token);
  const std::string clip = segment.substr(0, segment.find('?'));
  EXPECT_EQ(served().Ask(clip, token).status, 400);
  EXPECT_EQ(served().Ask(clip + "?first=9&last=3", token).status, 400);
  EXPECT_EQ(served().Ask(clip + "?first=x&last=3", token).status, 400);
  EXPECT_EQ(served().Ask(clip + "?first=0&last=99999999999999999999", token).status, 400);
  EXPECT_EQ(
      served().Ask(clip + "?first=18446744073709551614&last=18446744073709551615", token).status,
      416);
  EXPECT_EQ(served().Ask(clip + "?first=0&last=9", token).status, 416);
  EXPECT_EQ(served().Ask(Playlist(world().plain, At(10), At(20)) + "&codec=vp9", token).status,
            400);
}

}  // namespace
}  // namespace yagura::api
