#pragma once

#include <memory>
#include <vector>

#include "core/access_unit.h"

namespace yagura::testing {

/// Access units of a made-up stream of 10 frames a second, a keyframe each ten.
class LiveUnits {
 public:
  explicit LiveUnits(std::size_t size_bytes = 100, std::uint32_t frames_per_gop = 10)
      : size_bytes_(size_bytes), frames_per_gop_(frames_per_gop) {}

  [[nodiscard]] AccessUnit Next() {
    AccessUnit unit;
    unit.data = SharedBytes::CopyOf(std::vector<std::uint8_t>(size_bytes_, Tag(number_)));
    unit.pts = unit.dts = MediaTime{900'000 + 9'000 * std::int64_t{number_}};
    unit.wall = WallTime(std::chrono::seconds(1'800'000'000)) + number_ * milliseconds(100);
    unit.keyframe = number_ % frames_per_gop_ == 0;
    unit.timeline = 1;
    unit.format = format;
    ++number_;
    return unit;
  }
  [[nodiscard]] static std::uint8_t Tag(std::uint32_t number) {
    return static_cast<std::uint8_t>(number + 1);
  }

  static std::shared_ptr<const StreamFormat> Format(std::uint32_t width_px) {
    StreamFormat made;
    made.sps = {0x67, 0x4d, 0x40, 0x1f};
    made.pps = {0x68, 0xee};
    made.width_px = width_px;
    made.height_px = 720;
    return std::make_shared<const StreamFormat>(made);
  }
  std::shared_ptr<const StreamFormat> format = Format(1280);

 private:
  const std::size_t size_bytes_;
  const std::uint32_t frames_per_gop_;
  std::uint32_t number_ = 0;
};

}  // namespace yagura::testing
