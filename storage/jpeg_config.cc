#include "storage/jpeg_config.h"

#include <algorithm>
#include <array>

#include "storage/bytes.h"

namespace yagura::storage {
namespace {

// Descriptors: tag(8) length(8, up to 127) and as many bytes.
constexpr std::uint8_t kStreamTag = 3;
constexpr std::uint8_t kDecoderTag = 4;
constexpr std::uint8_t kSpecificTag = 5;
constexpr std::uint8_t kSyncLayerTag = 6;
constexpr std::size_t kDecoderBytes = 13;  // without what is within
constexpr std::size_t kStreamBytes = 3;
constexpr std::size_t kDescriptorHeadBytes = 2;
constexpr std::array<std::uint8_t, 3> kSyncLayer = {kSyncLayerTag, 1, 2};  // as in MP4 files
constexpr std::size_t kFrameHeaderBytesMax = 64;

constexpr std::uint8_t kJpegObject = 0x6c;
constexpr std::uint8_t kVisualStream = 4 << 2 | 1;

void Head(ByteWriter& out, std::uint8_t tag, std::size_t size_bytes) {
  out.U8(tag);
  out.U8(static_cast<std::uint8_t>(size_bytes));
}

}  // namespace

std::vector<std::uint8_t> JpegConfiguration(const StreamFormat& format) {
  const std::size_t specific = kDescriptorHeadBytes + format.sps.size();
  const std::size_t decoder = kDecoderBytes + specific;
  ByteWriter out;
  out.U32(0);  // version, flags
  Head(out, kStreamTag, kStreamBytes + kDescriptorHeadBytes + decoder + kSyncLayer.size());
  out.Zeros(kStreamBytes);
  Head(out, kDecoderTag, decoder);
  out.U8(kJpegObject);
  out.U8(kVisualStream);
  out.Zeros(kDecoderBytes - 2);  // buffer and bit rates: not told
  Head(out, kSpecificTag, format.sps.size());
  out.Bytes(format.sps);
  out.Bytes(kSyncLayer);
  return out.Take();
}

std::string JpegCodecString(const StreamFormat&) { return "mp4v.6C"; }

bool ParseJpegConfiguration(std::span<const std::uint8_t> record, StreamFormat& format) {
  constexpr std::size_t kSpecificAt =
      4 + kDescriptorHeadBytes + kStreamBytes + kDescriptorHeadBytes + kDecoderBytes;
  if (record.size() <= kSpecificAt + kDescriptorHeadBytes + kSyncLayer.size()) return false;
  const std::size_t size = record.size() - kSpecificAt - kDescriptorHeadBytes - kSyncLayer.size();
  if (size > kFrameHeaderBytesMax) return false;
  const auto frame_header = record.subspan(kSpecificAt + kDescriptorHeadBytes, size);
  StreamFormat read;
  read.codec = Codec::kJpeg;
  read.sps.assign(frame_header.begin(), frame_header.end());
  if (!std::ranges::equal(record, JpegConfiguration(read))) return false;
  format.codec = read.codec;
  format.sps = std::move(read.sps);
  return true;
}

}  // namespace yagura::storage
