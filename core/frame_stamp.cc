#include "core/frame_stamp.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "core/check.h"
#include "core/crc32c.h"
#include "core/jpeg_markers.h"

namespace yagura {
namespace {

constexpr std::array<std::uint8_t, 1> kH264Header = {0x06};        // SEI
constexpr std::array<std::uint8_t, 2> kH265Header = {0x4e, 0x01};  // prefix SEI, layer 0
constexpr std::array<std::uint8_t, 4> kJpegHeader = {jpeg_marker::kMark, jpeg_marker::kComment,
                                                     0x00, 0x55};  // 83 bytes
constexpr std::array<std::uint8_t, 18> kStart = {
    0x05, 0x50,                                      // user_data_unregistered, 80 bytes
    0xe9, 0x29, 0x43, 0x02, 0xba, 0x0e, 0x4b, 0x3f,  // uuid_iso_iec_11578
    0xb6, 0xa7, 0x8b, 0xf9, 0x7a, 0x53, 0x4e, 0xa6};
constexpr std::uint8_t kTrailingBits = 0x80;
constexpr std::size_t kLengthSize = 4;
constexpr std::string_view kHex = "0123456789abcdef";

std::uint8_t* PutHex(std::uint8_t* out, std::uint64_t value, int digits) {
  for (int i = digits - 1; i >= 0; --i) {
    *out++ = static_cast<std::uint8_t>(kHex[(value >> (4 * i)) & 0xf]);
  }
  return out;
}

/// Reads fixed-width numbers one after the other; a character that is no digit leaves `ok` false.
class HexReader {
 public:
  explicit HexReader(std::span<const std::uint8_t> text) : text_(text) {}

  std::uint64_t Take(std::size_t digits) {
    std::uint64_t value = 0;
    for (const std::uint8_t c : text_.first(digits)) {
      const std::size_t digit = kHex.find(static_cast<char>(c));
      if (digit == std::string_view::npos) ok_ = false;
      value = value << 4 | (digit & 0xf);
    }
    text_ = text_.subspan(digits);
    return value;
  }
  [[nodiscard]] bool ok() const { return ok_; }

