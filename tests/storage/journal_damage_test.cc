// A journal whose segments are damaged, cut short or not ours.
#include <gmock/gmock.h>

#include "storage/journal_frame.h"
#include "tests/storage/journal_fixture.h"

namespace yagura::storage {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST_F(JournalTest, DamageInTheMiddleHidesNoLaterSegment) {
  Append({Gap(1)});
  Sync();
  Open();
  Append({Gap(2)});
  Sync();
  const std::string path = "/state/journal/" + SegmentName(1);
  auto bytes = files_.Contents().at(path);
  bytes[60] ^= 1;
  files_.Put(path, bytes);
  EXPECT_THAT(ReadAll(), ElementsAre(JournalRecord(Gap(1)),
                                     JournalRecord(Gap(2))));  // the first from the snapshot
}

TEST_F(JournalTest, DamageBeforeTheDurableEndIsSaidAndPassed) {
  Append({Gap(1)});
  Append({Gap(2)});
  Append({Gap(3)});
  Sync();
  Damage(1, ToString(Gap(2).gap));
  const auto first = journal_->ReadFrom({}, 100);
  EXPECT_THAT(first->records, ElementsAre(JournalRecord(Gap(1))));
  const auto damaged = journal_->ReadFrom(first->next, 100);
  ASSERT_FALSE(damaged.has_value());
  EXPECT_EQ(damaged.error().code(), ErrorCode::kDataLoss);
  const JournalPosition behind = journal_->BehindDamage(first->next);
  EXPECT_THAT(journal_->ReadFrom(behind, 100)->records, ElementsAre(JournalRecord(Gap(3))));
}

TEST_F(JournalTest, DamageAtTheDurableEndIsSaidAndPassed) {
  Append({Gap(1)});
  Append({Gap(2)});
  Sync();
  Damage(1, ToString(Gap(2).gap));
  const auto first = journal_->ReadFrom({}, 100);
  EXPECT_EQ(journal_->ReadFrom(first->next, 100).error().code(), ErrorCode::kDataLoss);
  const JournalPosition behind = journal_->BehindDamage(first->next);
  EXPECT_THAT(journal_->ReadFrom(behind, 100)->records, IsEmpty());
}

TEST_F(JournalTest, DamageInAClosedSegmentIsSaidAndPassed) {
  Open(100);  // each sync rolls
  Append({Gap(1)});
  Append({Gap(2)});
  Sync();
  Append({Gap(3)});
  Sync();
  Damage(2, ToString(Gap(2).gap));
  const auto first = journal_->ReadFrom({}, 100);
  EXPECT_THAT(first->records, ElementsAre(JournalRecord(Gap(1))));
  EXPECT_EQ(journal_->ReadFrom(first->next, 100).error().code(), ErrorCode::kDataLoss);
  // The next segment's snapshot knows the gap that was lost here.
  const JournalPosition behind = journal_->BehindDamage(first->next);
  EXPECT_THAT(journal_->ReadFrom(behind, 100)->records, ::testing::Contains(JournalRecord(Gap(2))));
}

TEST_F(JournalTest, DamageInAnEarlierProcesssSegmentIsSaidWhereAFrameFollows) {
  Append({Gap(1)});
  Append({Gap(2)});
  Append({Gap(3)});
  Sync();
  Open();
  Damage(1, ToString(Gap(2).gap));
  const auto first = journal_->ReadFrom({}, 100);
  EXPECT_EQ(journal_->ReadFrom(first->next, 100).error().code(), ErrorCode::kDataLoss);
  EXPECT_EQ(journal_->BehindDamage(first->next), (JournalPosition{2, kSegmentHeaderBytes}));
}

TEST_F(JournalTest, ASegmentCutShortInItsHeaderIsNoDamage) {
  Append({Gap(1)});
  Sync();
  Open();
  files_.Put("/state/journal/" + SegmentName(1), {'y', 'g', 'j'});
  EXPECT_THAT(ReadAll(), ElementsAre(JournalRecord(Gap(1))));  // from the snapshot
}

TEST_F(JournalTest, AnothersSegmentIsNotTakenForOurs) {
  Append({Gap(1)});
  Sync();
  const std::string path = "/state/journal/" + SegmentName(1);
  auto bytes = files_.Contents().at(path);
  bytes[15] = 9;  // its number
  files_.Put(path, bytes);
  EXPECT_EQ(journal_->ReadFrom({1, kSegmentHeaderBytes}, 100).error().code(), ErrorCode::kDataLoss);
}

TEST_F(JournalTest, ARollThatFailsLeavesNoSegment) {
  Open(100);
  files_.SetFault([](const MemoryFiles::Call& call) -> std::optional<ErrorCode> {
    if (call.path == "/state/journal" && call.what == "syncdir") return ErrorCode::kUnavailable;
    return std::nullopt;
  });
  Append({Gap(1)});
  Sync();  // and goes on in the long segment
  files_.SetFault(nullptr);
  EXPECT_EQ(Segments(), 2U);
  Append({Gap(2)});
  files_.KillProcess();
  Open();
  EXPECT_EQ(journal_->state().gaps().size(), 2U);
}

TEST_F(JournalTest, FramesDroppedDuringASyncTakeNoOthersWithThem) {
  journal_ = nullptr;
  auto opened = Journal::Open(files_, {.folder = "/state/journal", .unsynced_frames_max = 2});
  ASSERT_TRUE(opened.has_value());
  journal_ = *std::move(opened);
  Append({Gap(1)});
  Append({Gap(2)});
  bool once = true;
  files_.SetFault([&](const MemoryFiles::Call& call) -> std::optional<ErrorCode> {
    if (call.what == "fdatasync" && std::exchange(once, false)) {
      Append({Gap(3)});  // drops the first
      Append({Gap(4)});  // and the second
      return std::nullopt;
    }
    return std::nullopt;
  });
  Sync();
  Sync();
  EXPECT_EQ(ReadAll().size(), 4U);
}

TEST_F(JournalTest, AJournalOfWhichNothingCanBeReadIsRefused) {
  Open();
  Open();
  ASSERT_TRUE(journal_->Commit({3, kSegmentHeaderBytes}).has_value());
  journal_ = nullptr;
  for (auto [path, bytes] : files_.Contents()) {
    if (path.ends_with(".log")) files_.Put(path, {1, 2, 3});
  }
  const auto opened = Journal::Open(files_, {.folder = "/state/journal"});
  ASSERT_FALSE(opened.has_value());
  EXPECT_EQ(opened.error().code(), ErrorCode::kDataLoss);
}

TEST_F(JournalTest, ADamagedCheckpointMeansReadingAgain) {
  Append({Gap(1)});
  Sync();
  ASSERT_TRUE(journal_->Commit(journal_->ReadFrom({}, 10)->next).has_value());
  files_.Put("/state/journal/checkpoint", {1, 2, 3});
  Open();
  EXPECT_EQ(journal_->committed(), JournalPosition{});
}

}  // namespace
}  // namespace yagura::storage
