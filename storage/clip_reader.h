#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/result.h"
#include "storage/clip_trailer.h"
#include "storage/files.h"
#include "storage/journal_records.h"
#include "storage/sha256.h"

namespace yagura::storage {

/// The front of a clip file.
struct ClipHead {
  std::uint32_t header_bytes = 0;      // ftyp + moov: [0, header_bytes)
  std::uint32_t fragments_offset = 0;  // behind the identity box
  ClipOpened identity;
  StreamFormat format;  // without reorder_depth
  std::vector<std::uint8_t> init_segment;
};
/// kDataLoss: no clip file of ours, or its front is damaged or cut short.
[[nodiscard]] Result<ClipHead> ReadClipHead(const File& file);

/// One frame, in decoding order.
struct IndexedSample {
  std::uint64_t offset_bytes = 0;
  std::uint32_t size_bytes = 0;
  std::uint32_t duration_90k = 0;
  std::int32_t composition_90k = 0;  // PTS = dts + composition
  bool keyframe = false;
  MediaTime dts;
  friend bool operator==(const IndexedSample&, const IndexedSample&) = default;
};
struct IndexedFragment {
  std::uint64_t offset_bytes =
      0;  // of its moof; it ends where the next one, or the trailer, starts
  std::uint32_t moof_bytes = 0;
  std::uint64_t size_bytes = 0;
  std::uint32_t samples = 0;
  friend bool operator==(const IndexedFragment&, const IndexedFragment&) = default;
};

/// Where everything lies in a clip file.
struct ClipIndex {
  std::uint32_t header_bytes = 0;
  std::uint32_t fragments_offset = 0;
  std::uint64_t fragments_end = 0;  // trailer, torn fragment, or end of what counts
  ClipOpened identity;
  std::vector<IndexedFragment> fragments;
  std::vector<IndexedSample> samples;
  std::optional<ClipTrailer> trailer;

  /// When the frame was captured, as the clip dates it.
  [[nodiscard]] WallTime CapturedAt(const IndexedSample& sample) const;
  /// Until when every frame is there (complete_until.h); the clip's media_start where there is
  /// none.
  [[nodiscard]] MediaTime MediaEnd() const;
};

/// Reads the index of `file`, of which the first `bytes` count (ClipClosed::bytes; for a file
/// without a row, its size): from the trailer, or, where there is none or it does not fit, fragment
/// by fragment up to the first that is not whole. kDataLoss as of ReadClipHead.
[[nodiscard]] Result<ClipIndex> ReadClipIndex(const File& file, std::uint64_t bytes);

/// What one reading of a clip's bytes tells.
struct ClipContents {
  Sha256Digest sha256{};
  std::vector<std::size_t> damaged;  // of the index's fragments, those not as they were written
};
enum class AtDamage {
  kGoOn,
  kStop,  // at the first damaged fragment: the digest is of what precedes it
};
/// Reads the first `bytes` of `file` once, of which `index` tells. kDataLoss: there are fewer.
[[nodiscard]] Result<ClipContents> ReadClipContents(const File& file, const ClipIndex& index,
                                                    std::uint64_t bytes, AtDamage at_damage);

/// Whether every byte of this fragment is as it was written. Reads all of it, into `buffer`, which
/// grows as it must: whoever looks at many fragments keeps it.
[[nodiscard]] Result<bool> FragmentIsWhole(const File& file, const IndexedFragment& fragment,
                                           std::vector<std::uint8_t>& buffer);

/// The same of its bytes.
[[nodiscard]] bool IsWholeFragment(ByteView bytes, const IndexedFragment& fragment);

/// SHA-256 of the first `bytes` of `file`, as a row has it. Reads all of them. kDataLoss: there are
/// fewer.
[[nodiscard]] Result<Sha256Digest> ClipSha256(const File& file, std::uint64_t bytes);

/// Keyframes that start a fragment, as a row has them.
[[nodiscard]] std::vector<ClipKeyframe> KeyframesOf(const ClipIndex& index);

}  // namespace yagura::storage
