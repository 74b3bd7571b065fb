extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/frame.h>
#include <libavutil/imgutils.h>
#include <libavutil/log.h>
#include <libavutil/mem.h>
#include <libswscale/swscale.h>
}

#include <algorithm>
#include <array>
#include <cstring>

#include "pictures/av_handles.h"
#include "pictures/picture_coder.h"

namespace yagura::pictures {
namespace {

/// Of 2 (best) to 31.
constexpr int kJpegQuantiser = 4;

/// Takes all frames that are out; keeps the one of `label`.
void Drain(AVCodecContext* context, std::int64_t label, Frame& wanted) {
  while (true) {
    Frame frame(av_frame_alloc());
    if (avcodec_receive_frame(context, frame.get()) < 0) return;
    if (frame->pts == label) wanted = std::move(frame);
  }
}

/// The frame decoded from the last of `frames`, each labelled with its place; nothing where it
/// comes out damaged or not at all.
Frame Decode(const OrderView& order, Smoothing smoothing = Smoothing::kYes) {
  const Context context = OpenDecoder(order.codec, order.configuration, smoothing);
  if (!context) return nullptr;
  const auto last = static_cast<std::int64_t>(order.frames.size()) - 1;
  Frame wanted;
  for (std::int64_t i = 0; i <= last; ++i) {
    const Packet packet = PacketOf(order.frames[static_cast<std::size_t>(i)], i);
    if (!packet) return nullptr;
    (void)avcodec_send_packet(context.get(), packet.get());  // damage shows in what comes out
    Drain(context.get(), last, wanted);
  }
  (void)avcodec_send_packet(context.get(), nullptr);  // as above
  Drain(context.get(), last, wanted);
  const bool damaged =
      wanted && ((wanted->flags & AV_FRAME_FLAG_CORRUPT) != 0 || wanted->decode_error_flags != 0);
  return damaged ? nullptr : std::move(wanted);
}

/// JPEG is of full range; video mostly is not (luma 16 to 235, chroma 16 to 240).
class RangeTables {
 public:
  RangeTables() {
    for (int i = 0; i < 256; ++i) {
      luma_[static_cast<std::size_t>(i)] = Clamped((i - 16) * 255.0 / 219.0);
      chroma_[static_cast<std::size_t>(i)] = Clamped((i - 128) * 255.0 / 224.0 + 128.0);
    }
  }
  void Widen(AVFrame& frame) const {
    for (int plane = 0; plane < 3; ++plane) {
      const int width = plane == 0 ? frame.width : (frame.width + 1) / 2;
      const int height = plane == 0 ? frame.height : (frame.height + 1) / 2;
      for (int y = 0; y < height; ++y) {
        std::uint8_t* const row = frame.data[plane] + std::ptrdiff_t{y} * frame.linesize[plane];
        for (int x = 0; x < width; ++x) row[x] = (plane == 0 ? luma_ : chroma_)[row[x]];
      }
    }
  }

