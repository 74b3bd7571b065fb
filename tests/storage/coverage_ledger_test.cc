#include "storage/coverage_ledger.h"

#include <gmock/gmock.h>

#include <map>
#include <string>

#include "tests/storage/fake_stream.h"

namespace yagura::storage {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::kMorning;
using testing::kSecond;
using testing::OwnedBy;
using testing::TestId;

std::string At(WallTime time) {
  return std::to_string(std::chrono::floor<std::chrono::seconds>(time - kMorning).count());
}

class CoverageLedgerTest : public ::testing::Test {
 protected:
  CoverageLedgerTest() { Own({OwnedBy(1)}); }

  void Own(std::vector<OwnerSpan> spans) {
    ledger_.emplace(TestId<CameraId>(1), Stream::kMain, Schedule(std::move(spans)));
  }
  static OwnerSchedule Schedule(std::vector<OwnerSpan> spans) {
    return {std::move(spans), *OfficeCalendar::Load("Asia/Tokyo")};
  }
  static WallTime T(int seconds) { return kMorning + seconds * kSecond; }

  /// The gaps as the catalogue would have them: "camera_silent of 1: 5-10", without those that came
  /// to nothing.
  [[nodiscard]] std::vector<std::string> Gaps() const {
    std::vector<GapOpened> opened;
    std::map<GapId, WallTime> ended;
    for (const JournalRecord& record : records_) {
      if (const auto* gap = std::get_if<GapOpened>(&record)) opened.push_back(*gap);
      if (const auto* gap = std::get_if<GapEnded>(&record)) ended[gap->gap] = gap->to;
    }
    std::vector<std::string> gaps;
    for (const GapOpened& gap : opened) {
      const auto end = ended.find(gap.gap);
      if (end != ended.end() && end->second == gap.from) continue;
      gaps.push_back(std::string(ToString(gap.reason)) + " of " +
                     std::to_string(gap.owner.unit.bytes[15]) + ": " + At(gap.from) + "-" +
                     (end == ended.end() ? "" : At(end->second)));
    }
    return gaps;
  }

