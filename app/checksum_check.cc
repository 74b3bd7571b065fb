#include "app/checksum_check.h"

#include "storage/clip_reader.h"

namespace yagura::app {
namespace {

/// Calls `visit` with each row that has a file, and the file.
template <typename Visit>
void ForEachPair(const CatalogueEvidence& catalogue, const FoundClips& found, Visit visit) {
  for (const auto& [camera, rows] : catalogue.clips) {
    for (const storage::ClipRow& row : rows) {
      const auto file = found.clips.find(row.id);
      if (file != found.clips.end()) visit(row, file->second);
    }
  }
}

std::string Name(const storage::ClipRow& row) { return "clip " + ToString(row.id); }

/// When the first frame of the fragment was captured, and when the first one after it.
WallRange TimeOf(const storage::ClipIndex& index, std::size_t fragment,
                 const storage::ClipRow& row) {
  std::size_t first = 0;
  for (std::size_t i = 0; i < fragment; ++i) first += index.fragments[i].samples;
  const std::size_t next = first + index.fragments[fragment].samples;
  const auto at = [&](std::size_t sample) {
    return sample < index.samples.size() ? index.CapturedAt(index.samples[sample]) : row.end;
  };
  return {at(first), at(next)};
}

/// The fragments whose own checksum fails, a line each; one line where none does.
Result<std::vector<std::string>> WhatDiffers(const storage::File& file,
                                             const storage::ClipRow& row) {
  ASSIGN_OR_RETURN(const storage::ClipIndex index, storage::ReadClipIndex(file, row.bytes));
  ASSIGN_OR_RETURN(const storage::ClipContents contents,
                   storage::ReadClipContents(file, index, row.bytes, storage::AtDamage::kGoOn));
  std::vector<std::string> lines;
  for (const std::size_t i : contents.damaged) {
    const storage::IndexedFragment& fragment = index.fragments[i];
    const WallRange time = TimeOf(index, i, row);
    lines.push_back(FormatRfc3339(time.from) + " to " + FormatRfc3339(time.to) +
                    " is not as it was written (bytes " + std::to_string(fragment.offset_bytes) +
                    " to " + std::to_string(fragment.offset_bytes + fragment.size_bytes) + ")");
  }
  if (lines.empty())
    lines.emplace_back("its front or its end is not as it was written; every fragment is");
  return lines;
}

Result<std::vector<std::string>> CompareClip(storage::Files& files, const storage::ClipRow& row,
                                             const std::string& path) {
  ASSIGN_OR_RETURN(const auto file, files.OpenToRead(path));
  ASSIGN_OR_RETURN(const auto sha256, storage::ClipSha256(*file, row.bytes));
  if (sha256 == row.sha256) return std::vector<std::string>();
  return WhatDiffers(*file, row);
}

}  // namespace

ReadSoFar ToRead(const CatalogueEvidence& catalogue, const FoundClips& found) {
  ReadSoFar sum;
  ForEachPair(catalogue, found, [&](const storage::ClipRow& row, const FoundClip&) {
    ++sum.clips;
    sum.bytes += row.bytes;
  });
  return sum;
}

ChecksumCheck CompareChecksums(const CatalogueEvidence& catalogue, const FoundClips& found,
                               storage::Files& files,
                               const std::function<void(const ReadSoFar&)>& on_clip) {
  ChecksumCheck check;
  ForEachPair(catalogue, found, [&](const storage::ClipRow& row, const FoundClip& clip) {
    const auto differs = CompareClip(files, row, clip.path);
    const auto say = [&](const std::string& what) {
      check.disagreements.push_back(
          {DisagreementKind::kNotAsWritten, Name(row) + ", " + clip.path + ": " + what});
    };
    if (differs.has_value()) {
      for (const std::string& what : *differs) say(what);
    } else if (differs.error().code() != ErrorCode::kNotFound) {
      say(differs.error().message());
    }
    ++check.read.clips;
    check.read.bytes += row.bytes;
    on_clip(check.read);
  });
  return check;
}

}  // namespace yagura::app
