extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/frame.h>
#include <libavutil/log.h>
#include <libswscale/swscale.h>
}

#include <algorithm>

#include "pictures/video_transcoder.h"

namespace yagura::pictures {
namespace {

struct Size {
  int width_px;
  int height_px;
};

/// Of the same proportions, no side longer than kTranscodedSidePxMax, even.
Size SizeOf(const TranscodeSource& source) {
  const auto longest = static_cast<double>(std::max(source.width_px, source.height_px));
  const double scale = std::min(1.0, kTranscodedSidePxMax / longest);
  const auto side = [&](std::uint32_t px) {
    return std::max(16, static_cast<int>(px * scale / 2 + 0.5) * 2);
  };
  return {side(source.width_px), side(source.height_px)};
}

/// A layout's name without its range, which the scaler is told apart.
AVPixelFormat LayoutOf(int format) {
  if (format == AV_PIX_FMT_YUVJ420P) return AV_PIX_FMT_YUV420P;
  if (format == AV_PIX_FMT_YUVJ422P) return AV_PIX_FMT_YUV422P;
  if (format == AV_PIX_FMT_YUVJ444P) return AV_PIX_FMT_YUV444P;
  return static_cast<AVPixelFormat>(format);
}

/// From full range to that of video, where the camera's is.
bool SetRanges(SwsContext* scaler, const AVFrame& decoded) {
  const int* const colours = sws_getCoefficients(SWS_CS_DEFAULT);
  constexpr int kUnchanged = 1 << 16;
  return sws_setColorspaceDetails(scaler, colours, IsFullRange(decoded) ? 1 : 0, colours, 0, 0,
                                  kUnchanged, kUnchanged) >= 0;
}

}  // namespace

VideoTranscoder::VideoTranscoder() {
  av_log_set_level(AV_LOG_QUIET);
  for (const Codec codec : {Codec::kH264, Codec::kH265, Codec::kJpeg})
    (void)OpenDecoder(codec, {});   // its tables are made once
  (void)H264Encoder::Open(64, 64);  // as above
}

std::optional<StreamFormat> VideoTranscoder::Begin(const TranscodeSource& source) {
  const Size size = SizeOf(source);
  last_pts_.reset();
  scaler_ = nullptr;
  encoder_ = H264Encoder::Open(size.width_px, size.height_px);
  decoder_ = OpenDecoder(source.codec, source.configuration);
  if (!encoder_ || !decoder_) return std::nullopt;
  return encoder_->format();
}

std::vector<TranscodedFrame> VideoTranscoder::Add(MediaTime pts,
                                                  std::span<const std::uint8_t> data) {
  std::vector<TranscodedFrame> out;
  const Packet packet = decoder_ ? PacketOf(data, pts.ticks_90k) : nullptr;
  if (!packet) return out;
  (void)avcodec_send_packet(decoder_.get(), packet.get());  // damage shows in what comes out
  TakeDecoded(out);
  return out;
}

std::vector<TranscodedFrame> VideoTranscoder::End() {
  std::vector<TranscodedFrame> out;
  if (!decoder_) return out;
  (void)avcodec_send_packet(decoder_.get(), nullptr);  // as above
  TakeDecoded(out);
  decoder_ = nullptr;
  return out;
}

void VideoTranscoder::TakeDecoded(std::vector<TranscodedFrame>& out) {
  while (true) {
    const Frame decoded(av_frame_alloc());
    if (avcodec_receive_frame(decoder_.get(), decoded.get()) < 0) return;
    if (last_pts_ && decoded->pts <= *last_pts_) continue;
    const Frame picture = Scaled(*decoded);
    if (!picture) continue;
    picture->pts = decoded->pts;
    if (encoder_->Encode(*picture, out)) last_pts_ = decoded->pts;
  }
}

/// As the encoder takes it; nothing for a layout that the scaler doesn't know.
Frame VideoTranscoder::Scaled(const AVFrame& decoded) {
  Frame picture(av_frame_alloc());
  picture->format = AV_PIX_FMT_YUV420P;
  picture->color_range = AVCOL_RANGE_MPEG;
  picture->width = static_cast<int>(encoder_->format().width_px);
  picture->height = static_cast<int>(encoder_->format().height_px);
  if (av_frame_get_buffer(picture.get(), 0) < 0) return nullptr;
  // The same one as long as nothing changes. Not SWS_FAST_BILINEAR: it makes code as it runs.
  scaler_.reset(sws_getCachedContext(scaler_.release(), decoded.width, decoded.height,
                                     LayoutOf(decoded.format), picture->width, picture->height,
                                     AV_PIX_FMT_YUV420P, SWS_BILINEAR, nullptr, nullptr, nullptr));
  if (!scaler_ || !SetRanges(scaler_.get(), decoded)) return nullptr;
  const int rows = sws_scale(scaler_.get(), decoded.data, decoded.linesize, 0, decoded.height,
                             picture->data, picture->linesize);
  return rows == picture->height ? std::move(picture) : nullptr;
}

}  // namespace yagura::pictures
