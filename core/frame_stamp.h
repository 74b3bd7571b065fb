#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "core/result.h"

namespace yagura {

/// What a simulated camera writes into each frame, so that any copy of it can be judged later. Pure
/// functions; the layout is in docs/design/sent-log.md (an SEI NAL unit, ISO/IEC 14496-10 D.1.7 and
/// D.2.7).
struct FrameStamp {
  std::uint32_t camera = 0;        // the number in the camera's path
  std::uint64_t epoch = 0;         // random, drawn at each start of the camera
  std::uint64_t number = 0;        // rises by 1 per frame, in decoding order
  std::uint64_t presentation = 0;  // place in presentation order, on the same count
  std::uint32_t crc = 0;           // of the access unit without the stamp: UnstampedCrc
  friend bool operator==(const FrameStamp&, const FrameStamp&) = default;
};

inline constexpr std::size_t kFrameStampSize = 84;

/// Writes the stamp's whole NAL unit, with its NAL header, without start code or length.
void EncodeFrameStamp(const FrameStamp& stamp, std::span<std::uint8_t, kFrameStampSize> out);
[[nodiscard]] std::array<std::uint8_t, kFrameStampSize> EncodeFrameStamp(const FrameStamp& stamp);

/// The stamp in a NAL unit; nothing where it is any other NAL unit.
[[nodiscard]] std::optional<FrameStamp> ParseFrameStamp(std::span<const std::uint8_t> nal);

/// What an access unit says about itself, and what it really holds.
struct StampedUnit {
  std::optional<FrameStamp> stamp;
  std::uint32_t crc = 0;  // computed over its other NAL units
  [[nodiscard]] bool intact() const { return stamp.has_value() && stamp->crc == crc; }
};

/// Reads an access unit whose NAL units lie behind lengths of four bytes (core/access_unit.h).
/// kDataLoss: the lengths do not add up, or there are two stamps.
[[nodiscard]] Result<StampedUnit> ReadStampedUnit(std::span<const std::uint8_t> access_unit);

/// The CRC that the stamp of these NAL units (each without length) must carry; stamps among them
/// are left out. Feed them one by one.
class UnstampedCrc {
 public:
  void Add(std::span<const std::uint8_t> nal);
  [[nodiscard]] std::uint32_t value() const { return crc_; }

 private:
  std::uint32_t crc_ = 0;
};

}  // namespace yagura
