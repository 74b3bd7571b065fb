#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/time.h"
#include "storage/clip_reader.h"

namespace yagura::api {

/// One frame as activity looks at it: when it is shown and how much was coded for it.
struct CodedFrame {
  WallTime shown{};
  microseconds duration{};
  std::uint32_t size_bytes = 0;
  bool keyframe = false;
  bool goes_back = false;  // shown before one that was decoded earlier: a B-frame
};

/// The frames of one clip, in decoding order.
struct CodedClip {
  std::array<std::uint8_t, 32> format{};  // of its run's init segment: other formats, other sizes
  WallTime start{};
  std::vector<CodedFrame> frames;
};
[[nodiscard]] CodedClip CodedClipOf(const storage::ClipIndex& index,
                                    const std::array<std::uint8_t, 32>& format);

/// A clip's quiet level comes from the clips of its format that start this near to it.
inline constexpr std::chrono::minutes kQuietReach{5};
inline constexpr std::uint8_t kActivityMax = 100;

/// How much more than in quiet was coded in each second of `range`, counted from its start: 0 is
/// quiet, every 10 are about twice as far above it, kActivityMax is the most. Nothing where no
/// frame that follows another is shown: not recorded, or keyframes alone. The quiet level is the
/// camera's own: the lower quarter of the sizes of each kind of frame and place in its GOP, then
/// the lower quarter of the seconds and their spread. Keyframes don't count. Pure;
/// docs/benchmarks/activity.md.
[[nodiscard]] std::vector<std::optional<std::uint8_t>> ActivityOf(std::span<const CodedClip> clips,
                                                                  WallRange range);

}  // namespace yagura::api
