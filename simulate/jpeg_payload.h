#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/jpeg_picture.h"

namespace yagura::simulate {

/// Cuts one JPEG picture into RFC 2435's payloads, with its own tables in the first (Q 255). Takes
/// a size and a sampling that RFC 2435 knows (ParseLoop).
class JpegPacketizer {
 public:
  /// What `picture` shows to outlives it.
  explicit JpegPacketizer(const JpegPicture& picture) : picture_(picture) {}

  [[nodiscard]] bool more() const { return offset_ < picture_.scan.size(); }
  /// What the payload begins with whose part comes next.
  [[nodiscard]] std::vector<std::uint8_t> NextHeader() const;
  [[nodiscard]] std::span<const std::uint8_t> NextPart(std::size_t size_bytes_max);

 private:
  const JpegPicture picture_;
  std::size_t offset_ = 0;
};

}  // namespace yagura::simulate
