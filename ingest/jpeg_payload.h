#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/result.h"
#include "ingest/sequence_info.h"

/// JPEG in RTP (RFC 2435): a part of one picture's coded data in each packet, behind a few bytes
/// from which the picture's headers are made. Pure; any bytes.
namespace yagura::ingest {

/// What a picture's headers are made of. Both sides are multiples of 8.
struct JpegHeaders {
  std::uint8_t sampling = 0;  // 0: 4:2:2, 1: 4:2:0
  std::uint32_t width_px = 0;
  std::uint32_t height_px = 0;
  std::uint16_t restart_interval = 0;  // in MCUs; 0: no restart markers
  /// Two tables of 64 values in zigzag order: of brightness, of colour.
  std::vector<std::uint8_t> quantisers{};
  friend bool operator==(const JpegHeaders&, const JpegHeaders&) = default;
};

/// One packet's payload taken apart.
///
///     | type-specific |              fragment offset                  |
///     |     type      |       Q       |   width / 8   |  height / 8   |
///     with type 64 to 127: restart interval(16) F L restart count(14);
///     at offset 0 with Q 128 to 255: 0(8) precision(8) length(16) and the tables; coded data
struct JpegPart {
  std::uint32_t offset = 0;       // of `data` in the picture's
  JpegHeaders headers;            // quantisers: at offset 0, else empty; and see tables_as_before
  bool tables_as_before = false;  // at offset 0: those of an earlier picture of the same Q
  std::uint8_t q = 0;
  std::span<const std::uint8_t> data;
};

/// kInvalidArgument: too short, or what it says can't be. kUnimplemented: a type that isn't of RFC
/// 2435's own, or tables of 16 bits. kOutOfRange: a picture whose side doesn't fit into its byte
/// (0).
[[nodiscard]] Result<JpegPart> ParseJpegPart(std::span<const std::uint8_t> payload);

/// All that stands before a picture's coded data in a file, from SOI to SOS (ISO/IEC 10918-1, annex
/// B). What comes behind the data is EOI, core's kJpegEnd.
[[nodiscard]] std::vector<std::uint8_t> WriteJpegHeaders(const JpegHeaders& headers);

/// The frame header (SOF0) in such headers, with its marker; how many bytes follow it there.
struct JpegFrameHeader {
  std::span<const std::uint8_t> segment;
  std::size_t behind_bytes = 0;
};
[[nodiscard]] JpegFrameHeader FindJpegFrameHeader(std::span<const std::uint8_t> headers);
/// What a frame header says of the pictures. kInvalidArgument: it is none of WriteJpegHeaders'.
[[nodiscard]] Result<SequenceInfo> ParseJpegFrameHeader(std::span<const std::uint8_t> segment);

}  // namespace yagura::ingest
