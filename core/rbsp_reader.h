#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace yagura {

/// Reads the raw byte sequence payload of a NAL unit, passing over emulation prevention bytes
/// (ITU-T H.264 7.3.1, H.265 7.3.1.1). Behind the end it reads zeros and says so.
class RbspReader {
 public:
  explicit RbspReader(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}

  [[nodiscard]] std::uint8_t Byte() {
    if (zeros_ >= 2 && at_ < bytes_.size() && bytes_[at_] == 3) {
      ++at_;
      zeros_ = 0;
    }
    if (at_ >= bytes_.size()) {
      overrun_ = true;
      return 0;
    }
    const std::uint8_t byte = bytes_[at_++];
    zeros_ = byte == 0 ? zeros_ + 1 : 0;
    return byte;
  }
  [[nodiscard]] bool AtEnd() const { return at_ >= bytes_.size(); }
  /// Something behind the end was asked for.
  [[nodiscard]] bool overrun() const { return overrun_; }

 private:
  std::span<const std::uint8_t> bytes_;
  std::size_t at_ = 0;
  int zeros_ = 0;
  bool overrun_ = false;
};

/// Fields of an RBSP bit by bit (ITU-T H.264 7.2 and 9.1, H.265 7.2 and 9.2).
class BitReader {
 public:
  explicit BitReader(std::span<const std::uint8_t> bytes) : rbsp_(bytes) {}

  [[nodiscard]] bool Flag() {
    if (left_ == 0) {
      byte_ = rbsp_.Byte();
      left_ = 8;
    }
    --left_;
    return (byte_ >> left_ & 1) != 0;
  }
  [[nodiscard]] std::uint32_t Bits(int count) {
    std::uint32_t value = 0;
    for (int i = 0; i < count; ++i) value = value << 1 | static_cast<std::uint32_t>(Flag());
    return value;
  }
  /// ue(v). A code of more than 32 bits can't be right: it reads as the largest value, and the
  /// reader is broken.
  [[nodiscard]] std::uint32_t Ue() {
    int zeros = 0;
    while (zeros < 32 && !overrun() && !Flag()) ++zeros;
    if (zeros == 32 || overrun()) {
      broken_ = true;
      return UINT32_MAX;
    }
    return static_cast<std::uint32_t>((std::uint64_t{1} << zeros) - 1 + Bits(zeros));
  }
  /// se(v).
  [[nodiscard]] std::int32_t Se() {
    const std::int64_t code = Ue();
    return static_cast<std::int32_t>((code & 1) != 0 ? (code + 1) / 2 : -(code / 2));
  }
  [[nodiscard]] bool overrun() const { return rbsp_.overrun(); }
  [[nodiscard]] bool broken() const { return broken_ || overrun(); }

 private:
  RbspReader rbsp_;
  std::uint8_t byte_ = 0;
  int left_ = 0;
  bool broken_ = false;
};

}  // namespace yagura
