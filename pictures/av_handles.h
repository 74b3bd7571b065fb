#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "core/access_unit.h"

struct AVCodecContext;
struct AVFrame;
struct AVPacket;
struct SwsContext;

/// libav's objects as their owners hold them. In a worker only.
namespace yagura::pictures {

struct FreeContext {
  void operator()(AVCodecContext* context) const;
};
struct FreeFrame {
  void operator()(AVFrame* frame) const;
};
struct FreePacket {
  void operator()(AVPacket* packet) const;
};
struct FreeScaler {
  void operator()(SwsContext* scaler) const;
};
using Context = std::unique_ptr<AVCodecContext, FreeContext>;
using Frame = std::unique_ptr<AVFrame, FreeFrame>;
using Packet = std::unique_ptr<AVPacket, FreePacket>;
using Scaler = std::unique_ptr<SwsContext, FreeScaler>;

/// Edges of blocks smoothed, as a picture is to be shown; or not, which takes less and shows as
/// well how bright it is.
enum class Smoothing : std::uint8_t { kYes, kNo };

/// One thread's decoder; nothing where libav takes no such configuration.
[[nodiscard]] Context OpenDecoder(Codec codec, std::span<const std::uint8_t> configuration,
                                  Smoothing smoothing = Smoothing::kYes);
/// A copy of a frame's bytes; `label` comes back as the decoded frame's pts.
[[nodiscard]] Packet PacketOf(std::span<const std::uint8_t> bytes, std::int64_t label);

/// Layouts that are of full range by their name (an AVPixelFormat).
[[nodiscard]] bool IsFullRangeLayout(int format);
[[nodiscard]] bool IsFullRange(const AVFrame& frame);

}  // namespace yagura::pictures
