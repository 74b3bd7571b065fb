#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/access_unit.h"
#include "core/jpeg_picture.h"
#include "core/result.h"

namespace yagura {

/// What a simulated camera writes into each frame, so that any copy of it can be judged later. Pure
/// functions; the layout is in docs/design/sent-log.md (a comment behind JPEG's coded data, else an
/// SEI NAL unit, ISO/IEC 14496-10 D.1.7 and
/// D.2.7, ISO/IEC 23008-2 D.2.7 and D.3.7).
struct FrameStamp {
  std::uint32_t camera = 0;        // the number in the camera's path
  std::uint64_t epoch = 0;         // random, drawn at each start of the camera
  std::uint64_t number = 0;        // rises by 1 per frame, in decoding order
  std::uint64_t presentation = 0;  // place in presentation order, on the same count
  std::uint32_t crc = 0;           // of the access unit without the stamp: UnstampedCrc
  friend bool operator==(const FrameStamp&, const FrameStamp&) = default;
};

/// Of the whole NAL unit, or of JPEG's segment: a header of one byte for H.264, of two for H.265,
/// of four for JPEG, and what is the same.
[[nodiscard]] constexpr std::size_t FrameStampSize(Codec codec) {
  if (codec == Codec::kJpeg) return 87;
  return codec == Codec::kH265 ? 85 : 84;
}

/// Writes the stamp's whole NAL unit, with its NAL header, without start code or length. `out` has
/// FrameStampSize(codec) bytes.
void EncodeFrameStamp(const FrameStamp& stamp, Codec codec, std::span<std::uint8_t> out);
[[nodiscard]] std::vector<std::uint8_t> EncodeFrameStamp(const FrameStamp& stamp,
                                                         Codec codec = Codec::kH264);

/// The stamp in a NAL unit, or in JPEG's segment; nothing where it is any other.
[[nodiscard]] std::optional<FrameStamp> ParseFrameStamp(std::span<const std::uint8_t> nal);

/// What an access unit says about itself, and what it really holds.
struct StampedUnit {
  std::optional<FrameStamp> stamp;
  std::uint32_t crc = 0;  // computed over its other NAL units
  [[nodiscard]] bool intact() const { return stamp.has_value() && stamp->crc == crc; }
};

/// Reads an access unit whose NAL units lie behind lengths of four bytes, or that is a JPEG file
/// (core/access_unit.h). kDataLoss: the lengths do not add up, there are two stamps, or the file is
/// not whole. Errors as ParseJpegPicture.
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

/// The CRC that the stamp of this picture must carry: over all that RTP carries of it; a stamp
/// behind its coded data is left out.
[[nodiscard]] std::uint32_t UnstampedCrcOf(const JpegPicture& picture);

}  // namespace yagura
