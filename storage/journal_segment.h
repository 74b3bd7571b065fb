#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "storage/files.h"
#include "storage/journal.h"

/// The files of a journal's folder: segments, and the checkpoint of how far the catalogue has come.
namespace yagura::storage {

/// "0000000000000017.log".
[[nodiscard]] std::string SegmentName(std::uint64_t number);
[[nodiscard]] std::optional<std::uint64_t> ParseSegmentName(std::string_view name);

/// A new file at `path` with these bytes, durable with its name.
[[nodiscard]] Result<std::shared_ptr<File>> CreateSegment(Files& files, const std::string& folder,
                                                          const std::string& path,
                                                          std::span<const ByteView> parts);

/// Where to read in a segment; `to_bytes` may lie beyond its end.
struct SegmentRange {
  std::uint64_t from_bytes = 0;
  std::uint64_t to_bytes = 0;
};
/// Adds the records of whole frames in `range` to `records` until there are `records_max` or more,
/// and gives the offset after the last frame read. Ends at the first frame that is torn or missing:
/// nothing behind it was ever durable. A segment that is gone has none.
/// At the start of the segment its header is looked at too: kDataLoss where it is another's.
[[nodiscard]] Result<std::uint64_t> ReadFrames(Files& files, const std::string& path,
                                               SegmentRange range, std::size_t records_max,
                                               std::vector<JournalRecord>& records);

/// Where in `range` the first whole frame starts; nothing where none does.
[[nodiscard]] std::optional<std::uint64_t> FindFrame(Files& files, const std::string& path,
                                                     SegmentRange range);

/// All records of a segment, its snapshot first; nothing where it has no whole snapshot.
[[nodiscard]] std::optional<std::vector<JournalRecord>> ReadSegment(Files& files,
                                                                    const std::string& path);

/// Shows `visit` all records of the journal in `folder`, segment by segment, without taking part in
/// it: the recorder may be running. A segment without a whole snapshot is left out; a folder that
/// isn't there has none. Errors of Files::List.
[[nodiscard]] Result<void> VisitJournal(Files& files, const std::string& folder,
                                        const std::function<void(const JournalRecord&)>& visit);

[[nodiscard]] Result<void> WriteCheckpoint(Files& files, const std::string& folder,
                                           JournalPosition position);
/// The smallest position where there is no readable checkpoint.
[[nodiscard]] JournalPosition ReadCheckpoint(Files& files, const std::string& folder);

}  // namespace yagura::storage
