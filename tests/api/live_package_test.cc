#include "api/media/live_package.h"

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "tests/storage/live_units.h"

namespace yagura::api {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using yagura::testing::LiveUnits;

constexpr std::uint64_t kFirst = 100;
const WallTime kBegin = WallTime(std::chrono::seconds(1'800'000'000));

/// Ten frames a second, of 100 bytes each, a keyframe each `gop`.
class LivePackageTest : public ::testing::Test {
 protected:
  void Send(int frames) {
    for (int i = 0; i < frames; ++i) package_.Add(units_.Next());
  }
  std::string Playlist(WallTime from = kBegin) {
    return package_.Playlist(from, "").value_or("none");
  }

  LiveUnits units_{100, 20};
  LivePackage package_{kFirst};
};

int CountOf(const std::string& text, const std::string& what) {
  int count = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1))
    ++count;
  return count;
}

TEST_F(LivePackageTest, APartIsThereWithItsLastFrame) {
  Send(1);
  EXPECT_EQ(Playlist(), "none");
  EXPECT_FALSE(package_.HasReached({kFirst, 0}));
  // The first frame's length was guessed: from the third on parts are of two frames.
  Send(10);
  EXPECT_TRUE(package_.HasReached({kFirst, 0}));
  const auto parts = package_.Find({kFirst, 1});
  ASSERT_EQ(parts.size(), 1U);
  EXPECT_EQ(parts[0].duration_90k, kMediaTimescale / 5);
  EXPECT_GT(parts[0].bytes.size(), 200U);
  EXPECT_EQ(parts[0].to - parts[0].from, milliseconds(101));
}

/// What was handed out is on record as one stretch, not as one for each part.
TEST_F(LivePackageTest, APartTellsOfTheTimeSinceTheOneBefore) {
  Send(45);  // three segments, of which the last is open
  std::vector<WallRange> told;
  for (const LivePlace& place :
       {LivePlace{100, std::nullopt}, LivePlace{101, std::nullopt}, LivePlace{102, 0}}) {
    for (const LivePart& part : package_.Find(place)) told.push_back({part.since, part.to});
  }
  ASSERT_GT(told.size(), 15U);
  EXPECT_EQ(told.front().from, kBegin);
  for (std::size_t i = 1; i < told.size(); ++i) EXPECT_EQ(told[i].from, told[i - 1].to) << i;
}

TEST_F(LivePackageTest, NothingIsToldOfAnInterruption) {
  Send(25);
  package_.Interrupt();
  Send(20);
  const auto parts = package_.Find({102, 0});
  ASSERT_EQ(parts.size(), 1U);
  EXPECT_EQ(parts[0].since, parts[0].from);
}

TEST_F(LivePackageTest, ThePlaylistNamesPartsSegmentsAndWhatComesNext) {
  Send(45);
  const std::string text = Playlist();
  EXPECT_THAT(text, HasSubstr("#EXT-X-VERSION:9\n#EXT-X-TARGETDURATION:2\n"));
  EXPECT_THAT(text, HasSubstr("CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=0.600\n"));
  EXPECT_THAT(text, HasSubstr("#EXT-X-PART-INF:PART-TARGET=0.200\n#EXT-X-MEDIA-SEQUENCE:100\n"));
  EXPECT_THAT(text, HasSubstr("#EXT-X-MAP:URI=\"live-init.mp4?name="));
  EXPECT_THAT(text, HasSubstr("#EXT-X-PROGRAM-DATE-TIME:2027-01-15T08:00:02.000000Z\n"));
  EXPECT_THAT(text, HasSubstr(",URI=\"live.m4s?segment=101&part=0\",INDEPENDENT=YES\n"));
  EXPECT_THAT(text, HasSubstr("#EXTINF:2.000,\nlive.m4s?segment=101\n"));
  EXPECT_THAT(text, HasSubstr("URI=\"live.m4s?segment=102&part=1\"\n#EXT-X-PRELOAD-HINT:TYPE=PART,"
                              "URI=\"live.m4s?segment=102&part=2\"\n"));
  EXPECT_EQ(CountOf(text, "#EXTINF"), 2);
  EXPECT_EQ(CountOf(text, "#EXT-X-DISCONTINUITY\n"), 0);
  EXPECT_EQ(CountOf(text, "#EXT-X-MAP"), 1);
}

TEST_F(LivePackageTest, NobodySeesWhatIsFromBefore) {
  Send(45);
  const std::string text = Playlist(kBegin + milliseconds(1));
  EXPECT_THAT(text, HasSubstr("#EXT-X-MEDIA-SEQUENCE:101\n"));
  EXPECT_THAT(text, Not(HasSubstr("segment=100")));
  EXPECT_EQ(Playlist(kBegin + std::chrono::seconds(5)), "none");
}

TEST_F(LivePackageTest, WhatIsAwaitedIsThereOrNextOrTooFar) {
  Send(45);  // segment 102 has two parts
  EXPECT_TRUE(package_.HasReached({102, 1}));
  EXPECT_FALSE(package_.HasReached({102, 2}));
  EXPECT_FALSE(package_.HasReached({102, std::nullopt}));
  EXPECT_TRUE(package_.HasReached({101, std::nullopt}));
  EXPECT_TRUE(package_.HasReached({101, 99})) << "it ended before";
  EXPECT_TRUE(package_.HasReached({7, 0})) << "long ago";
  EXPECT_TRUE(package_.IsNext({102, 2}));
  EXPECT_TRUE(package_.IsNext({103, 0}));
  EXPECT_FALSE(package_.IsNext({104, 0}));
  EXPECT_EQ(package_.Find({101, 99}).size(), 0U);
  EXPECT_EQ(package_.Find({7, 0}).size(), 0U);
  EXPECT_EQ(package_.Find({102, std::nullopt}).size(), 0U) << "it goes on";
  EXPECT_EQ(package_.Find({101, std::nullopt}).size(), 10U);
}

TEST_F(LivePackageTest, AnInterruptionIsADiscontinuityFromTheNextKeyframeOn) {
  Send(25);
  package_.Interrupt();
  Send(10);  // of a GOP whose keyframe nobody has
  EXPECT_EQ(CountOf(Playlist(), "#EXT-X-DISCONTINUITY\n"), 0);
  Send(10);
  const std::string text = Playlist();
  EXPECT_EQ(CountOf(text, "#EXT-X-DISCONTINUITY\n"), 1);
  EXPECT_EQ(CountOf(text, "#EXT-X-MAP"), 1);
  const std::size_t at = text.find("#EXT-X-DISCONTINUITY\n");
  EXPECT_NE(text.find("segment=102", at), std::string::npos);
  EXPECT_EQ(text.find("segment=101", at), std::string::npos);
}

TEST_F(LivePackageTest, AnotherFormatHasAnotherHeader) {
  Send(20);
  units_.format = LiveUnits::Format(640);
  Send(20);
  const std::string text = Playlist();
  EXPECT_EQ(CountOf(text, "#EXT-X-MAP"), 2);
  EXPECT_EQ(CountOf(text, "#EXT-X-DISCONTINUITY\n"), 1);
  const std::size_t at = text.rfind("name=") + 5;
  const std::string init = package_.Init(text.substr(at, text.find('"', at) - at));
  EXPECT_THAT(init, HasSubstr("moov"));
  EXPECT_EQ(package_.Init("1"), "");
}

TEST_F(LivePackageTest, OldSegmentsGoAndTheirHeadersWithThem) {
  Send(20);
  const std::string before = Playlist();
  const std::size_t at = before.rfind("name=") + 5;
  const std::string name = before.substr(at, before.find('"', at) - at);
  units_.format = LiveUnits::Format(640);
  package_.Interrupt();
  Send(400);
  const std::string text = Playlist();
  EXPECT_EQ(CountOf(text, "#EXTINF"), 7);
  EXPECT_THAT(text, HasSubstr("#EXT-X-DISCONTINUITY-SEQUENCE:1\n"));
  EXPECT_EQ(CountOf(text, "INDEPENDENT=YES"), 3) << "parts are told of the last three alone";
  EXPECT_EQ(package_.Init(name), "");
  EXPECT_EQ(package_.Find({kFirst, 0}).size(), 0U);
}

TEST_F(LivePackageTest, WhereAllTogetherHoldTooMuchEachKeepsTheFewestSegments) {
  const auto all = std::make_shared<std::atomic<std::uint64_t>>(0);
  {
    LivePackage package(kFirst, all);
    const auto send = [&](int frames) {
      for (int i = 0; i < frames; ++i) package.Add(units_.Next());
    };
    send(101);  // five segments, and a keyframe
    EXPECT_GT(*all, 100U * 100U);
    EXPECT_EQ(package.Find({kFirst + 1, std::nullopt}).size(), 10U);
    *all += LivePackage::kAllBytesMax;  // of others
    send(20);
    EXPECT_EQ(package.Find({kFirst + 3, std::nullopt}).size(), 0U);
    EXPECT_EQ(package.Find({kFirst + 5, std::nullopt}).size(), 10U);
    *all -= LivePackage::kAllBytesMax;
  }
  EXPECT_EQ(*all, 0U);
}

TEST_F(LivePackageTest, AGopThatDoesNotEndIsCutAllTheSame) {
  LiveUnits endless(100, 100'000);
  for (int i = 0; i < 200; ++i) package_.Add(endless.Next());
  EXPECT_TRUE(package_.HasReached({kFirst + 1, std::nullopt}));
  EXPECT_EQ(CountOf(Playlist(), "INDEPENDENT=YES"), 1);
}

TEST_F(LivePackageTest, WhoWaitsIsToldOfEachPartAndOfTheEnd) {
  int told = 0;
  const std::uint64_t waiter = package_.OnMore([&] { ++told; });
  Send(11);
  EXPECT_EQ(told, 5);
  package_.End();
  EXPECT_TRUE(package_.ended());
  EXPECT_EQ(told, 6);
  package_.Forget(waiter);
  Send(11);
  EXPECT_EQ(told, 6);
}

}  // namespace
}  // namespace yagura::api
