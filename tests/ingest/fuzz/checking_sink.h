#pragma once

#include <cstddef>
#include <memory>
#include <optional>

#include "core/access_unit.h"
#include "core/check.h"
#include "core/jpeg_picture.h"
#include "ingest/limits.h"

namespace yagura::testing {

/// A sink that stops the process when a camera's bytes lead to what the sink was promised never to
/// see (core/access_unit.h).
class CheckingSink final : public AccessUnitSink {
 public:
  void OnAccessUnit(AccessUnit unit) override {
    if (unit.format != nullptr && unit.format->codec == Codec::kJpeg)
      CheckJpeg(unit);
    else
      CheckLengths(unit);
    CHECK(unit.format != nullptr);
    const bool new_timeline = !last_ || unit.timeline != last_->timeline;
    CHECK(!last_ || unit.timeline >= last_->timeline);
    CHECK(!interrupted_ || new_timeline);
    CHECK(!new_timeline || (unit.keyframe && unit.pts.ticks_90k == 900'000));
    CHECK(new_timeline || unit.dts > last_->dts);
    CHECK(new_timeline || unit.format == last_->format || unit.keyframe);
    CHECK(unit.dts.ticks_90k >= 0);
    interrupted_ = false;
    last_ = std::move(unit);
  }
  void OnInterruption(GapReason reason, WallTime) override {
    CHECK(!interrupted_ || reason != reason_);
    interrupted_ = true;
    reason_ = reason;
  }

 private:
  static void CheckJpeg(const AccessUnit& unit) {
    const auto picture = ParseJpegPicture(unit.data.bytes());
    CHECK(picture.has_value() && unit.data.size() <= ingest::kMaxAccessUnitBytes);
    CHECK(unit.keyframe && picture->width_px == unit.format->width_px &&
          picture->height_px == unit.format->height_px);
  }
  static void CheckLengths(const AccessUnit& unit) {
    const auto bytes = unit.data.bytes();
    CHECK(!bytes.empty() &&
          bytes.size() <= ingest::kMaxAccessUnitBytes + 4 * ingest::kMaxNalsPerAccessUnit);
    std::size_t at = 0;
    while (at < bytes.size()) {
      CHECK(bytes.size() - at > 4);
      const std::size_t length = std::size_t{bytes[at]} << 24 | std::size_t{bytes[at + 1]} << 16 |
                                 std::size_t{bytes[at + 2]} << 8 | bytes[at + 3];
      CHECK(length > 0 && length <= bytes.size() - at - 4);
      at += 4 + length;
    }
  }

  std::optional<AccessUnit> last_;
  bool interrupted_ = false;
  GapReason reason_ = GapReason::kRecorderRestart;
};

}  // namespace yagura::testing
