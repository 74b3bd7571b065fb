extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/dict.h>
#include <libavutil/frame.h>
}

#include <algorithm>
#include <array>

#include "pictures/h264_encoder.h"
#include "pictures/message_bytes.h"

namespace yagura::pictures {
namespace {

using Bytes = std::span<const std::uint8_t>;

/// Who begins to look waits no longer for a picture, and a player needs no more to go on from.
constexpr std::int64_t kKeyframeEach90k = std::int64_t{2} * kMediaTimescale;
/// Nobody's picture takes the network of the others.
constexpr std::int64_t kBitsPerSecondMax = 4'000'000;
/// What cameras send mostly; libx264 shares out bits by it. Instants are each frame's own.
constexpr int kFramesPerSecond = 25;
constexpr std::size_t kLengthBytes = 4;
constexpr std::uint8_t kNalTypeMask = 0x1f;
constexpr std::uint8_t kNalSps = 7;
constexpr std::uint8_t kNalPps = 8;

/// The NAL units of a byte stream (ITU-T H.264, annex B).
std::vector<Bytes> NalUnitsOf(Bytes stream) {
  static constexpr std::array<std::uint8_t, 3> kStart = {0, 0, 1};
  std::vector<Bytes> units;
  auto begin = std::search(stream.begin(), stream.end(), kStart.begin(), kStart.end());
  while (begin != stream.end()) {
    const auto from = begin + kStart.size();
    const auto next = std::search(from, stream.end(), kStart.begin(), kStart.end());
    auto to = next;  // zeros before the next start belong to none
    while (to != from && *(to - 1) == 0) --to;
    if (to != from) units.emplace_back(from, to);
    begin = next;
  }
  return units;
}

std::uint8_t TypeOf(Bytes unit) { return unit.front() & kNalTypeMask; }

SharedBytes BehindLengths(Bytes stream) {
  std::vector<std::uint8_t> data;
  for (const Bytes unit : NalUnitsOf(stream)) {
    Append(data, unit.size(), kLengthBytes);
    Append(data, unit);
  }
  return SharedBytes::CopyOf(data);
}

StreamFormat FormatOf(const AVCodecContext& context) {
  StreamFormat format{.codec = Codec::kH264,
                      .width_px = static_cast<std::uint32_t>(context.width),
                      .height_px = static_cast<std::uint32_t>(context.height)};
  const Bytes extradata(context.extradata, static_cast<std::size_t>(context.extradata_size));
  for (const Bytes unit : NalUnitsOf(extradata)) {
    if (TypeOf(unit) == kNalSps) format.sps.assign(unit.begin(), unit.end());
    if (TypeOf(unit) == kNalPps) format.pps.assign(unit.begin(), unit.end());
  }
  return format;
}

/// Nothing looked ahead for, one thread, no picture before the one it needs.
bool Start(AVCodecContext& context, const AVCodec& codec) {
  AVDictionary* options = nullptr;
  for (const auto& [name, value] :
       {std::pair("preset", "superfast"), std::pair("tune", "zerolatency"),
        std::pair("profile", "high"), std::pair("crf", "24"), std::pair("forced-idr", "1")})
    av_dict_set(&options, name, value, 0);
  const bool started = avcodec_open2(&context, &codec, &options) >= 0;
  av_dict_free(&options);
  return started;
}

}  // namespace

H264Encoder::H264Encoder(Context context, StreamFormat format)
    : context_(std::move(context)), format_(std::move(format)) {}

std::unique_ptr<H264Encoder> H264Encoder::Open(int width_px, int height_px) {
  const AVCodec* codec = avcodec_find_encoder_by_name("libx264");
  if (codec == nullptr) return nullptr;
  Context context(avcodec_alloc_context3(codec));
  context->thread_count = 1;
  context->width = width_px;
  context->height = height_px;
  context->pix_fmt = AV_PIX_FMT_YUV420P;
  context->color_range = AVCOL_RANGE_MPEG;
  context->time_base = {1, kMediaTimescale};
  context->framerate = {kFramesPerSecond, 1};
  context->gop_size = 1'000;  // keyframes are asked for
  context->max_b_frames = 0;
  context->rc_max_rate = kBitsPerSecondMax;
  context->rc_buffer_size = static_cast<int>(kBitsPerSecondMax);
  context->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
  if (!Start(*context, *codec)) return nullptr;
  StreamFormat format = FormatOf(*context);
  if (format.sps.empty() || format.pps.empty()) return nullptr;
  return std::unique_ptr<H264Encoder>(new H264Encoder(std::move(context), std::move(format)));
}

bool H264Encoder::Encode(AVFrame& picture, std::vector<TranscodedFrame>& out) {
  const bool keyframe = !any_ || picture.pts - keyframe_at_ >= kKeyframeEach90k;
  picture.pict_type = keyframe ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_NONE;
  if (keyframe) keyframe_at_ = picture.pts;
  any_ = true;
  if (avcodec_send_frame(context_.get(), &picture) < 0) return false;
  const Packet packet(av_packet_alloc());
  while (avcodec_receive_packet(context_.get(), packet.get()) == 0) {
    const Bytes stream(packet->data, static_cast<std::size_t>(packet->size));
    out.push_back({{packet->pts}, (packet->flags & AV_PKT_FLAG_KEY) != 0, BehindLengths(stream)});
    av_packet_unref(packet.get());
  }
  return true;
}

}  // namespace yagura::pictures
