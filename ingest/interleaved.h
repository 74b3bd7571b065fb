#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace yagura::ingest {

/// One packet between RTSP messages on the same connection (RFC 2326 section 10.12):
///
///     '$' | channel (1) | length (2, big-endian) | payload (length)
struct InterleavedFrame {
  std::size_t size_bytes = 0;  // whole, with the four bytes in front; 0: more bytes are needed
  std::uint8_t channel = 0;
  std::span<const std::uint8_t> payload;
};

inline constexpr std::uint8_t kInterleavedMark = '$';
inline constexpr std::size_t kMaxInterleavedBytes = 4 + 65'535;

/// The frame at the front of `bytes`, which begin with '$'. Looks at nothing behind it and copies
/// nothing.
[[nodiscard]] inline InterleavedFrame FirstInterleavedFrame(std::span<const std::uint8_t> bytes) {
  if (bytes.size() < 4) return {};
  const std::size_t length = static_cast<std::size_t>(bytes[2] << 8 | bytes[3]);
  if (bytes.size() - 4 < length) return {};
  return {4 + length, bytes[1], bytes.subspan(4, length)};
}

/// Puts `payload` (at most 65535 bytes) into a frame of `channel`, behind `out`.
inline void AppendInterleaved(std::uint8_t channel, std::string_view payload, std::string& out) {
  const std::size_t length = payload.size();
  out += static_cast<char>(kInterleavedMark);
  out += static_cast<char>(channel);
  out += static_cast<char>(length >> 8);
  out += static_cast<char>(length & 0xff);
  out.append(payload);
}

}  // namespace yagura::ingest
