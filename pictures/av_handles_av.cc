extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/frame.h>
#include <libavutil/mem.h>
#include <libswscale/swscale.h>
}

#include <algorithm>

#include "pictures/av_handles.h"

namespace yagura::pictures {
namespace {

/// 8192 x 8192 and not more: what a frame says of its size is what gets allocated.
constexpr std::int64_t kPixelsMax = std::int64_t{8192} * 8192;

AVCodecID IdOf(Codec codec) {
  if (codec == Codec::kJpeg) return AV_CODEC_ID_MJPEG;
  return codec == Codec::kH265 ? AV_CODEC_ID_HEVC : AV_CODEC_ID_H264;
}

}  // namespace

void FreeContext::operator()(AVCodecContext* context) const { avcodec_free_context(&context); }
void FreeFrame::operator()(AVFrame* frame) const { av_frame_free(&frame); }
void FreePacket::operator()(AVPacket* packet) const { av_packet_free(&packet); }
void FreeScaler::operator()(SwsContext* scaler) const { sws_freeContext(scaler); }

Context OpenDecoder(Codec codec_of_frames, std::span<const std::uint8_t> configuration,
                    Smoothing smoothing) {
  const AVCodec* codec = avcodec_find_decoder(IdOf(codec_of_frames));
  Context context(avcodec_alloc_context3(codec));
  context->thread_count = 1;
  context->max_pixels = kPixelsMax;
  if (smoothing == Smoothing::kNo) context->skip_loop_filter = AVDISCARD_ALL;
  context->extradata =
      static_cast<std::uint8_t*>(av_mallocz(configuration.size() + AV_INPUT_BUFFER_PADDING_SIZE));
  std::copy(configuration.begin(), configuration.end(), context->extradata);
  context->extradata_size = static_cast<int>(configuration.size());
  if (avcodec_open2(context.get(), codec, nullptr) < 0) return nullptr;
  return context;
}

Packet PacketOf(std::span<const std::uint8_t> bytes, std::int64_t label) {
  Packet packet(av_packet_alloc());
  if (av_new_packet(packet.get(), static_cast<int>(bytes.size())) < 0) return nullptr;
  std::copy(bytes.begin(), bytes.end(), packet->data);
  packet->pts = packet->dts = label;
  return packet;
}

bool IsFullRangeLayout(int format) {
  return format == AV_PIX_FMT_YUVJ420P || format == AV_PIX_FMT_YUVJ422P ||
         format == AV_PIX_FMT_YUVJ444P;
}

bool IsFullRange(const AVFrame& frame) {
  return IsFullRangeLayout(frame.format) || frame.color_range == AVCOL_RANGE_JPEG;
}

}  // namespace yagura::pictures
