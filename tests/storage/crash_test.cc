#include <gmock/gmock.h>

#include <string>

#include "tests/storage/recording_rig.h"

namespace yagura::testing {
namespace {

using ::testing::IsEmpty;

/// Everything that writes something to disk: openings, a roll by length, a roll by owner, an
/// interruption, a stop. 72 s of two cameras.
void Live(RecordingRig& rig) {
  rig.Start();
  rig.Run(55);
  rig.SetOwners({OwnedBy(1), OwnedBy(2, kMorning + 57 * kSecond)});
  rig.Run(9);
  rig.Interrupt(1, GapReason::kCameraSilent);
  rig.Reconnect(1, 3);
  rig.Run(8);
  rig.Stop();
}

std::uint64_t CallsOfALife() {
  RecordingRig rig;
  Live(rig);
  EXPECT_THAT(rig.Problems(), IsEmpty());
  return rig.files().calls();
}

enum class Crash { kKill, kCut, kTornCut };

/// Crashes at the `call`-th call and starts again; a second crash `again` calls into the new life,
/// where that is not 0.
void CrashAt(Crash crash, std::uint64_t call, std::uint64_t again) {
  SCOPED_TRACE("crash at call " + std::to_string(call) + ", again at " + std::to_string(again));
  RecordingRig rig;
  const std::uint64_t before = rig.files().calls();
  const auto go_down = [&](std::uint32_t seed) {
    switch (crash) {
      case Crash::kKill:
        return rig.Kill(3);
      case Crash::kCut:
        return rig.CutPower(3, MemoryFiles::Loss::kAllUnsynced, seed);
      case Crash::kTornCut:
        return rig.CutPower(3, MemoryFiles::Loss::kRandom, seed);
    }
  };
  rig.DieAtCall(call - before);
  Live(rig);
  const WallTime died = rig.clock().Now();
  go_down(static_cast<std::uint32_t>(call));
  if (again > 0) {
    rig.DieAtCall(again);
    rig.Start();
    rig.Run(1);
    go_down(static_cast<std::uint32_t>(call + again));
  }
  rig.Start();
  ASSERT_TRUE(rig.started());
  rig.Run(5);
  rig.Stop();
  EXPECT_THAT(rig.Problems(), IsEmpty());
  EXPECT_LE(rig.LostBefore(died), crash == Crash::kKill ? kSecond : 3 * kSecond);
}

class CrashTest : public ::testing::TestWithParam<Crash> {};

TEST_P(CrashTest, AtEveryCallLeavesWhatWasStoredAndAGap) {
  const std::uint64_t calls = CallsOfALife();
  std::printf("%llu calls\n", static_cast<unsigned long long>(calls));
  for (std::uint64_t call = 3; call <= calls && !HasFailure(); ++call) CrashAt(GetParam(), call, 0);
}

TEST_P(CrashTest, InTheMiddleOfARecoveryToo) {
  const std::uint64_t calls = CallsOfALife();
  for (std::uint64_t call = 20; call <= calls && !HasFailure(); call += 97) {
    for (std::uint64_t again = 1; again <= 40 && !HasFailure(); ++again)
      CrashAt(GetParam(), call, again);
  }
}

/// Crashes, starts, records a clip and closes it, and crashes again, all before the first crash's
/// clip is recovered. A gap was written over the clip between.
class EarlyCrashTest : public ::testing::TestWithParam<bool> {};

TEST_P(EarlyCrashTest, BeforeAnOlderClipIsRecoveredLeavesNoGapOverWhatWasStoredSince) {
  const bool records_again = GetParam();
  RecordingRig rig({.fps = 5, .gop = 10}, 1);
  rig.Start();
  rig.Run(10);
  rig.Kill(3);
  rig.StartUnrecovered();
  rig.Run(6);
  rig.Interrupt(0, GapReason::kCameraSilent);
  rig.Reconnect(0, 3);
  rig.Run(records_again ? 8 : 2);
  rig.Kill(3);
  rig.StartUnrecovered();
  rig.Kill(1);
  rig.Start();
  rig.Run(5);
  rig.Stop();
  EXPECT_THAT(rig.Problems(), IsEmpty());
}
INSTANTIATE_TEST_SUITE_P(Crashes, EarlyCrashTest, ::testing::Bool(), [](const auto& records_again) {
  return records_again.param ? "WithAClipOpen" : "WithAGapOpen";
});

// A gap begins where the fragments before it ended one by one, each rounded to a microsecond; what
// a start counts from the clip's begin may differ by one.
TEST(RoundedTimesTest, ARecoveredClipEndsWhereItsGapBegins) {
  for (std::uint64_t call = 1; call <= 12 && !HasFailure(); ++call) {
    SCOPED_TRACE("killed at call " + std::to_string(call) + " of an interruption");
    RecordingRig rig({.fps = 15, .gop = 25}, 1);
    rig.Start();
    rig.Run(4);
    rig.DieAtCall(call);
    rig.Interrupt(0, GapReason::kCameraSilent);
    rig.Reconnect(0, 3);
    rig.Run(2);
    rig.Kill(3);
    rig.Start();
    rig.Run(5);
    rig.Stop();
    EXPECT_THAT(rig.Problems(), IsEmpty());
  }
}

// What was stored last may be shown later than frames that never came: those are in the gap.
TEST(BFramesTest, AKillAtAnyCallLeavesNoHoleOutsideItsGap) {
  for (std::uint64_t call = 1; call <= 60 && !HasFailure(); ++call) {
    SCOPED_TRACE("killed at call " + std::to_string(call));
    RecordingRig rig({.fps = 10, .gop = 31, .b_frames = true}, 1);
    rig.Start();
    rig.Run(2);
    rig.DieAtCall(call);
    rig.Run(60);
    ASSERT_TRUE(rig.down());
    const WallTime died = rig.clock().Now();
    rig.Kill(3);
    rig.Start();
    rig.Run(5);
    rig.Stop();
    EXPECT_THAT(rig.Problems(), IsEmpty());
    EXPECT_LE(rig.LostBefore(died), kSecond);
  }
}

TEST(BFramesTest, AnInterruptionAnywhereInAGopLeavesNoHoleOutsideItsGap) {
  for (int frames = 1; frames <= 31 && !HasFailure(); ++frames) {
    SCOPED_TRACE("interrupted after " + std::to_string(frames) + " frames");
    RecordingRig rig({.fps = 1, .gop = 31, .b_frames = true}, 1);
    rig.Start();
    rig.Run(frames);
    rig.Interrupt(0, GapReason::kCameraUnreachable);
    rig.Reconnect(0, 3);
    rig.Run(8);
    rig.Stop();
    EXPECT_THAT(rig.Problems(), IsEmpty());
  }
}

std::string NameOf(const ::testing::TestParamInfo<Crash>& info) {
  switch (info.param) {
    case Crash::kKill:
      return "Kill";
    case Crash::kCut:
      return "PowerCut";
    case Crash::kTornCut:
      return "TornPowerCut";
  }
  return "";
}
INSTANTIATE_TEST_SUITE_P(Crashes, CrashTest,
                         ::testing::Values(Crash::kKill, Crash::kCut, Crash::kTornCut), NameOf);

}  // namespace
}  // namespace yagura::testing
