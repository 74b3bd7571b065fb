#include "ingest/video_codec.h"

#include <algorithm>

#include "ingest/h264_depacketizer.h"
#include "ingest/h264_sps.h"
#include "ingest/h265_depacketizer.h"
#include "ingest/h265_sps.h"
#include "ingest/jpeg_depacketizer.h"

namespace yagura::ingest {
namespace {

using Nals = std::vector<std::vector<std::uint8_t>>;

template <std::uint8_t (*TypeOf)(std::uint8_t)>
std::span<const std::uint8_t> First(const Nals& nals, std::uint8_t type) {
  const auto found = std::find_if(nals.begin(), nals.end(),
                                  [type](const auto& nal) { return TypeOf(nal.front()) == type; });
  return found == nals.end() ? std::span<const std::uint8_t>() : std::span(*found);
}

ParameterSetNals PickH264(const Nals& nals) {
  return {{}, First<H264TypeOf>(nals, kNalSps), First<H264TypeOf>(nals, kNalPps)};
}

ParameterSetNals PickH265(const Nals& nals) {
  return {First<H265TypeOf>(nals, kH265Vps), First<H265TypeOf>(nals, kH265Sps),
          First<H265TypeOf>(nals, kH265Pps)};
}

/// JPEG has none in the SDP.
ParameterSetNals PickJpeg(const Nals&) { return {}; }

template <class T>
std::unique_ptr<Depacketizer> Make() {
  return std::make_unique<T>();
}

constexpr VideoCodec kH264{Codec::kH264,           false,        true,
                           Make<H264Depacketizer>, ParseH264Sps, PickH264};
constexpr VideoCodec kH265{Codec::kH265,           true,         true,
                           Make<H265Depacketizer>, ParseH265Sps, PickH265};
constexpr VideoCodec kJpeg{Codec::kJpeg,         false,   false, Make<JpegDepacketizer>,
                           ParseJpegFrameHeader, PickJpeg};

}  // namespace

const VideoCodec& VideoCodecOf(Codec codec) {
  if (codec == Codec::kJpeg) return kJpeg;
  return codec == Codec::kH265 ? kH265 : kH264;
}

}  // namespace yagura::ingest
