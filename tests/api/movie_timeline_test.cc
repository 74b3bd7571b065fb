#include "api/media/movie_timeline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace yagura::api {
namespace {

using testing::ElementsAre;

/// Frames in decoding order, one letter each: I keyframe, P, B; decoding and presentation every 10
/// ticks, B-frames shown before the frame decoded ahead of them. Presentation is `delay` after
/// decoding.
FrameSequence Frames(const std::string& types, std::int64_t first_dts, std::int64_t delay) {
  FrameSequence sequence;
  std::vector<std::int64_t> shown_at(types.size());
  for (std::size_t i = 0; i < types.size(); ++i) {
    shown_at[i] = static_cast<std::int64_t>(i);
    if (types[i] == 'B')
      std::swap(shown_at[i], shown_at[i - 1]);  // B takes the place before its reference
  }
  for (std::size_t i = 0; i < types.size(); ++i) {
    StoredFrame frame;
    frame.offset = i * 100;
    frame.size_bytes = 100;
    frame.dts = {first_dts + static_cast<std::int64_t>(i) * 10};
    frame.pts = {first_dts + delay + shown_at[i] * 10};
    frame.keyframe = types[i] == 'I';
    sequence.frames.push_back(frame);
  }
  sequence.end = {first_dts + delay + static_cast<std::int64_t>(types.size()) * 10};
  sequence.show_from = {INT64_MIN};
  sequence.show_to = {INT64_MAX};
  return sequence;
}

FrameSequence Shown(FrameSequence sequence, std::int64_t from, std::int64_t to) {
  sequence.show_from = {from};
  sequence.show_to = {to};
  return sequence;
}

std::vector<std::int64_t> PtsOf(const FrameSequence& sequence) {
  std::vector<std::int64_t> pts;
  for (const StoredFrame& frame : sequence.frames) pts.push_back(frame.pts.ticks_90k);
  return pts;
}

TEST(MovieTimelineTest, ShowsAllOfAWholeRange) {
  const auto cut = CutToShown(Frames("IPPP", 0, 0));
  ASSERT_TRUE(cut);
  EXPECT_THAT(PtsOf(*cut), ElementsAre(0, 10, 20, 30));
  EXPECT_EQ(cut->show_from.ticks_90k, 0);
  EXPECT_EQ(cut->show_to.ticks_90k, 40);
}

TEST(MovieTimelineTest, LeadsInFromTheKeyframeAndEndsWithTheLastShown) {
  const auto cut = CutToShown(Shown(Frames("IPPPIPPP", 0, 0), 55, 75));
  EXPECT_THAT(PtsOf(*cut), ElementsAre(40, 50, 60, 70));
  EXPECT_EQ(cut->show_from.ticks_90k, 60);
  EXPECT_EQ(cut->show_to.ticks_90k, 80) << "the last frame shown is shown whole";
}

TEST(MovieTimelineTest, KeepsHiddenFramesThatTheLastShownNeeds) {
  // Decoded I(0) P(20) B(10) P(40) B(30): showing up to 30 needs the P at 40, hidden.
  const auto cut = CutToShown(Shown(Frames("IPBPB", 0, 10), 10, 45));
  EXPECT_THAT(PtsOf(*cut), ElementsAre(10, 30, 20, 50, 40));
  EXPECT_EQ(cut->show_to.ticks_90k, 50);
}

TEST(MovieTimelineTest, NothingShownIsNothing) {
  EXPECT_FALSE(CutToShown(Shown(Frames("IPPP", 0, 0), 100, 200)));
  EXPECT_FALSE(CutToShown(Shown(Frames("PPPP", 0, 0), 0, 20)));
  EXPECT_FALSE(CutToShown({}));
}

TEST(MovieTimelineTest, WithoutAKeyframeShowingStartsAtTheNext) {
  const auto cut = CutToShown(Shown(Frames("PPIP", 0, 0), 0, 40));
  EXPECT_THAT(PtsOf(*cut), ElementsAre(20, 30));
  EXPECT_EQ(cut->show_from.ticks_90k, 20);
}

TEST(MovieTimelineTest, HidesTheLeadInByOneEdit) {
  const auto movie = JoinSequences({*CutToShown(Shown(Frames("IPPP", 900, 20), 935, 950))});
  ASSERT_EQ(movie.frames.size(), 3U);
  EXPECT_EQ(movie.frames[0].dts, 0);
  EXPECT_EQ(movie.frames[0].pts, 20);
  EXPECT_THAT(movie.edits, ElementsAre(MovieEdit{40, 10}));
  EXPECT_EQ(movie.dts_end, 30);
}

TEST(MovieTimelineTest, CollapsesAGapWithoutASeam) {
  const auto first = CutToShown(Frames("IPBPB", 0, 10));
  const auto second = CutToShown(Frames("IPBPB", 7000, 10));
  const auto movie = JoinSequences({*first, *second});
  EXPECT_THAT(movie.edits, ElementsAre(MovieEdit{10, 100}));
  EXPECT_EQ(movie.frames[5].dts, 50);
  EXPECT_EQ(movie.frames[5].pts, 60);
  EXPECT_EQ(movie.dts_end, 100);
}

TEST(MovieTimelineTest, HiddenFramesBetweenSplitTheEdit) {
  const auto first = CutToShown(Shown(Frames("IPPP", 0, 0), 0, 20));
  const auto second = CutToShown(Shown(Frames("IPPP", 500, 0), 520, 540));
  const auto movie = JoinSequences({*first, *second});
  EXPECT_THAT(movie.edits, ElementsAre(MovieEdit{0, 20}, MovieEdit{40, 20}));
  EXPECT_EQ(movie.dts_end, 60);
}

TEST(MovieTimelineTest, AHiddenTailLiesBeforeAllThatFollows) {
  // The P at 50 is decoded for the B before it; the keyframe that follows is shown as it is
  // decoded.
  const auto first = CutToShown(Shown(Frames("IPBPB", 0, 10), 10, 45));
  const auto movie = JoinSequences({*first, *CutToShown(Frames("IPPP", 100, 0))});
  EXPECT_EQ(movie.frames[3].pts, 50);
  EXPECT_EQ(movie.frames[5].pts, 51);
  EXPECT_THAT(movie.edits, ElementsAre(MovieEdit{10, 40}, MovieEdit{51, 40}));
}

TEST(MovieTimelineTest, EditsBeginAsFarBehindTheirFirstDecodedFrame) {
  // The first shows from the P at 50 on, which is decoded at 20, 30 before; the second begins with
  // a keyframe, decoded 10 before it is shown.
  const auto first = CutToShown(Shown(Frames("IPBPBPB", 0, 10), 45, 65));
  const auto movie = JoinSequences({*first, *CutToShown(Frames("IPBPB", 100, 10))});
  ASSERT_EQ(movie.edits.size(), 2U);
  EXPECT_EQ(movie.edits[0].media_time - movie.frames[3].dts, 10);
  EXPECT_EQ(movie.edits[1].media_time - movie.frames[7].dts, 10);
  for (std::size_t i = 1; i < movie.frames.size(); ++i)
    EXPECT_GT(movie.frames[i].dts, movie.frames[i - 1].dts);
}

TEST(MovieTimelineTest, DecodingTimesNeverGoBack) {
  // The second starts with a longer delay: seamless presentation would move its decoding before the
  // first's end.
  const auto movie =
      JoinSequences({*CutToShown(Frames("IPPP", 0, 0)), *CutToShown(Frames("IPBPB", 100, 40))});
  for (std::size_t i = 1; i < movie.frames.size(); ++i)
    EXPECT_GT(movie.frames[i].dts, movie.frames[i - 1].dts);
  EXPECT_THAT(movie.edits, ElementsAre(MovieEdit{0, 40}, MovieEdit{80, 50}));
}

}  // namespace
}  // namespace yagura::api
