#include "api/media/playlist.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/media/byte_timeline.h"
#include "api/media/clip_times.h"
#include "api/media/movie.h"

namespace yagura::api {
namespace {

using std::chrono::seconds;
using storage::ClipRow;
using ::testing::ElementsAre;

constexpr WallTime kStart{seconds(1'800'000'000)};

RunId RunNumber(std::uint8_t number) {
  RunId id;
  id.bytes.back() = number;
  return id;
}

MediaTime Media(double s) { return {900'000 + static_cast<std::int64_t>(s * 90'000)}; }

/// A clip of [from_s, to_s) with keyframes at these seconds; one second is 1000 bytes, behind a
/// head of 100.
ClipRow Clip(std::uint8_t run, std::uint32_t sequence, int from_s, int to_s,
             const std::vector<double>& keyframes_s) {
  ClipRow clip;
  clip.id = {RunNumber(run), sequence};
  clip.start = kStart + seconds(from_s);
  clip.end = kStart + seconds(to_s);
  clip.media_start = Media(from_s);
  clip.media_end = Media(to_s);
  clip.fragments_offset = 100;
  clip.trailer_offset = 100 + static_cast<std::uint64_t>(to_s - from_s) * 1000;
  clip.bytes = *clip.trailer_offset + 50;
  for (const double s : keyframes_s)
    clip.keyframes.push_back({100 + static_cast<std::uint64_t>((s - from_s) * 1000), Media(s)});
  return clip;
}

FootagePlan Plan(std::vector<ClipRow> clips, int from_s, int to_s) {
  FootagePlan plan;
  plan.range = {kStart + seconds(from_s), kStart + seconds(to_s)};
  plan.sequences = JoinClips(std::move(clips));
  return plan;
}

TEST(PlaylistTest, OneMapPerRunAndRelativeUrls) {
  const std::string run = ToString(RunNumber(1));
  EXPECT_EQ(PlaylistText(Plan({Clip(1, 0, 0, 6, {0, 2, 4}), Clip(1, 1, 6, 10, {6, 8})}, 3, 8)),
            "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-PLAYLIST-TYPE:VOD\n#EXT-X-TARGETDURATION:2\n#EXT-X-"
            "INDEPENDENT-SEGMENTS\n"
            "#EXT-X-MAP:URI=\"../../runs/" +
                run +
                "/init.mp4\"\n"
                "#EXT-X-PROGRAM-DATE-TIME:2027-01-15T08:00:02.000000Z\n"
                "#EXTINF:2.000000,\n#EXT-X-BYTERANGE:2000@2100\n../../clips/" +
                run +
                ".0/media\n"
                "#EXTINF:2.000000,\n#EXT-X-BYTERANGE:2000@4100\n../../clips/" +
                run +
                ".0/media\n"
                "#EXT-X-PROGRAM-DATE-TIME:2027-01-15T08:00:06.000000Z\n"
                "#EXTINF:2.000000,\n#EXT-X-BYTERANGE:2000@100\n../../clips/" +
                run +
                ".1/media\n"
                "#EXT-X-ENDLIST\n");
}

TEST(PlaylistTest, ABreakIsADiscontinuity) {
  const std::string text = PlaylistText(
      Plan({Clip(1, 0, 0, 4, {0}), Clip(1, 2, 10, 14, {10}), Clip(2, 0, 20, 24, {20})}, 0, 30));
  EXPECT_THAT(text,
              ::testing::HasSubstr(
                  "#EXT-X-DISCONTINUITY\n#EXT-X-PROGRAM-DATE-TIME:2027-01-15T08:00:10.000000Z"));
  EXPECT_THAT(text, ::testing::HasSubstr("#EXT-X-DISCONTINUITY\n#EXT-X-MAP"));
}

TEST(SegmentsTest, ShortGopsGoTogether) {
  const auto segments = SegmentsOf(Clip(1, 0, 0, 3, {0, 0.5, 1, 1.5, 2, 2.5}), Media(0), Media(3));
  EXPECT_THAT(segments, ElementsAre(PlaylistSegment{100, 2000, Media(0), Media(2), true},
                                    PlaylistSegment{2100, 1000, Media(2), Media(3), true}));
}

TEST(SegmentsTest, ALongGopIsOneSegmentPerClip) {
  EXPECT_THAT(SegmentsOf(Clip(1, 1, 110, 220, {}), Media(150), Media(160)),
              ElementsAre(PlaylistSegment{100, 110'000, Media(110), Media(220), false}));
}

TEST(SegmentsTest, WhatHangsOnAKeyframeElsewhereComesFirst) {
  const auto segments = SegmentsOf(Clip(1, 1, 10, 20, {14}), Media(10), Media(20));
  EXPECT_THAT(segments, ElementsAre(PlaylistSegment{100, 4000, Media(10), Media(14), false},
                                    PlaylistSegment{4100, 6000, Media(14), Media(20), true}));
}

TEST(PlaylistTest, WithoutItsLeadInASequenceStartsAtAKeyframe) {
  ClipRow clip = Clip(2, 0, 10, 20, {14});
  clip.lead_in = storage::KeyframeReference{{RunNumber(1), 5}, 100};
  const std::string text = PlaylistText(Plan({clip}, 0, 30));
  EXPECT_THAT(text, ::testing::HasSubstr("#EXT-X-BYTERANGE:6000@4100"));
  EXPECT_THAT(text, ::testing::Not(::testing::HasSubstr("@100\n")));
}

// A file that fails while the next clip is open already: what it had to give up lies in a clip with
// a higher number, between the two.
TEST(PlaylistTest, AClipThatTookOverFromAFailedOneStandsWhereItsTimeIs) {
  const auto sequences = JoinClips(
      {Clip(1, 0, 0, 59, {0, 20, 40}), Clip(1, 2, 59, 60, {}), Clip(1, 1, 60, 120, {60, 80, 100})});
  ASSERT_EQ(sequences.size(), 1U);
  EXPECT_EQ(sequences.front().clips.at(1).id.sequence, 2U);
}

TEST(ClipTimesTest, MediaAndWallRunEvenlyAlong) {
  ClipRow clip = Clip(1, 0, 0, 60, {0, 30});
  clip.end += milliseconds(6);  // slewed by 100 ppm
  EXPECT_EQ(WallAt(clip, Media(60)), clip.end);
  EXPECT_EQ(WallAt(clip, Media(30)), clip.start + seconds(30) + milliseconds(3));
  EXPECT_EQ(MediaAt(clip, clip.start + seconds(30) + milliseconds(3)), Media(30));
  EXPECT_EQ(MediaAt(clip, clip.start), clip.media_start);
  EXPECT_LT(MediaAt(clip, clip.start - std::chrono::hours(24 * 365 * 100)).ticks_90k, 0);
  EXPECT_EQ(KeyframeBefore(clip, Media(29)), Media(0));
  EXPECT_EQ(KeyframeAfter(clip, Media(29)), Media(30));
  EXPECT_EQ(KeyframeAfter(clip, Media(31)), Media(60));
}

TEST(StretchesTest, AreWidenedToGopsAndAtMostTenMinutes) {
  std::vector<ClipRow> clips;
  for (std::uint32_t i = 0; i < 25; ++i) {
    const int from = static_cast<int>(i) * 60;
    clips.push_back(
        Clip(1, i, from, from + 60, {static_cast<double>(from), from + 20.0, from + 40.0}));
  }
  const auto stretches = StretchesOf(Plan(clips, 70, 24 * 60 + 25));
  std::vector<WallRange> intervals;
  for (const auto& stretch : stretches) intervals.push_back(stretch.interval);
  const auto at = [](int s) { return kStart + seconds(s); };
  EXPECT_THAT(intervals, ElementsAre(WallRange{at(0), at(600)}, WallRange{at(600), at(1200)},
                                     WallRange{at(1200), at(24 * 60 + 40)}));
}

TEST(ByteTimelineTest, TellsTheGopsThatBytesTouch) {
  const auto at = [](int s) { return kStart + seconds(s); };
  const ByteTimeline timeline({{100, at(0)}, {2100, at(2)}, {4100, at(4)}, {6100, at(6)}});
  EXPECT_EQ(timeline.TimeOf(2100, 4100), (WallRange{at(2), at(4)}));
  EXPECT_EQ(timeline.TimeOf(2099, 4101), (WallRange{at(0), at(6)}));
  EXPECT_EQ(timeline.TimeOf(0, 9999), (WallRange{at(0), at(6)}));
  EXPECT_EQ(timeline.TimeOf(0, 50).from, timeline.TimeOf(0, 50).to) << "a head shows nothing";
  EXPECT_EQ(timeline.TimeOf(7000, 8000).from, timeline.TimeOf(7000, 8000).to);
}

TEST(GapsTest, AreWhatIsNotShown) {
  const auto at = [](int s) { return kStart + seconds(s); };
  EXPECT_THAT(
      GapsBetween({{at(1), at(5)}, {at(7), at(9)}}, {at(0), at(10)}, milliseconds(1)),
      ElementsAre(WallRange{at(0), at(1)}, WallRange{at(5), at(7)}, WallRange{at(9), at(10)}));
  EXPECT_TRUE(
      GapsBetween({{at(0), at(5)}, {at(4), at(10)}}, {at(0), at(10)}, milliseconds(1)).empty());
}

}  // namespace
}  // namespace yagura::api
