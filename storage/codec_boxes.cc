#include "storage/codec_boxes.h"

#include <algorithm>
#include <array>

#include "core/check.h"
#include "storage/avc_config.h"
#include "storage/hevc_config.h"
#include "storage/jpeg_config.h"
#include "storage/mp4_boxes.h"

namespace yagura::storage {
namespace {

constexpr std::array<CodecBoxes, 3> kCodecs = {
    {{Codec::kH264, FourCc("avc1"), FourCc("avcC"), "avc1", AvcConfiguration, ParseAvcConfiguration,
      AvcCodecString},
     {Codec::kH265, FourCc("hvc1"), FourCc("hvcC"), "", HevcConfiguration, ParseHevcConfiguration,
      HevcCodecString},
     {Codec::kJpeg, FourCc("mp4v"), FourCc("esds"), "", JpegConfiguration, ParseJpegConfiguration,
      JpegCodecString}}};

}  // namespace

std::span<const CodecBoxes> AllCodecBoxes() { return kCodecs; }

const CodecBoxes& CodecBoxesOf(Codec codec) {
  const auto* const found = std::find_if(
      kCodecs.begin(), kCodecs.end(), [codec](const auto& boxes) { return boxes.codec == codec; });
  CHECK(found != kCodecs.end());
  return *found;
}

std::vector<std::uint8_t> DecoderConfiguration(const StreamFormat& format) {
  return CodecBoxesOf(format.codec).make_configuration(format);
}

std::string CodecString(const StreamFormat& format) {
  return CodecBoxesOf(format.codec).codec_string(format);
}

}  // namespace yagura::storage
