#include "storage/journal.h"

#include <gmock/gmock.h>

#include "storage/journal_frame.h"
#include "storage/journal_segment.h"
#include "tests/storage/fake_stream.h"
#include "tests/support/memory_files.h"

namespace yagura::storage {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::IsEmpty;
using testing::kMorning;
using testing::kSecond;
using testing::MemoryFiles;
using testing::TestId;

ClipOpened Opened(std::uint8_t number) {
  return {.clip = {TestId<RunId>(number), number},
          .camera = TestId<CameraId>(number),
          .stream = Stream::kMain,
          .volume = TestId<VolumeId>(1),
          .owner = {TestId<UnitId>(1), TestId<FloorId>(1)},
          .clock = ClockState::kSynchronised,
          .media_start = MediaTime{900'000},
          .wall_start = kMorning,
          .lead_in = KeyframeReference{{TestId<RunId>(number), 3}, 77}};
}

ClipClosed Closed(std::uint8_t number) {
  return {.opened = Opened(number),
          .media_end = MediaTime{6'300'000},
          .wall_end = kMorning + 60 * kSecond,
          .bytes = 15'000'000,
          .sha256 = {1, 2, 3},
          .header_bytes = 609,
          .fragments_offset = 785,
          .samples = 900,
          .ended_by = ClipEnd::kRolled,
          .trailer_offset = 14'990'000,
          .keyframes = {{785, MediaTime{900'000}}, {500'000, MediaTime{1'080'000}}}};
}

GapOpened Gap(std::uint8_t number) {
  return {.gap = TestId<GapId>(number),
          .camera = TestId<CameraId>(number),
          .stream = Stream::kSub,
          .owner = {TestId<UnitId>(1), TestId<FloorId>(1)},
          .reason = GapReason::kCameraSilent,
          .from = kMorning};
}

RunOpened StartOf(std::uint8_t number) {
  return {.run = TestId<RunId>(number),
          .camera = TestId<CameraId>(number),
          .stream = Stream::kMain,
          .owner = {TestId<UnitId>(1), TestId<FloorId>(1)},
          .clock = ClockState::kRepeated,
          .media_start = MediaTime{900'000},
          .wall_start = kMorning,
          .format = *testing::FormatNamed(number, 2),
          .init_sha256 = {9, 9}};
}

class JournalTest : public ::testing::Test {
 protected:
  JournalTest() {
    files_.Put("/state/here", {});
    Open();
  }
  void Open(std::uint64_t segment_bytes_max = 4096) {
    journal_ = nullptr;
    auto opened =
        Journal::Open(files_, {.folder = "/state/journal", .segment_bytes_max = segment_bytes_max});
    ASSERT_TRUE(opened.has_value()) << ToString(opened.error());
    journal_ = *std::move(opened);
  }
  void Append(const std::vector<JournalRecord>& records) { journal_->Append(records); }
  void Sync() { ASSERT_TRUE(journal_->Sync().has_value()); }

  /// All records that a reader gets who asks for `at_once`, from the start.
  std::vector<JournalRecord> ReadAll(std::size_t at_once = 3) {
    std::vector<JournalRecord> all;
    for (JournalPosition position;;) {
      const auto batch = journal_->ReadFrom(position, at_once);
      EXPECT_TRUE(batch.has_value());
      if (!batch.has_value() || batch->next == position) return all;
      all.insert(all.end(), batch->records.begin(), batch->records.end());
      position = batch->next;
    }
  }
  [[nodiscard]] std::size_t Segments() const {
    std::size_t count = 0;
    for (const auto& [path, bytes] : files_.Contents()) count += path.ends_with(".log") ? 1 : 0;
    return count;
  }

  /// Changes one byte of the segment, where it says `text`.
  void Damage(std::uint64_t segment, const std::string& text) {
    const std::string path = "/state/journal/" + SegmentName(segment);
    auto bytes = files_.Contents().at(path);
    const auto at = std::search(bytes.begin(), bytes.end(), text.begin(), text.end());
    ASSERT_NE(at, bytes.end());
    *at ^= 1;
    files_.Put(path, bytes);
  }

  MemoryFiles files_;
  std::unique_ptr<Journal> journal_;
};

TEST_F(JournalTest, EveryRecordComesBackAsItWas) {
  ClipClosed without_trailer = Closed(2);
  without_trailer.trailer_offset.reset();
  without_trailer.opened.lead_in.reset();
  without_trailer.keyframes.clear();
  const std::vector<JournalRecord> records = {StartOf(1),
                                              Opened(1),
                                              Closed(1),
                                              without_trailer,
                                              ClipVoided{{TestId<RunId>(4), 0}},
                                              RunEnded{TestId<RunId>(1), MediaTime{5}, kMorning},
                                              Gap(1),
                                              GapEnded{TestId<GapId>(1), kMorning + kSecond},
                                              Alive{kMorning}};
  Append(records);
  Sync();
  EXPECT_THAT(ReadAll(), ElementsAreArray(records));
}

TEST_F(JournalTest, ReadersSeeOnlyWhatIsDurable) {
  Append({Gap(1)});
  EXPECT_THAT(ReadAll(), IsEmpty());
  Sync();
  Append({Gap(2)});
  EXPECT_THAT(ReadAll(), ElementsAre(JournalRecord(Gap(1))));
}

TEST_F(JournalTest, ABatchIsWholeOrNotThere) {
  Append({Gap(1)});
  Append({Gap(2), Gap(3)});
  Sync();
  const std::string path = "/state/journal/" + SegmentName(1);
  const auto bytes = files_.Contents().at(path);
  for (std::size_t cut = 1; cut < 200; ++cut) {
    auto torn = bytes;
    torn.resize(bytes.size() - cut);
    files_.Put("/state/journal/" + SegmentName(1), torn);
    std::vector<JournalRecord> records;
    ASSERT_TRUE(
        ReadFrames(files_, path, {kSegmentHeaderBytes, UINT64_MAX}, 100, records).has_value());
    EXPECT_THAT(records, ElementsAre(JournalRecord(Gap(1)))) << cut;
  }
}

TEST_F(JournalTest, WhatWasOpenIsKnownAfterARestart) {
  Append({StartOf(1), Opened(1)});
  Append({Gap(2)});
  Append({Gap(3)});
  Append({GapEnded{TestId<GapId>(3), kMorning + kSecond}, Alive{kMorning}});
  const JournalState before = journal_->state();
  files_.KillProcess();
  Open();
  EXPECT_EQ(journal_->state(), before);
  EXPECT_EQ(journal_->state().clips().size(), 1U);
  EXPECT_EQ(journal_->state().gaps().size(), 1U);
  EXPECT_EQ(journal_->state().last_alive(), kMorning);
}

TEST_F(JournalTest, SegmentsRollAndGoWhenTheCatalogueHasThem) {
  for (std::uint8_t i = 0; i < 100; ++i) {
    Append({Closed(i)});
    Sync();
  }
  EXPECT_GT(Segments(), 10U);
  EXPECT_EQ(ReadAll().size(), 100U);
  const auto half = journal_->ReadFrom({}, 50);
  ASSERT_TRUE(journal_->Commit(half->next).has_value());
  EXPECT_EQ(journal_->committed(), half->next);
  EXPECT_LT(ReadAll().size(), 65U);
  const auto rest = journal_->ReadFrom(half->next, 100);
  EXPECT_EQ(rest->records.size(), 50U);
  ASSERT_TRUE(journal_->Commit(rest->next).has_value());
  EXPECT_EQ(Segments(), 2U);
  Open();
  EXPECT_EQ(journal_->committed(), rest->next);
  EXPECT_THAT(journal_->ReadFrom(journal_->committed(), 100)->records, IsEmpty());
}

TEST_F(JournalTest, ASegmentThatFailsIsLeftAndNothingIsLost) {
  Append({Gap(1)});
  Sync();
  files_.SetFault([](const MemoryFiles::Call& call) -> std::optional<ErrorCode> {
    if (call.path.ends_with(SegmentName(1)) && call.what == "fdatasync")
      return ErrorCode::kUnavailable;
    return std::nullopt;
  });
  Append({Gap(2)});
  Sync();
  Append({Gap(3)});
  Sync();
  EXPECT_EQ(Segments(), 2U);
  files_.CutPower();
  files_.PowerOn(MemoryFiles::Loss::kAllUnsynced, 1);
  Open();
  EXPECT_EQ(journal_->state().gaps().size(), 3U);
}

TEST_F(JournalTest, RecordsWaitInMemoryWhileNothingCanBeWritten) {
  files_.SetFault([](const MemoryFiles::Call&) -> std::optional<ErrorCode> {
    return ErrorCode::kResourceExhausted;
  });
  Append({Gap(1)});
  EXPECT_FALSE(journal_->Sync().has_value());
  Append({Gap(2)});
  EXPECT_FALSE(journal_->Sync().has_value());
  files_.SetFault(nullptr);
  Sync();
  const auto records = ReadAll();
  EXPECT_THAT(records, ::testing::IsSupersetOf({JournalRecord(Gap(1)), JournalRecord(Gap(2))}));
}

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
