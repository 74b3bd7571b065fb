#include <gmock/gmock.h>

#include "core/crc32c.h"
#include "storage/bytes.h"
#include "storage/journal_frame.h"
#include "tests/storage/journal_fixture.h"

namespace yagura::storage {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;

TEST_F(JournalTest, EveryRecordComesBackAsItWas) {
  ClipClosed without_trailer = Closed(2);
  without_trailer.trailer_offset.reset();
  without_trailer.opened.lead_in.reset();
  without_trailer.keyframes.clear();
  RunOpened h265 = StartOf(2);
  h265.format = testing::H265Format();
  const std::vector<JournalRecord> records = {
      StartOf(1),
      h265,
      Opened(1),
      Closed(1),
      without_trailer,
      ClipVoided{{TestId<RunId>(4), 0}},
      RunEnded{TestId<RunId>(1), MediaTime{5}, kMorning},
      Gap(1),
      GapEnded{TestId<GapId>(1), kMorning + kSecond},
      Alive{kMorning},
      ClockStepped{TestId<ClockStepId>(1), kMorning, kMorning - kSecond},
      CameraClockNoted{TestId<CameraId>(1), kMorning, -kSecond, -200'000},
      CameraClockNoted{TestId<CameraId>(2), kMorning, kSecond, std::nullopt},
      ReceptionNoted{TestId<CameraId>(1), kMorning, kMorning + kSecond, 3, 2, 1}};
  Append(records);
  Sync();
  EXPECT_THAT(ReadAll(), ElementsAreArray(records));
}

TEST_F(JournalTest, ARunOfJpegComesBackAsItWas) {
  RunOpened jpeg = StartOf(3);
  jpeg.format = testing::JpegFormat();
  Append({jpeg});
  Sync();
  EXPECT_THAT(ReadAll(), ElementsAre(JournalRecord(jpeg)));
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

/// A frame with these records, as a newer program would write it.
std::vector<std::uint8_t> FrameOf(const Json& batch) {
  const std::string payload = batch.Dump();
  ByteWriter frame;
  frame.U32(static_cast<std::uint32_t>(payload.size()));
  frame.U32(0);
  frame.Text(payload);
  const ByteView bytes = frame.view();
  frame.PatchU32(4, Crc32c(bytes.subspan(8), Crc32c(bytes.first(4))));
  return frame.Take();
}

TEST_F(JournalTest, WhatANewerProgramWroteIsPassedOverAndTheRestCounts) {
  Append({Gap(1)});
  Sync();
  Json reason = ToJson(Gap(3));
  reason.Set("reason", "moon_in_the_way");
  const Json batch =
      Json::Array({ToJson(Gap(2)), Json::Object({{"type", "moon_phase"}, {"phase", 3}}), reason});
  const std::string path = "/state/journal/" + SegmentName(1);
  auto bytes = files_.Contents().at(path);
  for (const Json& one : {batch, Json::Array({Json::Object({{"type", "moon_phase"}})}),
                          Json::Array({ToJson(Gap(4))})}) {
    const auto frame = FrameOf(one);
    bytes.insert(bytes.end(), frame.begin(), frame.end());
  }
  files_.Put(path, bytes);
  Open();
  GapOpened third = Gap(3);
  third.reason = GapReason::kRecorderRestart;
  EXPECT_THAT(ReadAll(), IsSupersetOf({JournalRecord(Gap(1)), JournalRecord(Gap(2)),
                                       JournalRecord(third), JournalRecord(Gap(4))}));
  EXPECT_EQ(journal_->state().gaps().size(), 4U);
}

TEST_F(JournalTest, WhatIsNoRecordOfAnyProgramIsDamage) {
  for (const Json& batch : {Json::Array({Json::Object({{"phase", 3}})}),
                            Json::Array({Json::Object({{"type", "gap_ended"}})}), Json::Object()}) {
    EXPECT_FALSE(ParseFrame(FrameOf(batch)).has_value()) << batch.Dump();
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

}  // namespace
}  // namespace yagura::storage
