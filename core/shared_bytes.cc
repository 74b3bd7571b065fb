#include "core/shared_bytes.h"

#include <algorithm>
#include <cstring>

namespace yagura {
namespace {

std::shared_ptr<std::uint8_t[]> NewChunk(std::size_t size) {
  return std::shared_ptr<std::uint8_t[]>(new std::uint8_t[size]);  // uninitialised on purpose
}

}  // namespace

SharedBytes SharedBytes::CopyOf(std::span<const std::uint8_t> bytes) {
  auto chunk = NewChunk(bytes.size());
  std::copy(bytes.begin(), bytes.end(), chunk.get());
  return {std::move(chunk), 0, bytes.size()};
}

void ByteArena::Reserve(std::size_t more) {
  const std::size_t building = end_ - begin_;
  if (capacity_ - end_ >= more) return;
  const std::size_t capacity = std::max(chunk_size_bytes_, 2 * (building + more));
  auto chunk = NewChunk(capacity);
  if (building > 0) std::memcpy(chunk.get(), chunk_.get() + begin_, building);
  chunk_ = std::move(chunk);
  capacity_ = capacity;
  begin_ = 0;
  end_ = building;
}

void ByteArena::Append(std::span<const std::uint8_t> bytes) {
  if (bytes.empty()) return;
  Reserve(bytes.size());
  std::memcpy(chunk_.get() + end_, bytes.data(), bytes.size());
  end_ += bytes.size();
}

std::span<std::uint8_t> ByteArena::building() { return {chunk_.get() + begin_, end_ - begin_}; }

SharedBytes ByteArena::Take() {
  SharedBytes slice(chunk_, begin_, end_ - begin_);
  begin_ = end_;
  return slice;
}

}  // namespace yagura
