#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "storage/journal.h"
#include "storage/journal_segment.h"
#include "tests/storage/fake_stream.h"
#include "tests/support/memory_files.h"

namespace yagura::storage {

using testing::kMorning;
using testing::kSecond;
using testing::MemoryFiles;
using testing::TestId;

// Records of each kind, told apart by a number.
inline ClipOpened Opened(std::uint8_t number) {
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

inline ClipClosed Closed(std::uint8_t number) {
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

inline GapOpened Gap(std::uint8_t number) {
  return {.gap = TestId<GapId>(number),
          .camera = TestId<CameraId>(number),
          .stream = Stream::kSub,
          .owner = {TestId<UnitId>(1), TestId<FloorId>(1)},
          .reason = GapReason::kCameraSilent,
          .from = kMorning};
}

inline RunOpened StartOf(std::uint8_t number) {
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

}  // namespace yagura::storage
