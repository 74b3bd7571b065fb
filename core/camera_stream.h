#pragma once

#include <compare>
#include <cstdint>
#include <string_view>

#include "core/ids.h"

namespace yagura {

/// The streams of a camera: the main one is what is recorded; the sub one is smaller, for those who
/// watch many cameras at once. Stored as numbers in clip files and as names elsewhere.
enum class Stream : std::uint8_t { kMain = 0, kSub = 1 };
[[nodiscard]] std::string_view ToString(Stream stream);  // "main", "sub"

/// One stream of one camera.
struct CameraStream {
  CameraId camera;
  Stream stream = Stream::kMain;
  friend auto operator<=>(const CameraStream&, const CameraStream&) = default;
};

}  // namespace yagura