 private:
  static std::uint8_t Clamped(double value) {
    return static_cast<std::uint8_t>(std::clamp(value + 0.5, 0.0, 255.0));
  }
  std::array<std::uint8_t, 256> luma_{};
  std::array<std::uint8_t, 256> chroma_{};
};

Context OpenEncoder(const AVFrame& frame) {
  const AVCodec* codec = avcodec_find_encoder(AV_CODEC_ID_MJPEG);
  if (codec == nullptr) return nullptr;
  Context context(avcodec_alloc_context3(codec));
  context->thread_count = 1;
  context->width = frame.width;
  context->height = frame.height;
  context->pix_fmt = AV_PIX_FMT_YUVJ420P;
  context->color_range = AVCOL_RANGE_JPEG;
  context->time_base = {1, 25};
  context->flags |= AV_CODEC_FLAG_QSCALE;
  context->global_quality = FF_QP2LAMBDA * kJpegQuantiser;
  if (avcodec_open2(context.get(), codec, nullptr) < 0) return nullptr;
  return context;
}

std::vector<std::uint8_t> Encode(AVFrame& frame) {
  const Context context = OpenEncoder(frame);
  if (!context) return {};
  frame.quality = context->global_quality;
  frame.pts = 0;
  const Packet packet(av_packet_alloc());
  if (avcodec_send_frame(context.get(), &frame) < 0) return {};
  if (avcodec_receive_packet(context.get(), packet.get()) < 0) return {};
  std::vector<std::uint8_t> jpeg(static_cast<std::size_t>(packet->size));
  std::memcpy(jpeg.data(), packet->data, jpeg.size());
  return jpeg;
}

/// Of 4:2:0, and the caller's alone.
CodedPicture Coded(AVFrame& frame) {
  if (!IsFullRange(frame)) RangeTables().Widen(frame);
  frame.format = AV_PIX_FMT_YUVJ420P;
  frame.color_range = AVCOL_RANGE_JPEG;
  auto jpeg = Encode(frame);
  if (jpeg.empty()) return {PictureStatus::kUnsupported, {}};
  return {PictureStatus::kDone, std::move(jpeg)};
}

/// `whole` at most kThumbnailWidthPx wide, as high as its proportions say, in 4:2:0 and of the same
/// range. Nothing for a layout that the scaler doesn't know.
Frame Small(const AVFrame& whole) {
  Frame small(av_frame_alloc());
  const auto layout = IsFullRangeLayout(whole.format) ? AV_PIX_FMT_YUVJ420P : AV_PIX_FMT_YUV420P;
  small->format = layout;
  small->color_range = whole.color_range;
  small->width = std::min(whole.width, kThumbnailWidthPx);
  small->height = std::max(2, whole.height * small->width / whole.width);
  if (av_frame_get_buffer(small.get(), 0) < 0) return nullptr;
  const Scaler scaler(sws_getContext(whole.width, whole.height,
                                     static_cast<AVPixelFormat>(whole.format), small->width,
                                     small->height, layout, SWS_AREA, nullptr, nullptr, nullptr));
  if (!scaler || sws_scale(scaler.get(), whole.data, whole.linesize, 0, whole.height, small->data,
                           small->linesize) != small->height)
    return nullptr;
  return small;
}

/// The only layout that Encode takes.
bool Is420(const AVFrame& frame) {
  return frame.format == AV_PIX_FMT_YUV420P || frame.format == AV_PIX_FMT_YUVJ420P;
}

bool HasLuma(const AVFrame& frame) { return Is420(frame) || frame.format == AV_PIX_FMT_YUVJ422P; }

LumaPlane LumaOf(const AVFrame& frame) {
  return {frame.data[0], frame.linesize[0], frame.width, frame.height};
}

}  // namespace

PictureCoder::PictureCoder() {
  av_log_set_level(AV_LOG_QUIET);
  for (const Codec codec : {Codec::kH264, Codec::kH265, Codec::kJpeg})
    (void)OpenDecoder(codec, {});  // its tables are made once
}
PictureCoder::~PictureCoder() = default;

CodedPicture PictureCoder::Make(const OrderView& order) {
  const Frame frame = Decode(order);
  if (!frame) return {PictureStatus::kDamaged, {}};
  if (!Is420(*frame)) return {PictureStatus::kUnsupported, {}};
  if (av_frame_make_writable(frame.get()) < 0) return {PictureStatus::kDamaged, {}};
  return Coded(*frame);
}

CodedPicture PictureCoder::MakeSmall(const OrderView& order) {
  const Frame frame = Decode(order, Smoothing::kNo);
  if (!frame) return {PictureStatus::kDamaged, {}};
  const Frame small = Small(*frame);
  if (!small) return {PictureStatus::kUnsupported, {}};
  return Coded(*small);
}

ComparedPictures PictureCoder::Compare(const OrderView& order) {
  const bool one = order.frames.size() == 1;
  OrderView only = order;
  only.frames = {order.frames.back()};
  const Frame later = Decode(only, one ? Smoothing::kNo : Smoothing::kYes);
  only.frames = {order.frames.front()};
  const Frame other = one ? nullptr : Decode(only);
  const AVFrame* const earlier = one ? later.get() : other.get();
  if (earlier == nullptr || !later) return {PictureStatus::kDamaged, {}};
  if (!HasLuma(*earlier) || !HasLuma(*later)) return {PictureStatus::kUnsupported, {}};
  return {PictureStatus::kDone, pictures::Compare(LumaOf(*earlier), LumaOf(*later))};
}

}  // namespace yagura::pictures
