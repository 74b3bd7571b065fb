#include "api/media/file_ranges.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace yagura::api {
namespace {

using std::chrono::minutes;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr WallTime kStart{std::chrono::seconds(1'800'000'000)};

WallTime At(int minute) { return kStart + minutes(minute); }

/// [from, to) in clips of two minutes, in a sequence of its own.
ClipSequence Sequence(int from, int to, std::uint8_t format) {
  ClipSequence sequence;
  for (int minute = from; minute < to; minute += 2) {
    storage::ClipRow clip;
    clip.start = At(minute);
    clip.end = At(std::min(minute + 2, to));
    sequence.clips.push_back(clip);
  }
  sequence.init_sha256 = {format};
  return sequence;
}

struct Asked {
  int from;
  int to;
};

/// In minutes.
std::vector<std::pair<int, int>> Ranges(Asked asked, std::vector<ClipSequence> sequences) {
  FootagePlan plan;
  plan.range = {At(asked.from), At(asked.to)};
  plan.sequences = std::move(sequences);
  std::vector<std::pair<int, int>> ranges;
  for (const WallRange& range : RangesOfFiles(plan)) {
    ranges.emplace_back(std::chrono::duration_cast<minutes>(range.from - kStart).count(),
                        std::chrono::duration_cast<minutes>(range.to - kStart).count());
  }
  return ranges;
}

std::pair<int, int> Range(int from, int to) { return {from, to}; }

TEST(FileRangesTest, OneFormatIsCutAtClipsAfterTwoHours) {
  EXPECT_THAT(Ranges({0, 300}, {Sequence(0, 300, 1)}),
              ElementsAre(Range(0, 120), Range(120, 240), Range(240, 300)));
}

TEST(FileRangesTest, ARangeBeginsAndEndsWithFootageNotInAGap) {
  EXPECT_THAT(Ranges({0, 400}, {Sequence(10, 100, 1), Sequence(150, 160, 1)}),
              ElementsAre(Range(10, 100), Range(150, 160)));
  EXPECT_THAT(Ranges({0, 400}, {Sequence(10, 100, 1), Sequence(110, 125, 1)}),
              ElementsAre(Range(10, 125)));
}

TEST(FileRangesTest, EachFormatHasItsOwn) {
  EXPECT_THAT(Ranges({5, 95}, {Sequence(0, 20, 1), Sequence(20, 50, 2), Sequence(60, 100, 1)}),
              ElementsAre(Range(5, 20), Range(20, 50), Range(60, 95)));
}

TEST(FileRangesTest, ATimeLivedTwiceIsInOneRange) {
  EXPECT_THAT(Ranges({0, 200}, {Sequence(0, 30, 1), Sequence(20, 60, 1), Sequence(60, 70, 2)}),
              ElementsAre(Range(0, 60), Range(60, 70)));
  EXPECT_THAT(Ranges({0, 300}, {Sequence(0, 130, 1), Sequence(115, 140, 1)}),
              ElementsAre(Range(0, 120), Range(120, 140)));
}

TEST(FileRangesTest, WhatOnlyLeadsInIsNotAskedFor) {
  ClipSequence sequence = Sequence(0, 10, 1);
  sequence.lead_in_clips = 1;
  EXPECT_THAT(Ranges({2, 300}, {sequence}), ElementsAre(Range(2, 10)));
  EXPECT_THAT(Ranges({0, 300}, {}), IsEmpty());
}

}  // namespace
}  // namespace yagura::api
