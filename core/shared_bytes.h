#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>

namespace yagura {

/// A slice of bytes that nobody changes any more, with a share of the memory it lies in. Copying
/// copies no bytes. Thread-safe as a shared_ptr is.
class SharedBytes {
 public:
  SharedBytes() = default;
  SharedBytes(std::shared_ptr<const std::uint8_t[]> owner, std::size_t offset, std::size_t size)
      : owner_(std::move(owner)), bytes_(owner_.get() + offset, size) {}

  [[nodiscard]] std::span<const std::uint8_t> bytes() const { return bytes_; }
  [[nodiscard]] const std::uint8_t* data() const { return bytes_.data(); }
  [[nodiscard]] std::size_t size() const { return bytes_.size(); }
  [[nodiscard]] bool empty() const { return bytes_.empty(); }

  /// A slice holding a copy of `bytes`.
  [[nodiscard]] static SharedBytes CopyOf(std::span<const std::uint8_t> bytes);

 private:
  std::shared_ptr<const std::uint8_t[]> owner_;
  std::span<const std::uint8_t> bytes_;
};

/// Where one camera's access units are put together: bytes are appended once and handed out as
/// shared slices. Slices taken one after the other usually lie side by side, so that a fragment of
/// many is written by few iovecs. One thread.
class ByteArena {
 public:
  explicit ByteArena(std::size_t chunk_size_bytes) : chunk_size_bytes_(chunk_size_bytes) {}

  /// Adds to the slice being built; may move what it has so far to a new chunk.
  void Append(std::span<const std::uint8_t> bytes);
  /// Bytes of the slice being built, to patch a length written earlier. Valid until the next
  /// Append.
  [[nodiscard]] std::span<std::uint8_t> building();
  /// Ends the slice being built and hands it out.
  [[nodiscard]] SharedBytes Take();
  /// Forgets the slice being built.
  void Discard() { end_ = begin_; }

 private:
  void Reserve(std::size_t more);

  std::size_t chunk_size_bytes_;
  std::shared_ptr<std::uint8_t[]> chunk_;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;  // of the slice being built
  std::size_t end_ = 0;
};

}  // namespace yagura
