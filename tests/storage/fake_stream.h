#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/access_unit.h"
#include "core/ids.h"
#include "storage/owner_schedule.h"

namespace yagura::testing {

/// 2027-01-15 17:00 in Tokyo.
inline constexpr WallTime kMorning{std::chrono::seconds(1'800'000'000)};
inline constexpr microseconds kSecond = std::chrono::seconds(1);

/// A format whose SPS is `name`'s own, so that two names are two formats.
inline std::shared_ptr<const StreamFormat> FormatNamed(std::uint8_t name,
                                                       std::uint32_t reorder_depth = 0) {
  auto format = std::make_shared<StreamFormat>();
  format->sps = {0x67, 0x4d, 0x40, 0x1f, name};
  format->pps = {0x68, 0xee, 0x3c, 0x80};
  format->width_px = 1280;
  format->height_px = 720;
  format->reorder_depth = reorder_depth;
  return format;
}

/// One of H.265, 320x180, as x265 writes it.
inline StreamFormat H265Format() {
  return {.codec = Codec::kH265,
          .vps = {0x40, 0x01, 0x0c, 0x01, 0xff, 0xff, 0x01, 0x60, 0x00, 0x00, 0x03, 0x00,
                  0x90, 0x00, 0x00, 0x03, 0x00, 0x00, 0x03, 0x00, 0x3c, 0x95, 0x94, 0x09},
          .sps = {0x42, 0x01, 0x01, 0x01, 0x60, 0x00, 0x00, 0x03, 0x00, 0x90, 0x00,
                  0x00, 0x03, 0x00, 0x00, 0x03, 0x00, 0x3c, 0xa0, 0x0a, 0x08, 0x0c,
                  0x1f, 0x3e, 0x59, 0x59, 0x52, 0x93, 0x0b, 0xc0, 0x5a, 0x02},
          .pps = {0x44, 0x01, 0xc0, 0x73, 0xc1, 0x89},
          .width_px = 320,
          .height_px = 180};
}

inline StreamFormat JpegFormat() {
  return {.codec = Codec::kJpeg,
          .sps = {0xff, 0xc0, 0x00, 0x11, 0x08, 0x00, 0xb8, 0x01, 0x40, 0x03, 0x01, 0x22, 0x00,
                  0x02, 0x11, 0x01, 0x03, 0x11, 0x01},
          .width_px = 320,
          .height_px = 184};
}

/// Makes the access units of a camera: steady frames, a keyframe every `gop` of them, each frame's
/// bytes its own.
class FakeStream {
 public:
  struct Shape {
    int fps = 10;
    int gop = 20;
    std::size_t frame_bytes = 40;
    bool b_frames = false;  // decoding order I P B B P B B ..., depth 1
    bool fickle = false;    // another format with every GOP
  };
  explicit FakeStream(Shape shape, WallTime start = kMorning)
      : shape_(shape), start_(start), format_(FormatNamed(1, shape.b_frames ? 1 : 0)) {}

  /// The next frame.
  AccessUnit Next() {
    AccessUnit unit;
    const std::int64_t step = 90'000 / shape_.fps;
    const int in_gop = frame_ % shape_.gop;
    unit.dts = MediaTime{900'000 + (frame_ - first_) * step};
    unit.pts = MediaTime{unit.dts.ticks_90k + Reordered(in_gop) * step};
    unit.keyframe = in_gop == 0;
    unit.wall = start_ + Between(MediaTime{900'000}, unit.pts) - ReorderShift();
    unit.timeline = timeline_;
    if (shape_.fickle && unit.keyframe)
      format_ = FormatNamed(static_cast<std::uint8_t>(1 + frame_ / shape_.gop % 2));
    unit.format = format_;
    unit.data = Data(unit.keyframe);
    ++frame_;
    return unit;
  }
  /// `count` frames.
  std::vector<AccessUnit> Take(int count) {
    std::vector<AccessUnit> units;
    for (int i = 0; i < count; ++i) units.push_back(Next());
    return units;
  }
  /// The camera is away for `pause` and starts a new session with a keyframe, shown after all that
  /// came before.
  void Reconnect(microseconds pause) {
    start_ = WallOfNext() + pause + ReorderShift() * kReorderedMax;
    first_ = frame_ = frame_ + (shape_.gop - frame_ % shape_.gop) % shape_.gop;
    ++timeline_;
  }
  void SetFormat(std::shared_ptr<const StreamFormat> format) { format_ = std::move(format); }
  [[nodiscard]] WallTime WallOfNext() const {
    return start_ + microseconds(1'000'000) * (frame_ - first_) / shape_.fps;
  }
  [[nodiscard]] int frame() const { return frame_; }

 private:
  /// PTS - DTS in frames: an I or P frame is shown one later, the B frames between two of them one
  /// earlier than they come.
  [[nodiscard]] std::int64_t Reordered(int in_gop) const {
    if (!shape_.b_frames) return 0;
    if (in_gop == 0) return 1;
    switch ((in_gop - 1) % 3) {
      case 0:
        return in_gop + 2 < shape_.gop ? 3 : 1;
      default:
        return in_gop + 2 - (in_gop - 1) % 3 < shape_.gop ? 0 : 1;
    }
  }
  [[nodiscard]] microseconds ReorderShift() const {
    return shape_.b_frames ? microseconds(1'000'000) / shape_.fps : microseconds(0);
  }
  [[nodiscard]] SharedBytes Data(bool keyframe) const {
    std::vector<std::uint8_t> bytes(shape_.frame_bytes, static_cast<std::uint8_t>(frame_ * 7));
    const auto nal_bytes = static_cast<std::uint32_t>(bytes.size() - 4);
    for (std::size_t i = 0; i < 4; ++i)
      bytes[i] = static_cast<std::uint8_t>(nal_bytes >> (24 - 8 * i));
    bytes[4] = keyframe ? 0x65 : 0x41;
    for (std::size_t i = 0; i < 4; ++i)
      bytes[5 + i] = static_cast<std::uint8_t>(frame_ >> (24 - 8 * i));
    return SharedBytes::CopyOf(bytes);
  }

  static constexpr int kReorderedMax = 3;  // as in Reordered

  Shape shape_;
  WallTime start_;
  std::shared_ptr<const StreamFormat> format_;
  int frame_ = 0;
  int first_ = 0;
  std::uint32_t timeline_ = 1;
};

template <class IdType>
IdType TestId(std::uint8_t number) {
  IdType id;
  id.bytes.back() = number;
  return id;
}

inline storage::OwnerSpan OwnedBy(std::uint8_t unit,
                                  WallTime from = kMorning - std::chrono::hours(24)) {
  return {.from = from, .unit = TestId<UnitId>(unit), .floor = TestId<FloorId>(unit)};
}

}  // namespace yagura::testing
