#include <gmock/gmock.h>

#include "ingest/h265_sps.h"
#include "tests/ingest/h265_stream.h"
#include "tests/ingest/video_track_fixture.h"

namespace yagura::ingest {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::MakeH265Pps;
using testing::MakeH265Slice;
using testing::MakeH265Sps;
using testing::MakeH265Vps;
using ::testing::SizeIs;

constexpr std::uint8_t kTrail = 1;
constexpr std::uint8_t kRadl = 7;
constexpr std::uint8_t kRasl = 9;

class VideoTrackH265Test : public VideoTrackTest {
 protected:
  VideoTrackH265Test() : VideoTrackTest(Codec::kH265) {}

  std::vector<Bytes> ParameterSets() const {
    return {MakeH265Vps(), MakeH265Sps(h265_), MakeH265Pps()};
  }
  /// A keyframe of this type, with its parameter sets.
  void SendIrap(std::uint8_t type, std::optional<int> shown = {}) {
    std::vector<Bytes> nals = ParameterSets();
    nals.push_back(MakeH265Slice(type, 900, Fill()));
    Send(nals, shown);
  }
  void SendPicture(std::uint8_t type = kTrail, std::optional<int> shown = {}) {
    Send({MakeH265Slice(type, 300, Fill())}, shown);
  }
  /// Places in presentation order of what was delivered, but for the first `but` units; that of a
  /// timeline's first keyframe is 0.
  std::vector<std::int64_t> Shown(std::size_t but = 0) const {
    std::vector<std::int64_t> places;
    for (const AccessUnit& unit : sink_.units())
      places.push_back((unit.pts.ticks_90k - 900'000) / 9'000);
    places.erase(places.begin(), places.begin() + static_cast<std::ptrdiff_t>(but));
    return places;
  }

  testing::H265SpsFields h265_;
};

TEST_F(VideoTrackH265Test, DeliversUnitsWithTheirFormat) {
  SendPicture();
  SendIrap(kH265IdrWRadl);
  SendPicture();
  const auto units = sink_.units();
  EXPECT_THAT(Shown(), ElementsAre(0, 1));
  EXPECT_TRUE(units[0].keyframe);
  EXPECT_FALSE(units[1].keyframe);
  EXPECT_EQ(units[0].format->codec, Codec::kH265);
  EXPECT_EQ(units[0].format->vps, MakeH265Vps());
  EXPECT_EQ(units[0].format->sps, MakeH265Sps());
  EXPECT_EQ(units[0].format->pps, MakeH265Pps());
  EXPECT_EQ(units[0].format->width_px, 1'920u);
  EXPECT_EQ(units[0].format->height_px, 1'080u);
  EXPECT_THAT(sink_.reasons(), ElementsAre(GapReason::kWaitingForKeyframe));
}

TEST_F(VideoTrackH265Test, ParameterSetsOfTheSdpAreEnoughOnceAllThreeAreThere) {
  Join({MakeH265Pps(), MakeH265Sps()});
  Send({MakeH265Slice(kH265IdrNLp, 900, 0)});
  EXPECT_THAT(sink_.units(), IsEmpty()) << "without a VPS";
  Send({MakeH265Vps(), MakeH265Slice(kH265IdrNLp, 900, 0)});
  EXPECT_THAT(sink_.units(), SizeIs(1));
}

TEST_F(VideoTrackH265Test, AtTheBeginningLeadingPicturesAreLeftOut) {
  h265_.reorder_pictures = 1;
  for (const std::uint8_t type : {kH265Cra, kH265BlaWLp, kH265IdrWRadl}) {
    Join({});
    const std::size_t before = sink_.units().size();
    const int first = sent_ + 2;
    SendIrap(type, first);
    SendPicture(type == kH265IdrWRadl ? kRadl : kRasl, first - 1);
    SendPicture(kTrail, first + 2);
    SendPicture(kTrail, first + 1);
    EXPECT_THAT(Shown(before), ElementsAre(0, 2, 1)) << int{type};
  }
}

TEST_F(VideoTrackH265Test, InMidStreamLeadingPicturesAreKeptAlsoWhereTheFormatChanges) {
  h265_.reorder_pictures = 1;
  SendIrap(kH265IdrNLp);
  SendIrap(kH265Cra, 3);
  SendPicture(kRasl, 1);
  SendPicture(kRasl, 2);
  h265_.width_px = 1'280;
  SendIrap(kH265IdrWRadl, 6);
  SendPicture(kRadl, 4);
  SendPicture(kRadl, 5);
  const auto units = sink_.units();
  EXPECT_THAT(Shown(), ElementsAre(0, 3, 1, 2, 6, 4, 5));
  EXPECT_TRUE(units[1].keyframe);
  EXPECT_EQ(units[3].format->width_px, 1'920u);
  EXPECT_EQ(units[4].format->width_px, 1'280u);
  EXPECT_EQ(units[6].timeline, units[0].timeline);
  EXPECT_THAT(sink_.interruptions(), IsEmpty());
}

TEST_F(VideoTrackH265Test, AnotherPpsOrVpsIsAnotherFormatWithoutLoss) {
  SendIrap(kH265IdrNLp);
  Bytes pps = MakeH265Pps();
  pps.back() ^= 0x40;
  Send({MakeH265Vps(), MakeH265Sps(h265_), pps, MakeH265Slice(kH265IdrNLp, 900, 1)});
  SendPicture();
  const auto units = sink_.units();
  ASSERT_THAT(units, SizeIs(3));
  EXPECT_EQ(units[1].format->pps, pps);
  EXPECT_NE(units[0].format, units[1].format);
  EXPECT_EQ(units[0].timeline, units[2].timeline);
}

TEST_F(VideoTrackH265Test, BFramesGetDecodingTimes) {
  h265_ = {.reorder_pictures = 2, .units_in_tick = 1, .time_scale = 10};
  SendIrap(kH265IdrNLp, 0);
  for (const int shown : {4, 2, 1, 3, 5}) SendPicture(kTrail, shown);
  std::vector<std::int64_t> decoding;
  for (const AccessUnit& unit : sink_.units())
    decoding.push_back((unit.dts.ticks_90k - 900'000) / 9'000);
  EXPECT_THAT(Shown(), ElementsAre(0, 4, 2, 1, 3, 5));
  EXPECT_THAT(decoding, ElementsAre(-2, -1, 0, 1, 2, 3));
}

TEST_F(VideoTrackH265Test, SeveralPicturesUnderOneTimestampGetTimesOfTheirOwn) {
  SendIrap(kH265IdrNLp, 0);
  for (int i = 0; i < 3; ++i) SendPicture(kTrail, 0);
  SendPicture(kTrail, 4);
  const auto units = sink_.units();
  ASSERT_THAT(units, SizeIs(5));
  for (std::size_t i = 1; i < units.size(); ++i) EXPECT_GT(units[i].pts, units[i - 1].pts);
  EXPECT_THAT(sink_.interruptions(), IsEmpty());
}

}  // namespace
}  // namespace yagura::ingest
