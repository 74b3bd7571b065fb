#include "simulate/payload_format.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "simulate/base64.h"
#include "simulate/h264_headers.h"
#include "simulate/h265_headers.h"
#include "simulate/loop_file.h"

namespace yagura::simulate {
namespace {

using Nal = std::span<const std::uint8_t>;
using Bytes = std::vector<std::uint8_t>;

std::string Hex(Nal bytes) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string text;
  for (const std::uint8_t byte : bytes) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 0xf];
  }
  return text;
}

// H.264, RFC 6184.

constexpr std::uint8_t kStapA = 24;
constexpr std::uint8_t kFuA = 28;

bool IsH264ParameterSet(Nal nal) { return NalTypeOf(nal) == kNalSps || NalTypeOf(nal) == kNalPps; }

Bytes H264AggregateHeader(std::span<const Nal> nals) {
  std::uint8_t reference = 0;  // the highest nal_ref_idc within (RFC 6184, 5.7.1)
  for (const Nal nal : nals) reference = std::max<std::uint8_t>(reference, nal.front() & 0x60);
  return {static_cast<std::uint8_t>(reference | kStapA)};
}

Bytes H264FragmentHeader(Nal nal, std::uint8_t flags) {
  return {static_cast<std::uint8_t>((nal.front() & 0xe0) | kFuA),
          static_cast<std::uint8_t>(flags | NalTypeOf(nal))};
}

std::string H264SdpLines(const LoopFile& loop, bool tell) {
  std::string lines = "a=rtpmap:96 H264/90000\r\na=fmtp:96 packetization-mode=1";
  if (tell) {
    const Bytes& sps = loop.parameter_sets[0];
    lines += ";profile-level-id=" + Hex(std::span(sps).subspan(1, 3)) +
             ";sprop-parameter-sets=" + Base64(sps) + "," + Base64(loop.parameter_sets[1]);
  }
  return lines + "\r\n";
}

// H.265, RFC 7798.

constexpr std::uint8_t kAp = 48;
constexpr std::uint8_t kFu = 49;

/// A NAL unit's header with another type (RFC 7798, 1.1.4).
std::array<std::uint8_t, 2> HeaderOfType(Nal nal, std::uint8_t type) {
  return {static_cast<std::uint8_t>((nal[0] & 0x81) | type << 1), nal[1]};
}

bool IsH265ParameterSet(Nal nal) {
  const std::uint8_t type = H265NalTypeOf(nal);
  return type >= kH265NalVps && type <= kH265NalPps;
}

/// Layer and sub-layer are the lowest within (RFC 7798, 4.4.2).
Bytes H265AggregateHeader(std::span<const Nal> nals) {
  const Nal lowest =
      *std::ranges::min_element(nals, {}, [](Nal nal) { return (nal[0] & 1) << 8 | nal[1]; });
  const auto header = HeaderOfType(lowest, kAp);
  return {header[0], header[1]};
}

Bytes H265FragmentHeader(Nal nal, std::uint8_t flags) {
  const auto header = HeaderOfType(nal, kFu);
  return {header[0], header[1], static_cast<std::uint8_t>(flags | H265NalTypeOf(nal))};
}

std::string H265SdpLines(const LoopFile& loop, bool tell) {
  std::string lines = "a=rtpmap:96 H265/90000\r\na=fmtp:96 tx-mode=SRST";
  constexpr std::array<std::string_view, 3> kNames = {"vps", "sps", "pps"};
  for (std::size_t i = 0; tell && i < kNames.size(); ++i)
    lines += ";sprop-" + std::string(kNames[i]) + "=" + Base64(loop.parameter_sets[i]);
  return lines + "\r\n";
}

// JPEG, RFC 2435: its payload type (RFC 3551) says all.

std::string JpegSdpLines(const LoopFile&, bool) { return {}; }

constexpr PayloadFormat kH264 = {
    96, 1, 2, IsH264ParameterSet, H264AggregateHeader, H264FragmentHeader, H264SdpLines};
constexpr PayloadFormat kH265 = {
    96, 2, 3, IsH265ParameterSet, H265AggregateHeader, H265FragmentHeader, H265SdpLines};
constexpr PayloadFormat kJpeg = {26, 0, 0, nullptr, nullptr, nullptr, JpegSdpLines};

}  // namespace

const PayloadFormat& PayloadFormatOf(Codec codec) {
  if (codec == Codec::kJpeg) return kJpeg;
  return codec == Codec::kH265 ? kH265 : kH264;
}

}  // namespace yagura::simulate
