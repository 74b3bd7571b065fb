#pragma once

#include <optional>
#include <span>
#include <vector>

#include "pictures/h264_encoder.h"
#include "pictures/picture_message.h"
#include "pictures/transcode_message.h"

namespace yagura::pictures {

/// Longer sides are made this long: a picture on a desk is hardly larger, and each pixel costs.
inline constexpr int kTranscodedSidePxMax = 1280;

/// A stream of one codec to H.264, frame by frame, by libav. In a worker only. Opened before the
/// sandbox closes: libav sets itself up then.
class VideoTranscoder {
 public:
  VideoTranscoder();

  /// A stream begins; what was before is forgotten. Nothing where this kind can't be transcoded.
  [[nodiscard]] std::optional<StreamFormat> Begin(const TranscodeSource& source);
  /// The frames that are out now. One that can't be decoded gives none, and the next ones go on;
  /// a picture that is not later than the one before is left out.
  [[nodiscard]] std::vector<TranscodedFrame> Add(MediaTime pts, std::span<const std::uint8_t> data);
  /// Those that were still to come. Then another stream begins.
  [[nodiscard]] std::vector<TranscodedFrame> End();

 private:
  void TakeDecoded(std::vector<TranscodedFrame>& out);
  [[nodiscard]] Frame Scaled(const AVFrame& decoded);

  Context decoder_;
  std::unique_ptr<H264Encoder> encoder_;
  Scaler scaler_;
  std::optional<std::int64_t> last_pts_;
};

}  // namespace yagura::pictures
