#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/gap_reason.h"
#include "core/shared_bytes.h"
#include "core/time.h"

namespace yagura {

enum class Codec : std::uint8_t { kH264, kH265, kJpeg };

/// What a decoder must know before the first frame. Equal formats can share a run.
struct StreamFormat {
  Codec codec = Codec::kH264;
  // One NAL unit each, with its NAL header, without start code or length.
  std::vector<std::uint8_t> vps{};  // H.265 alone has one
  std::vector<std::uint8_t> sps{};  // of JPEG the frame header (SOF0), with its marker
  std::vector<std::uint8_t> pps{};  // JPEG has none
  std::uint32_t width_px = 0;
  std::uint32_t height_px = 0;
  std::uint32_t reorder_depth =
      0;  // frames by which decoding order may differ from presentation order
  friend bool operator==(const StreamFormat&, const StreamFormat&) = default;
};

/// The coded data of one frame, as the camera sent it.
struct AccessUnit {
  /// Every NAL unit in the camera's order, SEI and parameter sets included, each behind its length
  /// in four bytes, big-endian (ISO/IEC 14496-15, 5.3.4.2). Of JPEG: the picture as a file, from
  /// SOI to EOI.
  SharedBytes data;
  MediaTime pts;  // on the axis of `timeline`
  MediaTime dts;  // strictly rising within a timeline
  /// Decoding can start here: an IDR picture, H.264's recovery point of 0, any IRAP picture of
  /// H.265, every picture of JPEG.
  bool keyframe = false;
  WallTime wall{};                             // our UTC of `pts`
  std::shared_ptr<const StreamFormat> format;  // the same pointer as long as it doesn't change
  /// Rises when media or wall time start anew (new RTSP session, clock step). The first access unit
  /// of a timeline, and of a format, is a keyframe.
  std::uint32_t timeline = 0;
};

/// Where one stream's access units go. All calls for a stream come on one thread, in order, and
/// must not block: ingest knows who calls, storage and the live relay implement it, app joins them.
class AccessUnitSink {
 public:
  virtual ~AccessUnitSink() = default;

  virtual void OnAccessUnit(AccessUnit unit) = 0;

  /// From `from` on there is no media, for this reason, until the next access unit. Called again
  /// whenever the reason changes.
  virtual void OnInterruption(GapReason reason, WallTime from) = 0;
};

}  // namespace yagura
