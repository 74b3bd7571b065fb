#include "storage/stream_cutter.h"

#include <gmock/gmock.h>

#include <string>

#include "tests/storage/fake_stream.h"

namespace yagura::storage {
namespace {

using ::testing::ElementsAre;
using testing::FakeStream;
using testing::FormatNamed;
using testing::kMorning;
using testing::kSecond;
using testing::OwnedBy;
using testing::TestId;

OfficeCalendar Tokyo() { return *OfficeCalendar::Load("Asia/Tokyo"); }

/// "12.3" of an instant of the test's day.
std::string Seconds(WallTime time) {
  const auto tenths =
      std::chrono::round<std::chrono::duration<std::int64_t, std::deci>>(time - kMorning);
  return std::to_string(tenths.count() / 10) + "." + std::to_string(tenths.count() % 10);
}

class StreamCutterTest : public ::testing::Test {
 protected:
  StreamCutterTest() { Own({OwnedBy(1)}); }

  void Own(std::vector<OwnerSpan> spans) {
    cutter_.emplace(StreamCutter::Options{.camera = TestId<CameraId>(7),
                                          .stream = Stream::kMain,
                                          .new_run_id = [this] { return TestId<RunId>(++runs_); },
                                          .clock_state = [] { return ClockState::kSynchronised; }},
                    OwnerSchedule(std::move(spans), Tokyo()), recorded_until_);
  }
  void Send(const std::vector<AccessUnit>& units) {
    for (const AccessUnit& unit : units) cutter_->OnAccessUnit(unit, events_);
  }
  void Interrupt(GapReason reason, WallTime from) {
    cutter_->OnInterruption(reason, from, events_);
  }

  /// What came of it, clip by clip: "run 0.0-60.0", "clip 60.0-120.0", "interrupted by
  /// camera_silent at 130.0".
  std::vector<std::string> Told() {
    cutter_->Finish(events_);
    std::vector<std::string> told;
    std::string open;
    WallTime end;
    const auto close = [&] {
      if (!open.empty()) told.push_back(open + "-" + Seconds(end));
      open.clear();
    };
    for (const StreamEvent& event : events_) {
      if (const auto* interruption = std::get_if<Interruption>(&event)) {
        close();
        told.push_back("interrupted by " + std::string(ToString(interruption->reason)) + " at " +
                       Seconds(interruption->from));
        continue;
      }
      const auto& fragment = std::get<Fragment>(event);
      if (fragment.boundary != Boundary::kNone) {
        close();
        end = {};
        open = (fragment.boundary == Boundary::kStartsRun ? "run " : "clip ") +
               Seconds(fragment.wall_start);
      }
      end = std::max(end, fragment.wall_end);
    }
    close();
    return told;
  }
  [[nodiscard]] std::vector<const Fragment*> Fragments() const {
    std::vector<const Fragment*> fragments;
    for (const StreamEvent& event : events_) {
      if (const auto* fragment = std::get_if<Fragment>(&event)) fragments.push_back(fragment);
    }
    return fragments;
  }

