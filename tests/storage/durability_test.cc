#include <gmock/gmock.h>

#include <algorithm>
#include <string>

#include "storage/clip_path.h"
#include "tests/storage/recording_rig.h"

namespace yagura::testing {
namespace {

using storage::FolderOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

bool IsClip(const MemoryFiles::Call& call) { return call.path.ends_with(".mp4"); }

/// Whether the journal still has the clip open whose file lies at `path`.
bool IsOpenInJournal(storage::RecorderCore& recorder, const std::string& path) {
  const auto clip = storage::ParseClipFileName(path.substr(path.rfind('/') + 1));
  const storage::JournalState state = recorder.journal().state();
  return std::any_of(state.clips().begin(), state.clips().end(),
                     [&](const storage::ClipOpened& open) { return open.clip == clip; });
}

// Fails when the folders of new files are not synced.
TEST(DurabilityTest, TheFileOfARowHasADurableName) {
  RecordingRig rig({.fps = 5, .gop = 10}, 1);
  rig.Start();
  rig.Run(70);
  ASSERT_EQ(rig.Clips(0).size(), 1U);
  rig.CutPower(1, MemoryFiles::Loss::kAllUnsynced, 1);
  EXPECT_THAT(rig.Problems(), Not(Contains(HasSubstr("no file"))));
}

// Fails when a clip's row is written before its file is synced.
TEST(DurabilityTest, ARowIsWrittenOnlyAfterTheLastSyncOfItsFile) {
  RecordingRig rig({.fps = 5, .gop = 10}, 1);
  int syncs = 0;
  rig.files().SetFault([&](const MemoryFiles::Call& call) -> std::optional<ErrorCode> {
    if (IsClip(call) && call.what != "create" && rig.recorder() != nullptr) {
      EXPECT_TRUE(IsOpenInJournal(*rig.recorder(), call.path)) << call.what << " after the row";
      if (call.what == "fsync") ++syncs;
    }
    return std::nullopt;
  });
  rig.Start();
  rig.Run(130);
  rig.Stop();
  EXPECT_EQ(rig.Clips(0).size(), 3U);
  EXPECT_EQ(syncs, 6);  // each clip's first and last
}

// Fails when a round looks at an older clip first: the writer may then close it and a newer one
// before the round looks at that, whose row would be written first.
TEST(DurabilityTest, ARoundLooksAtTheNewestClipFirst) {
  RecordingRig rig({.fps = 5, .gop = 5}, 1);
  std::vector<std::string> looked;
  rig.files().OnStartSync([&](const std::string& path) { looked.push_back(path); });
  rig.Start();
  rig.SetOwners({OwnedBy(1), OwnedBy(2, kMorning + 3 * kSecond / 2)});
  rig.Run(2);
  looked.clear();
  rig.Run(1);
  const std::vector<std::string> both = looked;
  rig.Run(1);
  ASSERT_EQ(both.size(), 2U);
  ASSERT_EQ(looked.size(), 3U) << "the older one is closed by now";
  EXPECT_EQ(both.front(), looked.back()) << "the newer one is looked at first";
}

// Fails when a clip's bytes go to its file before the journal knows the clip: a kill would leave a
// file that nobody knows.
TEST(DurabilityTest, AClipIsInTheJournalBeforeItsFileHoldsAnything) {
  RecordingRig rig({.fps = 5, .gop = 10}, 1);
  rig.files().SetFault([&](const MemoryFiles::Call& call) -> std::optional<ErrorCode> {
    if (call.what == "write" && IsClip(call)) {
      EXPECT_TRUE(IsOpenInJournal(*rig.recorder(), call.path));
    }
    return std::nullopt;
  });
  rig.Start();
  rig.Run(70);
}

TEST(DurabilityTest, FilesAreSyncedEverySecond) {
  RecordingRig rig({.fps = 5, .gop = 10}, 1);
  rig.Start();
  rig.Run(20);
  const auto log = rig.files().log();
  const auto syncs = std::count_if(log.begin(), log.end(), [](const MemoryFiles::Call& call) {
    return IsClip(call) && (call.what == "fsync" || call.what == "fdatasync");
  });
  EXPECT_GE(syncs, 18);
}

TEST(DurabilityTest, NothingThatFailedIsWrittenOrSyncedAgain) {
  RecordingRig rig({.fps = 5, .gop = 10}, 1);
  std::string failed;
  rig.files().SetFault([&](const MemoryFiles::Call& call) -> std::optional<ErrorCode> {
    if (!failed.empty()) {
      EXPECT_NE(call.path, failed) << call.what;
      return std::nullopt;
    }
    if (call.what != "fdatasync" || !IsClip(call) || call.number < 60) return std::nullopt;
    failed = call.path;
    return ErrorCode::kUnavailable;
  });
  rig.Start();
  rig.Run(30);
  rig.Stop();
  EXPECT_FALSE(failed.empty());
  EXPECT_THAT(rig.Problems(), IsEmpty());
  EXPECT_EQ(rig.Clips(0).size(), 2U);
  EXPECT_TRUE(rig.Clips(0).front().ends_with("condemned")) << rig.Clips(0).front();
  EXPECT_EQ(rig.LostBefore(rig.clock().Now()), microseconds(0));
}

/// A clip file that no journal names, changed now.
void LeaveAnOrphan(RecordingRig& rig) {
  for (const auto& [path, bytes] : rig.files().Contents()) {
    if (!path.ends_with(".mp4")) continue;
    rig.files().Put(FolderOf(path) + "/" + ToString(NewId<RunId>()) + ".0.mp4", {1, 2, 3});
    return;
  }
}

// A power cut, minutes without power, and another cut before the first start had looked for what
// the first one left.
TEST(DurabilityTest, WhatAStartDidNotSweepTheNextOneDoesHoweverLongTheMachineWasAway) {
  RecordingRig rig({.fps = 5, .gop = 10}, 2);
  rig.Start();
  rig.Run(10);
  rig.Kill(0);
  LeaveAnOrphan(rig);
  rig.Kill(300);
  rig.StartUnrecovered();
  rig.Run(3);
  rig.Kill(60);
  rig.StartUnrecovered();
  rig.Run(3);
  rig.Kill(60);
  rig.Start();
  rig.Run(3);
  rig.Stop();
  EXPECT_THAT(rig.Problems(), IsEmpty());
}

}  // namespace
}  // namespace yagura::testing
