#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/access_unit.h"
#include "core/result.h"
#include "core/time.h"
#include "storage/bytes.h"

/// The boxes of a clip file (ISO/IEC 14496-12), as docs/design/clip-format.md lays them out. Pure:
/// bytes in, bytes out.
namespace yagura::storage {

/// A box type as its four characters read: FourCc("moof").
constexpr std::uint32_t FourCc(const char (&text)[5]) {
  std::uint32_t value = 0;
  for (int i = 0; i < 4; ++i) value = value << 8 | static_cast<std::uint8_t>(text[i]);
  return value;
}

/// Whether a time read from a file is one, of these three thousand years: sums and conversions of
/// such times, durations and offsets never overflow.
[[nodiscard]] constexpr bool IsPlausible(MediaTime time) {
  constexpr std::int64_t kLimit = std::int64_t{1} << 53;
  return time.ticks_90k > -kLimit && time.ticks_90k < kLimit;
}
[[nodiscard]] constexpr bool IsPlausible(WallTime time) {
  constexpr std::int64_t kLimit = std::int64_t{1} << 57;
  const std::int64_t micros = time.time_since_epoch().count();
  return micros > -kLimit && micros < kLimit;
}

using BoxUuid = std::array<std::uint8_t, 16>;
inline constexpr BoxUuid kIdentityUuid = {0x5e, 0x0b, 0x7c, 0x1a, 0x93, 0x4f, 0x4d, 0x26,
                                          0x8a, 0x60, 0x21, 0xf3, 0x0d, 0xb4, 0x6e, 0x91};
inline constexpr BoxUuid kTrailerUuid = {0xc4, 0x77, 0x1e, 0x55, 0x2a, 0x08, 0x4b, 0xd9,
                                         0x9f, 0x13, 0x66, 0xa0, 0x5d, 0xe2, 0x38, 0x7b};
inline constexpr BoxUuid kChecksumUuid = {0x1d, 0xa9, 0x40, 0xe6, 0x7f, 0x3c, 0x42, 0x85,
                                          0xb1, 0x5e, 0xd8, 0x09, 0x94, 0x2b, 0xc7, 0x30};

/// Opens a box in `out`; its size is set when this goes out of scope.
class BoxScope {
 public:
  BoxScope(ByteWriter& out, std::uint32_t type);
  BoxScope(ByteWriter& out, const BoxUuid& uuid);
  ~BoxScope();
  BoxScope(const BoxScope&) = delete;
  BoxScope& operator=(const BoxScope&) = delete;

 private:
  ByteWriter& out_;
  std::size_t start_;
};

/// What every file of ours with one video track has alike, whoever lays out the rest of its `moov`.
inline constexpr std::uint32_t kTrackId = 1;
inline constexpr std::uint32_t kUndeterminedLanguage = 0x55c40000;  // "und", then pre_defined
/// What a full box has behind its header.
void AppendVersionAndFlags(ByteWriter& out, std::uint8_t version, std::uint32_t flags);
void AppendUnityMatrix(ByteWriter& out);
/// `hdlr`.
void AppendVideoHandler(ByteWriter& out);
/// `vmhd` and `dinf`: a picture, whose media are in this file.
void AppendVideoMediaHeaders(ByteWriter& out);

/// `ftyp` + `moov` for `format`: one video track, id 1, timescale 90000, no samples, fragments
/// announced. Depends on nothing else.
[[nodiscard]] std::vector<std::uint8_t> BuildInitSegment(const StreamFormat& format);
/// The same for a file where `followed_by_bytes` come next: `moov` ends in a `free` box, so that
/// behind them a page begins.
[[nodiscard]] std::vector<std::uint8_t> BuildInitSegment(const StreamFormat& format,
                                                         std::uint32_t followed_by_bytes);

/// What a box says of itself.
struct BoxHeader {
  std::uint32_t type = 0;
  std::uint64_t size_bytes = 0;  // with this header; at least header_bytes
  std::uint32_t header_bytes = 0;
  BoxUuid uuid{};  // of a 'uuid' box
};
/// Bytes that are always enough to read a header: 8, 8 more for a large size, 16 more for a uuid.
inline constexpr std::size_t kBoxHeaderBytesMax = 32;
/// Reads the header at the start of `bytes`. kOutOfRange: too few bytes. kDataLoss: no box has such
/// a header. A size of 0 ("to the end of the file") is kDataLoss too: we never write it.
[[nodiscard]] Result<BoxHeader> ReadBoxHeader(ByteView bytes);

struct FoundBox {
  ByteView whole;
  ByteView payload;
};
/// The first of `boxes` that has this type.
[[nodiscard]] std::optional<FoundBox> FindBox(ByteView boxes, std::uint32_t type);

/// The format named by the `moov` of an init segment of ours (codec, parameter sets, dimensions).
/// kDataLoss where it has none.
[[nodiscard]] Result<StreamFormat> ReadStreamFormat(ByteView init_segment);

}  // namespace yagura::storage
