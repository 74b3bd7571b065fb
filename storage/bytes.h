#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace yagura::storage {

using ByteView = std::span<const std::uint8_t>;

/// Appends big-endian numbers, and variable-length ones (seven bits a byte, lowest first, the high
/// bit set on all but the last), to bytes that it owns.
class ByteWriter {
 public:
  void U8(std::uint8_t value) { bytes_.push_back(value); }
  void U16(std::uint16_t value) { BigEndian<2>(value); }
  void U32(std::uint32_t value) { BigEndian<4>(value); }
  void U64(std::uint64_t value) { BigEndian<8>(value); }
  void I32(std::int32_t value) { U32(static_cast<std::uint32_t>(value)); }
  void I64(std::int64_t value) { U64(static_cast<std::uint64_t>(value)); }
  void Zeros(std::size_t count) { bytes_.resize(bytes_.size() + count); }
  void Bytes(ByteView bytes) { bytes_.insert(bytes_.end(), bytes.begin(), bytes.end()); }
  void Text(std::string_view text) { bytes_.insert(bytes_.end(), text.begin(), text.end()); }
  void Varint(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) U8(static_cast<std::uint8_t>(value | 0x80));
    U8(static_cast<std::uint8_t>(value));
  }
  /// Small numbers of either sign in few bytes: 0, -1, 1, -2, ...
  void SignedVarint(std::int64_t value) {
    const auto bits = static_cast<std::uint64_t>(value);
    Varint((bits << 1) ^ (value < 0 ? ~std::uint64_t{0} : 0));
  }
  void PatchU32(std::size_t offset, std::uint32_t value) {
    for (std::size_t i = 0; i < 4; ++i) {
      bytes_[offset + i] = static_cast<std::uint8_t>(value >> (24 - 8 * i));
    }
  }
  void Reserve(std::size_t bytes) { bytes_.reserve(bytes); }

  [[nodiscard]] std::size_t size() const { return bytes_.size(); }
  [[nodiscard]] ByteView view() const { return bytes_; }
  [[nodiscard]] std::vector<std::uint8_t> Take() { return std::move(bytes_); }

 private:
  template <int kBytes>
  void BigEndian(std::uint64_t value) {
    for (int shift = 8 * (kBytes - 1); shift >= 0; shift -= 8) {
      bytes_.push_back(static_cast<std::uint8_t>(value >> shift));
    }
  }
  std::vector<std::uint8_t> bytes_;
};

/// Reads what ByteWriter wrote, or anything else: once something did not fit, ok() stays false and
/// numbers read are 0.
class ByteReader {
 public:
  explicit ByteReader(ByteView bytes) : bytes_(bytes) {}

  std::uint8_t U8() { return static_cast<std::uint8_t>(BigEndian(1)); }
  std::uint16_t U16() { return static_cast<std::uint16_t>(BigEndian(2)); }
  std::uint32_t U32() { return static_cast<std::uint32_t>(BigEndian(4)); }
  std::uint64_t U64() { return BigEndian(8); }
  std::int32_t I32() { return static_cast<std::int32_t>(U32()); }
  std::int64_t I64() { return static_cast<std::int64_t>(U64()); }
  ByteView Bytes(std::size_t count) {
    if (count > bytes_.size()) {
      Fail();
      return {};
    }
    const ByteView taken = bytes_.first(count);
    bytes_ = bytes_.subspan(count);
    return taken;
  }
  std::uint64_t Varint() {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 63; shift += 7) {
      const std::uint8_t byte = U8();
      value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      if ((byte & 0x80) == 0) return value;
    }
    Fail();
    return 0;
  }
  std::int64_t SignedVarint() {
    const std::uint64_t value = Varint();
    return static_cast<std::int64_t>((value >> 1) ^ (~(value & 1) + 1));
  }
  void Fail() {
    ok_ = false;
    bytes_ = {};
  }

  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] std::size_t remaining() const { return bytes_.size(); }

 private:
  std::uint64_t BigEndian(std::size_t count) {
    std::uint64_t value = 0;
    for (const std::uint8_t byte : Bytes(count)) value = value << 8 | byte;
    return value;
  }
  ByteView bytes_;
  bool ok_ = true;
};

}  // namespace yagura::storage
