#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

/// How the messages of a worker's pipe are put together and taken apart. Pure. Numbers are
/// big-endian.
namespace yagura::pictures {

inline void Append(std::vector<std::uint8_t>& out, std::uint64_t value, int bytes) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
    out.push_back(static_cast<std::uint8_t>(value >> shift));
}
inline void Append(std::vector<std::uint8_t>& out, std::string_view text) {
  for (const char one : text) out.push_back(static_cast<std::uint8_t>(one));
}
inline void Append(std::vector<std::uint8_t>& out, std::span<const std::uint8_t> bytes) {
  out.insert(out.end(), bytes.begin(), bytes.end());
}

/// Takes from the front; once something did not fit, ok() stays false.
class MessageReader {
 public:
  using Bytes = std::span<const std::uint8_t>;
  explicit MessageReader(Bytes bytes) : bytes_(bytes) {}
  Bytes Take(std::size_t count) {
    ok_ = ok_ && count <= bytes_.size();
    if (!ok_) return {};
    const Bytes taken = bytes_.first(count);
    bytes_ = bytes_.subspan(count);
    return taken;
  }
  std::size_t Number(std::size_t bytes) {
    std::size_t value = 0;
    for (const std::uint8_t byte : Take(bytes)) value = value << 8 | byte;
    return value;
  }
  void Expect(std::string_view text) {
    const Bytes taken = Take(text.size());
    ok_ = ok_ && std::equal(taken.begin(), taken.end(), text.begin(), text.end());
  }
  [[nodiscard]] Bytes Rest() { return Take(bytes_.size()); }
  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] bool empty() const { return bytes_.empty(); }

 private:
  Bytes bytes_;
  bool ok_ = true;
};

}  // namespace yagura::pictures
