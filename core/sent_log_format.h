#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "core/time.h"

/// Sizes and kinds of the sent log's records, for its reader and its writer only
/// (docs/design/sent-log.md).
namespace yagura::sent_log_format {

inline constexpr std::string_view kMagic = "YGSENT1\n";
inline constexpr std::size_t kHeaderSize = 4;  // kind, flags, size of the record
inline constexpr std::size_t kEpochSize = 24;
inline constexpr std::size_t kSessionSize = 40;
inline constexpr std::size_t kFrameSize = 32;
inline constexpr std::size_t kEndSize = 16;
inline constexpr std::size_t kPathMax = 1024;
inline constexpr std::size_t kBufferMax = std::size_t{64} << 10;
inline constexpr std::uint8_t kKeyframeFlag = 1;
inline constexpr std::uint8_t kBrokenFlag = 2;

enum Kind : char { kCamera = 'C', kEpoch = 'E', kSession = 'S', kFrame = 'F', kEnd = 'X' };

/// Writes little-endian fields one after the other.
class Put {
 public:
  explicit Put(std::span<std::uint8_t> out) : out_(out) {}
  template <class Int>
  Put& operator<<(Int value) {
    for (std::size_t i = 0; i < sizeof(Int); ++i) {
      out_[i] = static_cast<std::uint8_t>(static_cast<std::uint64_t>(value) >> (8 * i));
    }
    out_ = out_.subspan(sizeof(Int));
    return *this;
  }
  Put& operator<<(WallTime time) { return *this << std::int64_t{time.time_since_epoch().count()}; }

 private:
  std::span<std::uint8_t> out_;
};

/// Reads them back.
class Get {
 public:
  explicit Get(std::span<const std::uint8_t> in) : in_(in) {}
  template <class Int>
  Get& operator>>(Int& value) {
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < sizeof(Int); ++i) bits |= std::uint64_t{in_[i]} << (8 * i);
    in_ = in_.subspan(sizeof(Int));
    value = static_cast<Int>(bits);
    return *this;
  }
  Get& operator>>(WallTime& time) {
    std::int64_t count = 0;
    *this >> count;
    time = WallTime(microseconds(count));
    return *this;
  }

 private:
  std::span<const std::uint8_t> in_;
};

}  // namespace yagura::sent_log_format
