#include "storage/journal_frame.h"

#include <algorithm>
#include <array>
#include <string>

#include "core/check.h"
#include "core/crc32c.h"

namespace yagura::storage {
namespace {

constexpr std::array<std::uint8_t, 8> kMark = {'y', 'g', 'j', 'r', 'n', 'l', '0', '1'};
constexpr std::size_t kChecksumAt = 4;

std::uint32_t ChecksumOf(ByteView frame) {
  return Crc32c(frame.subspan(kFrameHeaderBytes), Crc32c(frame.first(kChecksumAt)));
}

}  // namespace

std::vector<std::uint8_t> BuildSegmentHeader(std::uint64_t number) {
  ByteWriter out;
  out.Bytes(kMark);
  out.U64(number);
  return out.Take();
}

Result<std::uint64_t> ParseSegmentHeader(ByteView bytes) {
  ByteReader in(bytes);
  const ByteView mark = in.Bytes(kMark.size());
  const std::uint64_t number = in.U64();
  if (!in.ok() || !std::equal(mark.begin(), mark.end(), kMark.begin())) {
    return Failure(ErrorCode::kDataLoss, "no journal segment");
  }
  return number;
}

std::vector<std::uint8_t> BuildFrame(std::span<const JournalRecord> records) {
  Json batch = Json::Array();
  for (const JournalRecord& record : records) batch.Push(ToJson(record));
  const std::string payload = batch.Dump();
  CHECK(payload.size() <= kFramePayloadBytesMax);
  ByteWriter out;
  out.Reserve(kFrameHeaderBytes + payload.size());
  out.U32(static_cast<std::uint32_t>(payload.size()));
  out.U32(0);
  out.Text(payload);
  out.PatchU32(kChecksumAt, ChecksumOf(out.view()));
  return out.Take();
}

Result<std::size_t> FrameBytes(ByteView header) {
  ByteReader in(header);
  const std::uint32_t payload_bytes = in.U32();
  // An empty payload is none of ours: a hole of zeros must not pass for frames.
  if (!in.ok() || payload_bytes == 0 || payload_bytes > kFramePayloadBytesMax) {
    return Failure(ErrorCode::kDataLoss, "no journal frame");
  }
  return kFrameHeaderBytes + payload_bytes;
}

Result<JournalFrame> ParseFrame(ByteView bytes) {
  if (bytes.size() < kFrameHeaderBytes) return Failure(ErrorCode::kOutOfRange, "a frame cut short");
  ASSIGN_OR_RETURN(const std::size_t size_bytes, FrameBytes(bytes));
  if (bytes.size() < size_bytes) return Failure(ErrorCode::kOutOfRange, "a frame cut short");
  const ByteView frame = bytes.first(size_bytes);
  ByteReader checksum(frame.subspan(kChecksumAt));
  if (checksum.U32() != ChecksumOf(frame)) return Failure(ErrorCode::kDataLoss, "a torn frame");
  const ByteView payload = frame.subspan(kFrameHeaderBytes);
  ASSIGN_OR_RETURN(const Json batch,
                   Json::Parse({reinterpret_cast<const char*>(payload.data()), payload.size()}));
  if (!batch.is_array()) return Failure(ErrorCode::kDataLoss, "a frame that is no batch");
  JournalFrame parsed;
  parsed.size_bytes = size_bytes;
  for (const Json& item : batch.items()) {
    auto record = ParseJournalRecord(item);
    if (record.has_value()) {
      parsed.records.push_back(*std::move(record));
    } else if (record.error().code() == ErrorCode::kUnimplemented) {
      ++parsed.passed_over;
    } else {
      return Failure(std::move(record).error());
    }
  }
  return parsed;
}

}  // namespace yagura::storage
