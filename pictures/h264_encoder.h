#pragma once

#include <memory>
#include <vector>

#include "core/access_unit.h"
#include "pictures/av_handles.h"
#include "pictures/transcode_message.h"

namespace yagura::pictures {

/// Pictures of one size to H.264 for whoever looks now: each comes out before the next goes in, by
/// libx264. What it makes depends on nothing but the size and the pictures: two encoders of one
/// size have one format, so what they made can be played one behind the other. In a worker only.
class H264Encoder {
 public:
  /// Nothing where libav can't. The sides are even.
  [[nodiscard]] static std::unique_ptr<H264Encoder> Open(int width_px, int height_px);

  [[nodiscard]] const StreamFormat& format() const { return format_; }
  /// Of 4:2:0, of video range, of the encoder's size, and later than the one before. False where
  /// libav refuses it.
  [[nodiscard]] bool Encode(AVFrame& picture, std::vector<TranscodedFrame>& out);

 private:
  H264Encoder(Context context, StreamFormat format);
  Context context_;
  StreamFormat format_;
  std::int64_t keyframe_at_ = 0;  // pts of the last one
  bool any_ = false;
};

}  // namespace yagura::pictures
