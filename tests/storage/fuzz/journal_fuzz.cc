// What the reader of journals makes of any bytes as the frames of a segment; checksums are put
// right first.
#include <algorithm>

#include "core/check.h"
#include "core/crc32c.h"
#include "storage/journal.h"
#include "storage/journal_frame.h"
#include "storage/journal_segment.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/support/memory_files.h"

namespace yagura::storage {
namespace {

void RepairFrames(std::vector<std::uint8_t>& bytes) {
  std::size_t at = kSegmentHeaderBytes;
  while (at + kFrameHeaderBytes <= bytes.size()) {
    const auto size_bytes = FrameBytes(ByteView(bytes).subspan(at, kFrameHeaderBytes));
    if (!size_bytes.has_value() || at + *size_bytes > bytes.size()) return;
    const ByteView frame = ByteView(bytes).subspan(at, *size_bytes);
    const std::uint32_t crc = Crc32c(frame.subspan(kFrameHeaderBytes), Crc32c(frame.first(4)));
    for (std::size_t i = 0; i < 4; ++i)
      bytes[at + 4 + i] = static_cast<std::uint8_t>(crc >> (24 - 8 * i));
    at += *size_bytes;
  }
}

}  // namespace
}  // namespace yagura::storage

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace yagura::storage;
  std::vector<std::uint8_t> bytes(data, data + size);
  RepairFrames(bytes);
  yagura::testing::MemoryFiles files;
  files.Put("/state/journal/" + SegmentName(1), bytes);
  const auto journal = Journal::Open(files, {.folder = "/state/journal"});
  if (!journal.has_value()) return 0;
  std::vector<JournalRecord> records;
  for (JournalPosition position;;) {
    const auto batch = (*journal)->ReadFrom(position, 5);
    if (!batch.has_value()) {
      CHECK(batch.error().code() == yagura::ErrorCode::kDataLoss);
      const JournalPosition behind = (*journal)->BehindDamage(position);
      CHECK(position < behind);
      position = behind;
      continue;
    }
    if (batch->next == position) break;
    CHECK(position < batch->next);
    position = batch->next;
    records.insert(records.end(), batch->records.begin(), batch->records.end());
  }
  for (const JournalRecord& record : records) {
    const auto again = ParseJournalRecord(ToJson(record));
    CHECK(again.has_value() && *again == record);
  }
  // A snapshot leads to the state that it is of.
  JournalState state;
  for (const JournalRecord& record : (*journal)->state().Snapshot()) state.Apply(record);
  CHECK(state == (*journal)->state());
  return 0;
}
