#include "storage/journal_segment.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>

#include "core/crc32c.h"
#include "core/log.h"
#include "storage/journal_frame.h"

namespace yagura::storage {
namespace {

constexpr std::string_view kSuffix = ".log";
constexpr std::size_t kNumberDigits = 16;
constexpr std::uint64_t kReadBytes = 256 * 1024;
constexpr std::string_view kCheckpointFile = "/checkpoint";
constexpr std::uint64_t kCheckpointBytes = 24;

/// A piece of a file, read at once.
Result<std::vector<std::uint8_t>> ReadPiece(const File& file, std::uint64_t offset,
                                            std::uint64_t size_bytes) {
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>(size_bytes));
  ASSIGN_OR_RETURN(const std::size_t read, file.Read(offset, bytes));
  bytes.resize(read);
  return bytes;
}

/// The bytes to parse next: a piece of the usual size, or a whole frame where that is longer.
Result<std::vector<std::uint8_t>> ReadNext(const File& file, SegmentRange range) {
  const std::uint64_t left = range.to_bytes - range.from_bytes;
  ASSIGN_OR_RETURN(std::vector<std::uint8_t> bytes,
                   ReadPiece(file, range.from_bytes, std::min(left, kReadBytes)));
  const auto frame_bytes = FrameBytes(bytes);
  if (!frame_bytes.has_value() || *frame_bytes <= bytes.size()) return bytes;
  return ReadPiece(file, range.from_bytes, std::min<std::uint64_t>(left, *frame_bytes));
}

/// That `path` begins as the segment that its name says.
Result<void> CheckHeader(const File& file, const std::string& path) {
  ASSIGN_OR_RETURN(const std::vector<std::uint8_t> header, ReadPiece(file, 0, kSegmentHeaderBytes));
  ASSIGN_OR_RETURN(const std::uint64_t number, ParseSegmentHeader(header));
  if (path.ends_with(SegmentName(number))) return {};
  return Failure(ErrorCode::kDataLoss, "\"" + path + "\" is segment " + std::to_string(number));
}

}  // namespace

std::string SegmentName(std::uint64_t number) {
  std::array<char, 32> text{};
  const int length = std::snprintf(text.data(), text.size(), "%016llu.log",
                                   static_cast<unsigned long long>(number));
  return {text.data(), static_cast<std::size_t>(length)};
}

std::optional<std::uint64_t> ParseSegmentName(std::string_view name) {
  if (name.size() != kNumberDigits + kSuffix.size() || !name.ends_with(kSuffix))
    return std::nullopt;
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + kNumberDigits, number);
  if (error != std::errc() || end != name.data() + kNumberDigits) return std::nullopt;
  return number;
}

Result<std::shared_ptr<File>> CreateSegment(Files& files, const std::string& folder,
                                            const std::string& path,
                                            std::span<const ByteView> parts) {
  ASSIGN_OR_RETURN(std::unique_ptr<File> file, files.Create(path));
  RETURN_IF_ERROR(file->Write(0, parts));
  RETURN_IF_ERROR(file->Sync());
  RETURN_IF_ERROR(files.SyncFolder(folder));
  return std::shared_ptr<File>(std::move(file));
}

Result<std::uint64_t> ReadFrames(Files& files, const std::string& path, SegmentRange range,
                                 std::size_t records_max, std::vector<JournalRecord>& records) {
  auto file = files.OpenToRead(path);
  if (!file.has_value()) {
    if (file.error().code() == ErrorCode::kNotFound) return range.from_bytes;
    return Failure(std::move(file).error());
  }
  if (range.from_bytes == kSegmentHeaderBytes) RETURN_IF_ERROR(CheckHeader(**file, path));
  std::size_t passed_over = 0;
  while (range.from_bytes < range.to_bytes && records.size() < records_max) {
    ASSIGN_OR_RETURN(const std::vector<std::uint8_t> piece, ReadNext(**file, range));
    std::size_t done = 0;
    while (records.size() < records_max) {
      auto frame = ParseFrame(ByteView(piece).subspan(done));
      if (!frame.has_value()) break;
      done += frame->size_bytes;
      passed_over += frame->passed_over;
      std::move(frame->records.begin(), frame->records.end(), std::back_inserter(records));
    }
    if (done == 0) break;
    range.from_bytes += done;
  }
  if (passed_over > 0) {
    log::Warning("records of a newer program are passed over",
                 {{"segment", path}, {"records", static_cast<std::int64_t>(passed_over)}});
  }
  return range.from_bytes;
}

std::optional<std::uint64_t> FindFrame(Files& files, const std::string& path, SegmentRange range) {
  constexpr std::uint8_t kArrayBegins = '[';
  const auto file = files.OpenToRead(path);
  if (!file.has_value()) return std::nullopt;
  const auto size_bytes = (*file)->Size();
  if (!size_bytes.has_value()) return std::nullopt;
  range.to_bytes = std::min(range.to_bytes, *size_bytes);
  if (range.from_bytes >= range.to_bytes) return std::nullopt;
  const auto piece = ReadPiece(**file, range.from_bytes, range.to_bytes - range.from_bytes);
  if (!piece.has_value()) return std::nullopt;
  for (std::size_t at = 0; at + kFrameHeaderBytes < piece->size(); ++at) {
    if ((*piece)[at + kFrameHeaderBytes] != kArrayBegins) continue;
    if (ParseFrame(ByteView(*piece).subspan(at)).has_value()) return range.from_bytes + at;
  }
  return std::nullopt;
}

std::optional<std::vector<JournalRecord>> ReadSegment(Files& files, const std::string& path) {
  std::vector<JournalRecord> records;
  const auto end = ReadFrames(files, path, {kSegmentHeaderBytes, UINT64_MAX}, SIZE_MAX, records);
  if (!end.has_value() || *end == kSegmentHeaderBytes) return std::nullopt;
  return records;
}

Result<void> VisitJournal(Files& files, const std::string& folder,
                          const std::function<void(const JournalRecord&)>& visit) {
  const auto entries = files.List(folder);
  if (!entries.has_value() && entries.error().code() == ErrorCode::kNotFound) return {};
  if (!entries.has_value()) return Failure(entries.error());
  for (const FolderEntry& entry : *entries) {
    if (!ParseSegmentName(entry.name)) continue;
    const auto records = ReadSegment(files, folder + "/" + entry.name);
    if (!records) continue;
    for (const JournalRecord& record : *records) visit(record);
  }
  return {};
}

Result<void> WriteCheckpoint(Files& files, const std::string& folder, JournalPosition position) {
  ByteWriter out;
  out.Text("ygck");
  out.U64(position.segment);
  out.U64(position.offset_bytes);
  out.U32(Crc32c(out.view()));
  return ReplaceWhole(files, folder + std::string(kCheckpointFile), out.view());
}

JournalPosition ReadCheckpoint(Files& files, const std::string& folder) {
  const auto bytes = ReadWhole(files, folder + std::string(kCheckpointFile), kCheckpointBytes);
  if (!bytes.has_value() || bytes->size() != kCheckpointBytes) return {};
  ByteReader in(*bytes);
  (void)in.Bytes(4);  // the checksum covers the mark too
  JournalPosition position;
  position.segment = in.U64();
  position.offset_bytes = in.U64();
  if (in.U32() != Crc32c(ByteView(*bytes).first(kCheckpointBytes - 4))) return {};
  return position;
}

}  // namespace yagura::storage
