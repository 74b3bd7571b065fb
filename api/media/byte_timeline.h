#pragma once

#include <cstdint>
#include <vector>

#include "core/time.h"

namespace yagura::api {

/// Which time the bytes of one file, or of a stretch of it, show: offsets of keyframes or of
/// fragments, and the end. So that what was handed out can be recorded.
class ByteTimeline {
 public:
  struct Mark {
    std::uint64_t offset = 0;
    WallTime wall{};
  };
  /// `marks` by offset; the last one is where the bytes end.
  explicit ByteTimeline(std::vector<Mark> marks) : marks_(std::move(marks)) {}

  /// The time of bytes [first, end), widened to whole marks; empty (from equals to) where they show
  /// none.
  [[nodiscard]] WallRange TimeOf(std::uint64_t first, std::uint64_t end) const;

 private:
  std::vector<Mark> marks_;
};

}  // namespace yagura::api
