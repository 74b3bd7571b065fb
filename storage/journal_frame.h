#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/result.h"
#include "storage/bytes.h"
#include "storage/journal_records.h"

/// The bytes of a journal segment (docs/design/journal.md, "Layout"): a header, then frames. A
/// frame holds a batch of records and is whole or isn't there.
///
///   segment header:  "ygjrnl01" (8)  number (8)
///   frame:           payload length (4)  CRC-32C of the length and the payload (4)  payload: a
///   JSON array of records
namespace yagura::storage {

inline constexpr std::size_t kSegmentHeaderBytes = 16;
inline constexpr std::size_t kFrameHeaderBytes = 8;
/// A batch of a few records, each a few kilobytes at most, or the snapshot of what is open: of a
/// stream a run and two clips, where one misbehaves kStreamOpenClipsMax of each.
inline constexpr std::uint32_t kFramePayloadBytesMax = 64 * 1024 * 1024;

[[nodiscard]] std::vector<std::uint8_t> BuildSegmentHeader(std::uint64_t number);
/// kDataLoss: no header of ours.
[[nodiscard]] Result<std::uint64_t> ParseSegmentHeader(ByteView bytes);

[[nodiscard]] std::vector<std::uint8_t> BuildFrame(std::span<const JournalRecord> records);

/// A frame found at the start of some bytes.
struct JournalFrame {
  std::vector<JournalRecord> records;
  std::size_t size_bytes = 0;   // with its header
  std::size_t passed_over = 0;  // records of types that only a newer program knows
};
/// Length of the frame that starts with `header` (kFrameHeaderBytes); kDataLoss: none does.
[[nodiscard]] Result<std::size_t> FrameBytes(ByteView header);
/// The frame at the start of `bytes`. kOutOfRange: `bytes` end within it. kDataLoss: torn, damaged,
/// or no frame.
[[nodiscard]] Result<JournalFrame> ParseFrame(ByteView bytes);

}  // namespace yagura::storage
