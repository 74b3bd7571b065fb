#pragma once

#include <array>
#include <cstdint>

namespace yagura {

/// JPEG's markers (ISO/IEC 10918-1, table B.1): kMark, and one of the others behind it.
namespace jpeg_marker {

inline constexpr std::uint8_t kMark = 0xff;
inline constexpr std::uint8_t kFrame = 0xc0;          // SOF0: baseline
inline constexpr std::uint8_t kHuffmanTables = 0xc4;  // DHT
inline constexpr std::uint8_t kExtension = 0xc8;      // JPG
inline constexpr std::uint8_t kArithmetic = 0xcc;     // DAC
inline constexpr std::uint8_t kLastFrame = 0xcf;      // SOF15: up to here, but for the three above
inline constexpr std::uint8_t kStart = 0xd8;          // SOI
inline constexpr std::uint8_t kEnd = 0xd9;            // EOI
inline constexpr std::uint8_t kScan = 0xda;           // SOS
inline constexpr std::uint8_t kQuantisers = 0xdb;     // DQT
inline constexpr std::uint8_t kRestarts = 0xdd;       // DRI
inline constexpr std::uint8_t kComment = 0xfe;        // COM

}  // namespace jpeg_marker

/// What a picture as a file begins with, and ends with.
inline constexpr std::array kJpegStart{jpeg_marker::kMark, jpeg_marker::kStart};
inline constexpr std::array kJpegEnd{jpeg_marker::kMark, jpeg_marker::kEnd};

}  // namespace yagura
