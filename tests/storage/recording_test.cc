#include <gmock/gmock.h>

#include "tests/storage/recording_rig.h"

namespace yagura::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(RecordingTest, RecordsClipsOfAMinuteAndEndsThemCleanly) {
  RecordingRig rig({.fps = 5, .gop = 10}, 1);
  rig.Start();
  rig.Run(150);
  rig.Stop();
  EXPECT_THAT(rig.Problems(), IsEmpty());
  EXPECT_THAT(rig.Clips(0),
              ElementsAre("0.0-60.0 rolled", "60.0-120.0 rolled", "120.0-150.0 run_end"));
  EXPECT_THAT(rig.Gaps(0), ElementsAre("recorder_restart 150.0-"));
}

TEST(RecordingTest, InterruptionsAreGapsWithTheirReasons) {
  RecordingRig rig({.fps = 5, .gop = 10}, 1);
  rig.Start();
  rig.Run(10);
  rig.Interrupt(0, GapReason::kCameraSilent);
  rig.Reconnect(0, 6);
  rig.Run(2);
  rig.Interrupt(0, GapReason::kCameraUnreachable);
  rig.Run(10);
  rig.Stop();
  EXPECT_THAT(rig.Problems(), IsEmpty());
  EXPECT_THAT(rig.Gaps(0), ElementsAre("camera_silent 10.0-12.0", "camera_unreachable 12.0-16.0",
                                       "recorder_restart 22.0-"));
}

TEST(RecordingTest, AChangeOfOwnerRollsRunsAndSplitsGaps) {
  RecordingRig rig({.fps = 5, .gop = 10}, 2);
  rig.Start();
  rig.Run(5);
  rig.Interrupt(1, GapReason::kCameraUnreachable);
  rig.Reconnect(1, 30);
  rig.SetOwners({OwnedBy(1), OwnedBy(2, kMorning + 11 * kSecond)});
  rig.Run(20);
  rig.Stop();
  EXPECT_THAT(rig.Problems(), IsEmpty());
  EXPECT_THAT(rig.Clips(0), ElementsAre("0.0-12.0 run_end", "12.0-25.0 run_end"));
  EXPECT_THAT(rig.Gaps(1), ElementsAre("recorder_restart 0.0-0.1", "camera_unreachable 5.1-11.0",
                                       "camera_unreachable 11.0-25.0", "recorder_restart 25.0-"));
}

TEST(RecordingTest, AFullVolumeIsAGapUntilThereIsSpaceAgain) {
  RecordingRig rig({.fps = 5, .gop = 10}, 1);
  rig.Start();
  rig.Run(10);
  rig.files().SetSpace({.free_bytes = 10, .total_bytes = 1000});
  rig.Run(10);
  rig.files().SetSpace({.free_bytes = 100'000, .total_bytes = 1'000'000});
  rig.Run(10);
  rig.Stop();
  EXPECT_THAT(rig.Problems(), IsEmpty());
  ASSERT_EQ(rig.Gaps(0).size(), 2U);
  EXPECT_TRUE(rig.Gaps(0).front().starts_with("volume_full 1")) << rig.Gaps(0).front();
}

TEST(RecordingTest, AStreamOfRunAfterRunFillsNeitherDescriptorsNorJournal) {
  RecordingRig rig({.fps = 400, .gop = 1, .fickle = true}, 1);
  rig.Start();
  for (int second = 0; second < 3; ++second) {
    const std::size_t before = rig.Clips(0).size();
    rig.Run(1);  // with one sync
    EXPECT_LE(rig.Clips(0).size() - before, storage::kStreamOpenClipsMax + 1);
  }
  rig.Stop();
  EXPECT_THAT(rig.Problems(), IsEmpty());
  EXPECT_TRUE(rig.Gaps(0).at(1).starts_with("recorder_overloaded")) << rig.Gaps(0).at(1);
}

TEST(RecordingTest, WhatManyStreamsHoldBetweenTwoSyncsIsNotTooMuch) {
  constexpr int kCameras = 200;
  RecordingRig rig({.fps = 2, .gop = 4}, kCameras);
  rig.Start();
  rig.Run(25);  // they begin a tenth of a second apart
  const auto data = SharedBytes::CopyOf(std::vector<std::uint8_t>(500'000));
  // Of frames that last half a second each waits for the next one: one more is sent than is held.
  const auto send_to_a_disk_that_hangs = [&](int frames) {
    for (int i = 0; i < kCameras; ++i) {
      const auto sink = rig.recorder()->Attach(RecordingRig::IdOf(i), storage::Stream::kMain,
                                               {OwnedBy(1)}, std::nullopt);
      for (AccessUnit& unit : rig.camera(i).Take(frames)) {
        unit.data = data;
        sink->OnAccessUnit(std::move(unit));
      }
    }
  };
  send_to_a_disk_that_hangs(4);
  EXPECT_GT(rig.recorder()->status().held_bytes, storage::kVolumeHeldBytesMax);
  EXPECT_EQ(rig.recorder()->status().fragments_dropped, 0U);
  send_to_a_disk_that_hangs(4);
  EXPECT_LE(rig.recorder()->status().held_bytes, kCameras * storage::kVolumeHeldBytesPerStream);
  EXPECT_GT(rig.recorder()->status().fragments_dropped, 0U);
}

TEST(RecordingTest, ARestartGoesOnWithAGap) {
  RecordingRig rig({.fps = 5, .gop = 10}, 1);
  rig.Start();
  rig.Run(10);
  rig.Stop();
  rig.Kill(5);
  rig.Start();
  rig.Run(10);
  rig.Stop();
  EXPECT_THAT(rig.Problems(), IsEmpty());
  ASSERT_EQ(rig.Gaps(0).size(), 2U);
  EXPECT_EQ(rig.Gaps(0).front(), "recorder_restart 10.0-15.0");
}

TEST(RecordingTest, RestartsInQuickSuccessionSetNoFileAside) {
  RecordingRig rig({.fps = 5, .gop = 10}, 2);
  for (int life = 0; life < 10; ++life) {
    rig.Start();
    rig.Run(3);
    rig.Kill(1);
  }
  rig.Start();
  rig.Run(5);
  rig.Stop();
  EXPECT_THAT(rig.Problems(), IsEmpty());
}

}  // namespace
}  // namespace yagura::testing