  std::uint8_t runs_ = 0;
  WallTime recorded_until_{};
  std::optional<StreamCutter> cutter_;
  StreamCutter::Events events_;
};

TEST_F(StreamCutterTest, CutsClipsAtTheFirstKeyframeAfterAMinute) {
  FakeStream camera({.fps = 10, .gop = 70});  // a keyframe every 7 s
  Send(camera.Take(1500));
  EXPECT_THAT(Told(), ElementsAre("run 0.0-63.0", "clip 63.0-126.0", "clip 126.0-150.0"));
}

TEST_F(StreamCutterTest, TakesAKeyframeHalfASecondBeforeTheMinute) {
  FakeStream camera({.fps = 10, .gop = 149});  // 14.9 s: the fourth comes at 59.6 s
  Send(camera.Take(1200));
  EXPECT_THAT(Told(), ElementsAre("run 0.0-59.6", "clip 59.6-119.2", "clip 119.2-120.0"));
}

TEST_F(StreamCutterTest, CutsClipsOfLongGopsBetweenKeyframes) {
  FakeStream camera({.fps = 10, .gop = 3000});  // 300 s
  Send(camera.Take(3700));
  EXPECT_THAT(Told(), ElementsAre("run 0.0-110.0", "clip 110.0-220.0", "clip 220.0-300.0",
                                  "clip 300.0-370.0"));
}

TEST_F(StreamCutterTest, FragmentsLastAtMostASecondAndStartAtKeyframes) {
  FakeStream camera({.fps = 15, .gop = 30});
  Send(camera.Take(31));
  ASSERT_EQ(Fragments().size(), 3U);
  std::vector<std::size_t> frames;
  for (const Fragment* fragment : Fragments()) frames.push_back(fragment->samples.size());
  EXPECT_THAT(frames, ElementsAre(10, 10, 10));  // two thirds of a second
}

TEST_F(StreamCutterTest, ASlowCameraHasOneFrameAFragment) {
  FakeStream camera({.fps = 1, .gop = 2});
  Send(camera.Take(4));
  EXPECT_EQ(Fragments().size(), 3U);
  EXPECT_THAT(Told(), ElementsAre("run 0.0-4.0"));
}

TEST_F(StreamCutterTest, FragmentsOfManyBytesAreCutEarly) {
  FakeStream camera({.fps = 10, .gop = 100, .frame_bytes = 1'500'000});
  Send(camera.Take(9));
  for (const Fragment* fragment : Fragments())
    EXPECT_LE(fragment->size_bytes, kFragmentBytesMax + 1000);
  EXPECT_EQ(Fragments().size(), 4U);
}

TEST_F(StreamCutterTest, AnInterruptionEndsTheRunAndTheNextStartsAtAKeyframe) {
  FakeStream camera({.fps = 10, .gop = 20});
  Send(camera.Take(55));
  Interrupt(GapReason::kCameraSilent, kMorning + 10 * kSecond);
  camera.Reconnect(20 * kSecond);
  Send(camera.Take(30));
  EXPECT_THAT(Told(),
              ElementsAre("run 0.0-5.5", "interrupted by camera_silent at 10.0", "run 25.5-28.5"));
}

TEST_F(StreamCutterTest, WaitsForAKeyframeAndSaysSoOnce) {
  FakeStream camera({.fps = 10, .gop = 20});
  Send(camera.Take(10));
  Interrupt(GapReason::kFramesDamaged, kMorning + kSecond);
  Send(camera.Take(20));  // ten of the old GOP, ten of the new
  EXPECT_THAT(Told(), ElementsAre("run 0.0-1.0", "interrupted by frames_damaged at 1.0",
                                  "interrupted by waiting_for_keyframe at 1.0", "run 2.0-3.0"));
}

TEST_F(StreamCutterTest, ANewFormatRollsTheRunWithoutAGap) {
  FakeStream camera({.fps = 10, .gop = 20});
  Send(camera.Take(40));
  camera.SetFormat(FormatNamed(1));  // an equal one
  Send(camera.Take(40));
  camera.SetFormat(FormatNamed(2));
  Send(camera.Take(40));
  EXPECT_THAT(Told(), ElementsAre("run 0.0-8.0", "run 8.0-12.0"));
}

TEST_F(StreamCutterTest, ANewTimelineIsAnInterruptionEvenWhereNobodySaidSo) {
  FakeStream camera({.fps = 10, .gop = 20});
  Send(camera.Take(40));
  camera.Reconnect(3 * kSecond);
  Send(camera.Take(20));
  EXPECT_THAT(Told(),
              ElementsAre("run 0.0-4.0", "interrupted by clock_step at 7.0", "run 7.0-9.0"));
}

TEST_F(StreamCutterTest, ATimeLivedTwiceIsKeptAndMarked) {
  FakeStream camera({.fps = 10, .gop = 20});
  Send(camera.Take(100));
  camera.Reconnect(-5 * kSecond);
  Send(camera.Take(20));
  EXPECT_THAT(Told(),
              ElementsAre("run 0.0-10.0", "interrupted by clock_step at 5.0", "run 5.0-7.0"));
  EXPECT_EQ(Fragments().front()->run->opened.clock, ClockState::kSynchronised);
  EXPECT_EQ(Fragments().back()->run->opened.clock, ClockState::kRepeated);
}

TEST_F(StreamCutterTest, AnOwnerBeginsAtTheFirstKeyframeAtOrAfterTheChange) {
  Own({OwnedBy(1), OwnedBy(2, kMorning + 5 * kSecond)});
  FakeStream camera({.fps = 10, .gop = 20});
  Send(camera.Take(100));
  EXPECT_THAT(Told(), ElementsAre("run 0.0-6.0", "run 6.0-10.0"));
  EXPECT_EQ(Fragments().front()->run->opened.owner.unit, TestId<UnitId>(1));
  EXPECT_EQ(Fragments().back()->run->opened.owner.unit, TestId<UnitId>(2));
}

TEST_F(StreamCutterTest, AnOwnerBeginsWithoutAKeyframeAfterTenSeconds) {
  Own({OwnedBy(1), OwnedBy(2, kMorning + 5 * kSecond)});
  FakeStream camera({.fps = 10, .gop = 3000});
  Send(camera.Take(200));
  EXPECT_THAT(Told(), ElementsAre("run 0.0-15.0", "run 15.0-20.0"));
  EXPECT_FALSE(Fragments().back()->samples.front().keyframe);
}

TEST_F(StreamCutterTest, AChangeThatComesToNothingRollsNothing) {
  Own({OwnedBy(1), OwnedBy(1, kMorning + 5 * kSecond)});
  FakeStream camera({.fps = 10, .gop = 20});
  Send(camera.Take(100));
  EXPECT_THAT(Told(), ElementsAre("run 0.0-10.0"));
}

TEST_F(StreamCutterTest, AChangeLearntLateTakesEffectAtOnce) {
  FakeStream camera({.fps = 10, .gop = 20});
  Send(camera.Take(95));
  cutter_->SetOwners(OwnerSchedule({OwnedBy(1), OwnedBy(2, kMorning + 3 * kSecond)}, Tokyo()));
  Send(camera.Take(35));
  EXPECT_THAT(Told(), ElementsAre("run 0.0-10.0", "run 10.0-13.0"));
}

TEST_F(StreamCutterTest, RollsAtTheOfficesMidnight) {
  const WallTime midnight = Tokyo().MidnightAfter(kMorning);
  FakeStream camera({.fps = 10, .gop = 20}, midnight - 3 * kSecond);
  Send(camera.Take(60));
  ASSERT_EQ(Told().size(), 2U);
  EXPECT_EQ(Fragments().back()->run->opened.wall_start, midnight + kSecond);
}

TEST_F(StreamCutterTest, NothingIsRecordedBeforeTheFirstOwner) {
  Own({OwnedBy(1, kMorning + 5 * kSecond)});
  FakeStream camera({.fps = 10, .gop = 20});
  Send(camera.Take(100));
  EXPECT_THAT(Told(), ElementsAre("interrupted by waiting_for_keyframe at 5.0", "run 6.0-10.0"));
}

TEST_F(StreamCutterTest, WhereOurClockIsSetBackToBeforeTheFirstOwnerItIsStillTheirs) {
  Own({OwnedBy(1, kMorning)});
  FakeStream camera({.fps = 10, .gop = 20});
  Send(camera.Take(50));
  camera.Reconnect(-65 * kSecond);
  Send(camera.Take(50));
  EXPECT_THAT(Told(),
              ElementsAre("run 0.0-5.0", "interrupted by clock_step at -60.0", "run -60.0--55.0"));
  EXPECT_EQ(Fragments().back()->run->opened.owner, Fragments().front()->run->opened.owner);
}

TEST_F(StreamCutterTest, BFramesKeepTheirTimes) {
  FakeStream camera({.fps = 10, .gop = 30, .b_frames = true});
  Send(camera.Take(1300));
  EXPECT_THAT(Told(), ElementsAre("run 0.0-60.0", "clip 60.0-120.0", "clip 120.0-130.0"));
  std::int64_t dts = 900'000;
  for (const Fragment* fragment : Fragments()) {
    EXPECT_EQ(fragment->first_dts.ticks_90k, dts);  // no hole, no overlap
    for (const Sample& sample : fragment->samples) dts += sample.duration_90k;
    EXPECT_GE(fragment->start, fragment->first_dts);
  }
}

TEST_F(StreamCutterTest, FragmentNumbersRunOnThroughTheRun) {
  FakeStream camera({.fps = 10, .gop = 100});
  Send(camera.Take(1300));
  std::uint32_t expected = 0;
  for (const Fragment* fragment : Fragments()) {
    const auto moof = ParseMoof(ByteView(fragment->head).first(fragment->moof_bytes));
    ASSERT_TRUE(moof.has_value());
    EXPECT_EQ(moof->sequence, ++expected);
    EXPECT_EQ(moof->samples, fragment->samples);
  }
}

TEST_F(StreamCutterTest, DurationsFollowAnUnsteadyCamera) {
  FakeStream camera({.fps = 10, .gop = 100});
  auto units = camera.Take(30);
  for (std::size_t i = 0; i < units.size(); ++i) {
    units[i].dts.ticks_90k += i % 3 == 1 ? 1234 : 0;
    units[i].pts = units[i].dts;
  }
  Send(units);
  std::size_t next = 0;
  for (const Fragment* fragment : Fragments()) {
    for (const Sample& sample : fragment->samples) {
      EXPECT_EQ(units[next].dts.ticks_90k + sample.duration_90k, units[next + 1].dts.ticks_90k);
      ++next;
    }
  }
  EXPECT_GT(next, 20U);
}

TEST_F(StreamCutterTest, AbandonedRunsStartAgainAtAKeyframeWithoutAWord) {
  FakeStream camera({.fps = 10, .gop = 20});
  Send(camera.Take(30));
  cutter_->AbandonRun();
  Send(camera.Take(30));
  EXPECT_THAT(Told(), ElementsAre("run 0.0-2.4", "run 4.0-6.0"));
}

TEST_F(StreamCutterTest, FlushedFramesAreAllButTheLast) {
  FakeStream camera({.fps = 10, .gop = 20});
  Send(camera.Take(4));
  cutter_->FlushKnown(events_);
  ASSERT_EQ(Fragments().size(), 1U);
  EXPECT_EQ(Fragments().front()->samples.size(), 3U);
  Send(camera.Take(4));
  EXPECT_THAT(Told(), ElementsAre("run 0.0-0.8"));
}

TEST_F(StreamCutterTest, AFrameBackInTimeIsDamage) {
  FakeStream camera({.fps = 10, .gop = 20});
  auto units = camera.Take(30);
  units[25].dts = units[20].dts;
  Send(units);
  EXPECT_THAT(Told(), ElementsAre("run 0.0-2.5", "interrupted by frames_damaged at 2.5",
                                  "interrupted by waiting_for_keyframe at 2.5"));
}

}  // namespace
}  // namespace yagura::storage