  std::optional<CoverageLedger> ledger_;
  CoverageLedger::Records records_;
};

TEST_F(CoverageLedgerTest, DueBeginsWithAGapThatTheFirstRunEnds) {
  ledger_->Begin(GapReason::kRecorderRestart, T(0), records_);
  EXPECT_THAT(Gaps(), ElementsAre("recorder_restart of 1: 0-"));
  ledger_->RunStarts(T(4), records_);
  EXPECT_THAT(Gaps(), ElementsAre("recorder_restart of 1: 0-4"));
}

TEST_F(CoverageLedgerTest, AGapBeginsWhereTheStoredFramesEnd) {
  ledger_->Begin(GapReason::kRecorderRestart, T(0), records_);
  ledger_->RunStarts(T(0), records_);
  ledger_->Stored(T(9));
  ledger_->Interrupt(GapReason::kCameraSilent, T(14), records_);
  EXPECT_THAT(Gaps(), ElementsAre("camera_silent of 1: 9-"));
}

TEST_F(CoverageLedgerTest, WhereOurClockIsSetBackAGapIsOneOfEachLife) {
  ledger_->Begin(GapReason::kCameraUnreachable, T(10), records_);
  ledger_->ClockRanOn();
  ledger_->ClockSetBack(T(310), T(10 - 5), records_);
  ledger_->RunStarts(T(60), records_);
  EXPECT_THAT(Gaps(),
              ElementsAre("camera_unreachable of 1: 10-310", "camera_unreachable of 1: 5-60"));
}

TEST_F(CoverageLedgerTest, AGapBegunSinceOurClockWasSetBackIsLeftAsItIs) {
  ledger_->Begin(GapReason::kRecorderRestart, T(0), records_);
  ledger_->RunStarts(T(0), records_);
  ledger_->Stored(T(5));
  ledger_->Interrupt(GapReason::kCameraSilent, T(5), records_);
  ledger_->ClockSetBack(T(310), T(5), records_);
  EXPECT_THAT(Gaps(), ElementsAre("camera_silent of 1: 5-"));
  ledger_->RunStarts(T(9), records_);
  ledger_->Stored(T(12));
  ledger_->ClockSetBack(T(310), T(5), records_);
  EXPECT_THAT(Gaps(), ElementsAre("camera_silent of 1: 5-9"))
      << "while it is recorded there is none";
}

TEST_F(CoverageLedgerTest, ThatOurClockWasSetBackIsNoticedALittleLater) {
  ledger_->Begin(GapReason::kRecorderRestart, T(0), records_);
  ledger_->RunStarts(T(0), records_);
  ledger_->ClockRanOn();
  ledger_->Stored(T(20));
  ledger_->Interrupt(GapReason::kCameraSilent, T(20), records_);
  ledger_->ClockSetBack(T(310), T(21), records_);
  EXPECT_THAT(Gaps(), ElementsAre("camera_silent of 1: 20-")) << "begun in the second life";
  ledger_->RunStarts(T(25), records_);
  ledger_->ClockRanOn();
  ledger_->Stored(T(305));
  ledger_->Interrupt(GapReason::kCameraSilent, T(305), records_);
  ledger_->ClockSetBack(T(306), T(21), records_);
  EXPECT_THAT(Gaps(), ElementsAre("camera_silent of 1: 20-25", "camera_silent of 1: 305-306",
                                  "camera_silent of 1: 21-"))
      << "begun just before";
}

TEST_F(CoverageLedgerTest, AnotherReasonSplitsTheGap) {
  ledger_->Begin(GapReason::kCameraUnreachable, T(0), records_);
  ledger_->Interrupt(GapReason::kCameraUnreachable, T(3), records_);
  ledger_->Interrupt(GapReason::kAuthenticationFailed, T(5), records_);
  ledger_->Interrupt(GapReason::kWaitingForKeyframe, T(8), records_);
  ledger_->RunStarts(T(9), records_);
  EXPECT_THAT(Gaps(), ElementsAre("camera_unreachable of 1: 0-5", "authentication_failed of 1: 5-8",
                                  "waiting_for_keyframe of 1: 8-9"));
}

// With B-frames a camera sends a keyframe later than it captured it: a session may begin between.
TEST_F(CoverageLedgerTest, AKeyframeCapturedBeforeItWasWaitedForEndsTheGapBefore) {
  ledger_->Begin(GapReason::kRecorderRestart, T(0), records_);
  ledger_->Interrupt(GapReason::kWaitingForKeyframe, T(8), records_);
  ledger_->RunStarts(T(7), records_);
  EXPECT_THAT(Gaps(), ElementsAre("recorder_restart of 1: 0-7"));
}

TEST_F(CoverageLedgerTest, ALongWaitForAKeyframeIsToldWhileItLasts) {
  Own({OwnedBy(1), OwnedBy(2, T(6)), OwnedBy(3, T(10))});
  ledger_->Begin(GapReason::kCameraUnreachable, T(0), records_);
  ledger_->Interrupt(GapReason::kWaitingForKeyframe, T(8), records_);
  ledger_->Advance(T(7), records_);
  EXPECT_THAT(Gaps(), ElementsAre("camera_unreachable of 1: 0-6", "camera_unreachable of 2: 6-"));
  ledger_->Advance(T(11), records_);
  EXPECT_THAT(Gaps(),
              ElementsAre("camera_unreachable of 1: 0-6", "camera_unreachable of 2: 6-8",
                          "waiting_for_keyframe of 2: 8-10", "waiting_for_keyframe of 3: 10-"));
  ledger_->Interrupt(GapReason::kCameraUnreachable, T(12), records_);
  EXPECT_THAT(Gaps().back(), "camera_unreachable of 3: 12-");
}

TEST_F(CoverageLedgerTest, ChangesOfOwnerSplitAnOpenGapAtTheirInstant) {
  Own({OwnedBy(1), OwnedBy(2, T(10)), OwnedBy(3, T(20))});
  ledger_->Begin(GapReason::kCameraUnreachable, T(0), records_);
  ledger_->Advance(T(12), records_);
  EXPECT_THAT(Gaps(), ElementsAre("camera_unreachable of 1: 0-10", "camera_unreachable of 2: 10-"));
  ledger_->RunStarts(T(25), records_);
  EXPECT_THAT(Gaps(), ElementsAre("camera_unreachable of 1: 0-10", "camera_unreachable of 2: 10-20",
                                  "camera_unreachable of 3: 20-25"));
}

TEST_F(CoverageLedgerTest, MidnightSplitsAnOpenGap) {
  const WallTime midnight = OfficeCalendar::Load("Asia/Tokyo")->MidnightAfter(kMorning);
  ledger_->Begin(GapReason::kCameraUnreachable, midnight - kSecond, records_);
  ledger_->Advance(midnight, records_);
  ASSERT_TRUE(ledger_->gap());
  EXPECT_EQ(ledger_->gap()->from, midnight);
}

TEST_F(CoverageLedgerTest, ARunThatStartsAtAChangeLeavesNoEmptyGapBehind) {
  Own({OwnedBy(1), OwnedBy(2, T(10))});
  ledger_->Begin(GapReason::kCameraUnreachable, T(0), records_);
  ledger_->RunStarts(T(10), records_);
  EXPECT_EQ(records_.size(), 2U);
}

TEST_F(CoverageLedgerTest, DueThatBeginsLaterHasNoGapBefore) {
  Own({OwnedBy(1, T(10))});
  ledger_->Begin(GapReason::kRecorderRestart, T(0), records_);
  ledger_->Interrupt(GapReason::kCameraUnreachable, T(3), records_);
  ledger_->Advance(T(9), records_);
  EXPECT_THAT(Gaps(), IsEmpty());
  ledger_->Advance(T(11), records_);
  EXPECT_THAT(Gaps(), ElementsAre("camera_unreachable of 1: 10-"));
}

TEST_F(CoverageLedgerTest, TheGapOfALastTimeGoesOn) {
  const GapOpened gap{.gap = TestId<GapId>(9),
                      .camera = TestId<CameraId>(1),
                      .stream = Stream::kMain,
                      .owner = {TestId<UnitId>(1), TestId<FloorId>(1)},
                      .reason = GapReason::kRecorderRestart,
                      .from = T(0)};
  ledger_->Resume(gap, records_);
  EXPECT_THAT(records_, IsEmpty());
  ledger_->RunStarts(T(7), records_);
  EXPECT_THAT(records_, ElementsAre(JournalRecord(GapEnded{gap.gap, T(7)})));
}

TEST_F(CoverageLedgerTest, AGapWhoseOwnerIsLearntLateIsReplaced) {
  ledger_->Begin(GapReason::kRecorderRestart, T(5), records_);
  ledger_->SetOwners(Schedule({OwnedBy(1), OwnedBy(2, T(3))}), records_);
  EXPECT_THAT(Gaps(), ElementsAre("recorder_restart of 2: 5-"));
}

TEST_F(CoverageLedgerTest, TheEndOfDueEndsTheGap) {
  ledger_->Begin(GapReason::kCameraUnreachable, T(0), records_);
  ledger_->End(T(6), records_);
  EXPECT_THAT(Gaps(), ElementsAre("camera_unreachable of 1: 0-6"));
  EXPECT_FALSE(ledger_->gap());
}

TEST_F(CoverageLedgerTest, TimeBetweenTheLastFrameAndTheEndOfDueIsAGap) {
  ledger_->Begin(GapReason::kRecorderRestart, T(0), records_);
  ledger_->RunStarts(T(0), records_);
  ledger_->Stored(T(5));
  ledger_->End(T(6), records_);
  EXPECT_THAT(Gaps(), ElementsAre("recorder_restart of 1: 5-6"));
}

/// The recorder looks once a second whether a camera is still due.
TEST_F(CoverageLedgerTest, WhatBecomesOfACameraThatIsDueNoMoreIsNoGap) {
  ledger_->Begin(GapReason::kRecorderRestart, T(0), records_);
  ledger_->RunStarts(T(1), records_);
  ledger_->SetDueUntil(T(10));
  ledger_->Stored(T(5));
  ledger_->Interrupt(GapReason::kCameraSilent, T(8), records_);
  ledger_->Interrupt(GapReason::kCameraUnreachable, T(11), records_);
  ledger_->Interrupt(GapReason::kCameraRefused, T(12), records_);
  ledger_->RunStarts(T(13), records_);
  ledger_->Stored(T(14));
  ledger_->Interrupt(GapReason::kCameraSilent, T(14), records_);
  ledger_->Lost({T(13), T(14)}, GapReason::kWriteFailed, records_);
  ledger_->End(T(10), records_);
  EXPECT_THAT(Gaps(), ElementsAre("recorder_restart of 1: 0-1", "camera_silent of 1: 5-10"));
}

TEST_F(CoverageLedgerTest, DueThatGoesOnLongerThanWasKnownHasItsGaps) {
  ledger_->Begin(GapReason::kRecorderRestart, T(0), records_);
  ledger_->RunStarts(T(1), records_);
  ledger_->SetDueUntil(T(10));
  ledger_->Stored(T(5));
  ledger_->SetDueUntil(WallTime::max());
  ledger_->Interrupt(GapReason::kCameraSilent, T(8), records_);
  ledger_->RunStarts(T(13), records_);
  EXPECT_THAT(Gaps(), ElementsAre("recorder_restart of 1: 0-1", "camera_silent of 1: 5-13"));
}

TEST_F(CoverageLedgerTest, WhatWasLostAfterwardsIsAGapOfItsOwn) {
  Own({OwnedBy(1), OwnedBy(2, T(10))});
  ledger_->Begin(GapReason::kRecorderRestart, T(0), records_);
  ledger_->RunStarts(T(0), records_);
  ledger_->Stored(T(30));
  ledger_->Lost({T(8), T(12)}, GapReason::kWriteFailed, records_);
  EXPECT_THAT(Gaps(), ElementsAre("write_failed of 1: 8-10", "write_failed of 2: 10-12"));
  EXPECT_FALSE(ledger_->gap());
}

}  // namespace
}  // namespace yagura::storage