 private:
  std::span<const std::uint8_t> text_;
  bool ok_ = true;
};

std::span<const std::uint8_t> HeaderOf(Codec codec) {
  if (codec == Codec::kH265) return kH265Header;
  if (codec == Codec::kJpeg) return kJpegHeader;
  return kH264Header;
}

bool StartsWith(std::span<const std::uint8_t> bytes, std::span<const std::uint8_t> start) {
  return std::ranges::equal(bytes.first(start.size()), start);
}

/// Behind the NAL header, of the right size.
std::optional<FrameStamp> ParsePayload(std::span<const std::uint8_t> payload) {
  if (payload.back() != kTrailingBits || !StartsWith(payload, kStart)) return std::nullopt;
  HexReader in(payload.subspan(kStart.size()));
  FrameStamp stamp;
  stamp.camera = static_cast<std::uint32_t>(in.Take(8));
  stamp.epoch = in.Take(16);
  stamp.number = in.Take(16);
  stamp.presentation = in.Take(16);
  stamp.crc = static_cast<std::uint32_t>(in.Take(8));
  if (!in.ok()) return std::nullopt;
  return stamp;
}

std::array<std::uint8_t, kLengthSize> BigEndian(std::size_t length) {
  return {static_cast<std::uint8_t>(length >> 24), static_cast<std::uint8_t>(length >> 16),
          static_cast<std::uint8_t>(length >> 8), static_cast<std::uint8_t>(length)};
}

/// Cuts the next NAL unit off the front of a length-prefixed access unit.
Result<std::span<const std::uint8_t>> TakeNal(std::span<const std::uint8_t>& rest) {
  if (rest.size() < kLengthSize) return Failure(ErrorCode::kDataLoss, "cut NAL unit length");
  const std::size_t length = static_cast<std::size_t>(rest[0]) << 24 |
                             static_cast<std::size_t>(rest[1]) << 16 |
                             static_cast<std::size_t>(rest[2]) << 8 | rest[3];
  if (length > rest.size() - kLengthSize) {
    return Failure(ErrorCode::kDataLoss, "NAL unit is longer than its access unit");
  }
  const auto nal = rest.subspan(kLengthSize, length);
  rest = rest.subspan(kLengthSize + length);
  return nal;
}

/// The last bytes of a picture's coded data, where its stamp would lie.
std::span<const std::uint8_t> TailOf(const JpegPicture& picture) {
  return picture.scan.last(std::min(picture.scan.size(), FrameStampSize(Codec::kJpeg)));
}

Result<StampedUnit> ReadStampedJpeg(std::span<const std::uint8_t> file) {
  ASSIGN_OR_RETURN(const JpegPicture picture, ParseJpegPicture(file));
  return StampedUnit{.stamp = ParseFrameStamp(TailOf(picture)), .crc = UnstampedCrcOf(picture)};
}

}  // namespace

void EncodeFrameStamp(const FrameStamp& stamp, Codec codec, std::span<std::uint8_t> out) {
  CHECK(out.size() == FrameStampSize(codec));
  std::uint8_t* at = std::ranges::copy(HeaderOf(codec), out.data()).out;
  at = std::ranges::copy(kStart, at).out;
  at = PutHex(at, stamp.camera, 8);
  at = PutHex(at, stamp.epoch, 16);
  at = PutHex(at, stamp.number, 16);
  at = PutHex(at, stamp.presentation, 16);
  at = PutHex(at, stamp.crc, 8);
  *at = kTrailingBits;
}

std::vector<std::uint8_t> EncodeFrameStamp(const FrameStamp& stamp, Codec codec) {
  std::vector<std::uint8_t> nal(FrameStampSize(codec));
  EncodeFrameStamp(stamp, codec, nal);
  return nal;
}

std::optional<FrameStamp> ParseFrameStamp(std::span<const std::uint8_t> nal) {
  for (const Codec codec : {Codec::kH264, Codec::kH265, Codec::kJpeg}) {
    const std::span<const std::uint8_t> header = HeaderOf(codec);
    if (nal.size() == FrameStampSize(codec) && StartsWith(nal, header))
      return ParsePayload(nal.subspan(header.size()));
  }
  return std::nullopt;
}

void UnstampedCrc::Add(std::span<const std::uint8_t> nal) {
  if (ParseFrameStamp(nal).has_value()) return;
  crc_ = Crc32c(nal, Crc32c(BigEndian(nal.size()), crc_));
}

std::uint32_t UnstampedCrcOf(const JpegPicture& picture) {
  const std::size_t stamp = ParseFrameStamp(TailOf(picture)) ? FrameStampSize(Codec::kJpeg) : 0;
  std::uint32_t crc = Crc32c(BigEndian(picture.width_px));
  crc = Crc32c(BigEndian(picture.height_px), crc);
  crc = Crc32c(BigEndian(std::size_t{picture.sampling} << 16 | picture.restart_interval), crc);
  for (const auto table : picture.quantisers) crc = Crc32c(table, crc);
  return Crc32c(picture.scan.first(picture.scan.size() - stamp), crc);
}

Result<StampedUnit> ReadStampedUnit(std::span<const std::uint8_t> access_unit) {
  if (IsJpegFile(access_unit)) return ReadStampedJpeg(access_unit);
  StampedUnit unit;
  UnstampedCrc crc;
  while (!access_unit.empty()) {
    ASSIGN_OR_RETURN(const auto nal, TakeNal(access_unit));
    if (const auto stamp = ParseFrameStamp(nal)) {
      if (unit.stamp) return Failure(ErrorCode::kDataLoss, "two stamps in one access unit");
      unit.stamp = stamp;
    }
    crc.Add(nal);
  }
  unit.crc = crc.value();
  return unit;
}

}  // namespace yagura
