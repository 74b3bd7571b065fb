#include "ingest/jpeg_payload.h"

#include <algorithm>
#include <array>
#include <string>

#include "core/jpeg_markers.h"
#include "ingest/big_endian.h"

namespace yagura::ingest {
namespace {

constexpr std::size_t kMainHeaderBytes = 8;
constexpr std::size_t kRestartHeaderBytes = 4;
constexpr std::size_t kTableHeaderBytes = 4;
constexpr std::size_t kTableBytes = 64;
constexpr std::uint8_t kRestartTypes = 64;  // from here to kOwnTypes: as without, with restarts
constexpr std::uint8_t kOwnTypes = 128;     // from here on, a session's own
constexpr std::uint8_t kSamplings = 2;
constexpr std::uint8_t kTablesInBand = 128;  // from here on, of Q
constexpr std::size_t kFrameHeaderBytes = 19;
constexpr std::size_t kMarkerBytes = 2;

// RFC 2435, appendix A: ISO/IEC 10918-1 tables K.1 and K.2, in zigzag order.
constexpr std::array<std::uint8_t, kTableBytes> kBrightness{
    16, 11, 12,  14,  12,  10, 16, 14,  13,  14,  18,  17,  16, 19,  24,  40,
    26, 24, 22,  22,  24,  49, 35, 37,  29,  40,  58,  51,  61, 60,  57,  51,
    56, 55, 64,  72,  92,  78, 64, 68,  87,  69,  55,  56,  80, 109, 81,  87,
    95, 98, 103, 104, 103, 62, 77, 113, 121, 112, 100, 120, 92, 101, 103, 99};
constexpr std::array<std::uint8_t, kTableBytes> kColour{
    17, 18, 18, 24, 21, 24, 47, 26, 26, 47, 99, 66, 56, 66, 99, 99, 99, 99, 99, 99, 99, 99,
    99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
    99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99};

// RFC 2435, appendix B: ISO/IEC 10918-1 tables K.3 to K.6, as they stand in a segment DHT: class
// and number(8), codes of each length from 1 to 16, values.
constexpr std::array<std::uint8_t, 416> kCodeTables{
    0x00, 0x00, 0x01, 0x05, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0a, 0x0b, 0x01, 0x00, 0x03,
    0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01,
    0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0a, 0x0b, 0x10, 0x00, 0x02, 0x01, 0x03, 0x03,
    0x02, 0x04, 0x03, 0x05, 0x05, 0x04, 0x04, 0x00, 0x00, 0x01, 0x7d, 0x01, 0x02, 0x03, 0x00, 0x04,
    0x11, 0x05, 0x12, 0x21, 0x31, 0x41, 0x06, 0x13, 0x51, 0x61, 0x07, 0x22, 0x71, 0x14, 0x32, 0x81,
    0x91, 0xa1, 0x08, 0x23, 0x42, 0xb1, 0xc1, 0x15, 0x52, 0xd1, 0xf0, 0x24, 0x33, 0x62, 0x72, 0x82,
    0x09, 0x0a, 0x16, 0x17, 0x18, 0x19, 0x1a, 0x25, 0x26, 0x27, 0x28, 0x29, 0x2a, 0x34, 0x35, 0x36,
    0x37, 0x38, 0x39, 0x3a, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x49, 0x4a, 0x53, 0x54, 0x55, 0x56,
    0x57, 0x58, 0x59, 0x5a, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x73, 0x74, 0x75, 0x76,
    0x77, 0x78, 0x79, 0x7a, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a, 0x92, 0x93, 0x94, 0x95,
    0x96, 0x97, 0x98, 0x99, 0x9a, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7, 0xa8, 0xa9, 0xaa, 0xb2, 0xb3,
    0xb4, 0xb5, 0xb6, 0xb7, 0xb8, 0xb9, 0xba, 0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7, 0xc8, 0xc9, 0xca,
    0xd2, 0xd3, 0xd4, 0xd5, 0xd6, 0xd7, 0xd8, 0xd9, 0xda, 0xe1, 0xe2, 0xe3, 0xe4, 0xe5, 0xe6, 0xe7,
    0xe8, 0xe9, 0xea, 0xf1, 0xf2, 0xf3, 0xf4, 0xf5, 0xf6, 0xf7, 0xf8, 0xf9, 0xfa, 0x11, 0x00, 0x02,
    0x01, 0x02, 0x04, 0x04, 0x03, 0x04, 0x07, 0x05, 0x04, 0x04, 0x00, 0x01, 0x02, 0x77, 0x00, 0x01,
    0x02, 0x03, 0x11, 0x04, 0x05, 0x21, 0x31, 0x06, 0x12, 0x41, 0x51, 0x07, 0x61, 0x71, 0x13, 0x22,
    0x32, 0x81, 0x08, 0x14, 0x42, 0x91, 0xa1, 0xb1, 0xc1, 0x09, 0x23, 0x33, 0x52, 0xf0, 0x15, 0x62,
    0x72, 0xd1, 0x0a, 0x16, 0x24, 0x34, 0xe1, 0x25, 0xf1, 0x17, 0x18, 0x19, 0x1a, 0x26, 0x27, 0x28,
    0x29, 0x2a, 0x35, 0x36, 0x37, 0x38, 0x39, 0x3a, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x49, 0x4a,
    0x53, 0x54, 0x55, 0x56, 0x57, 0x58, 0x59, 0x5a, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a,
    0x73, 0x74, 0x75, 0x76, 0x77, 0x78, 0x79, 0x7a, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89,
    0x8a, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99, 0x9a, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7,
    0xa8, 0xa9, 0xaa, 0xb2, 0xb3, 0xb4, 0xb5, 0xb6, 0xb7, 0xb8, 0xb9, 0xba, 0xc2, 0xc3, 0xc4, 0xc5,
    0xc6, 0xc7, 0xc8, 0xc9, 0xca, 0xd2, 0xd3, 0xd4, 0xd5, 0xd6, 0xd7, 0xd8, 0xd9, 0xda, 0xe2, 0xe3,
    0xe4, 0xe5, 0xe6, 0xe7, 0xe8, 0xe9, 0xea, 0xf2, 0xf3, 0xf4, 0xf5, 0xf6, 0xf7, 0xf8, 0xf9, 0xfa};

tl::unexpected<Error> Bad(const char* why) {
  return Failure(ErrorCode::kInvalidArgument, std::string("a JPEG packet can't be read: ") + why);
}
tl::unexpected<Error> Unknown(const char* what) {
  return Failure(ErrorCode::kUnimplemented, std::string("JPEG in RTP with ") + what);
}

std::vector<std::uint8_t> ScaledTables(std::uint8_t q) {
  const int factor = std::clamp<int>(q, 1, 99);
  const int percent = factor < 50 ? 5000 / factor : 200 - factor * 2;
  std::vector<std::uint8_t> tables;
  for (const auto* table : {&kBrightness, &kColour}) {
    for (const int value : *table)
      tables.push_back(static_cast<std::uint8_t>(std::clamp((value * percent + 50) / 100, 1, 255)));
  }
  return tables;
}

Result<void> ReadTables(std::span<const std::uint8_t>& rest, JpegPart& part) {
  if (part.q < kTablesInBand) {
    part.headers.quantisers = ScaledTables(part.q);
    return {};
  }
  if (rest.size() < kTableHeaderBytes) return Bad("no header of tables");
  const std::size_t size = Read16(rest.subspan(2));
  if (rest[1] != 0) return Unknown("tables of 16 bits");
  rest = rest.subspan(kTableHeaderBytes);
  if (size == 0) {
    if (part.q == 255) return Bad("no tables, and none to be kept");
    part.tables_as_before = true;
    return {};
  }
  // One table serves both.
  if (size != kTableBytes && size != 2 * kTableBytes) return Bad("tables of another size");
  if (rest.size() < size) return Bad("tables that are cut off");
  for (std::size_t i = 0; i < 2 * kTableBytes; ++i)
    part.headers.quantisers.push_back(rest[i % size]);
  if (std::ranges::count(part.headers.quantisers, 0) != 0) return Bad("a divisor of 0");
  rest = rest.subspan(size);
  return {};
}

class Writer {
 public:
  void Marker(std::uint8_t code) { Add({jpeg_marker::kMark, code}); }
  void Segment(std::uint8_t code, std::span<const std::uint8_t> body) {
    Marker(code);
    Add16(static_cast<std::uint32_t>(body.size() + 2));
    bytes_.insert(bytes_.end(), body.begin(), body.end());
  }
  void Add(std::initializer_list<std::uint8_t> bytes) {
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
  }
  void Add16(std::uint32_t value) {
    Add({static_cast<std::uint8_t>(value >> 8 & 0xff), static_cast<std::uint8_t>(value & 0xff)});
  }
  [[nodiscard]] std::vector<std::uint8_t> Take() { return std::move(bytes_); }

 private:
  std::vector<std::uint8_t> bytes_;
};

}  // namespace

Result<JpegPart> ParseJpegPart(std::span<const std::uint8_t> payload) {
  if (payload.size() < kMainHeaderBytes) return Bad("too short");
  JpegPart part;
  part.offset = Read32(payload) & 0xff'ffff;
  std::uint8_t type = payload[4];
  part.q = payload[5];
  part.headers.width_px = std::uint32_t{payload[6]} * 8;
  part.headers.height_px = std::uint32_t{payload[7]} * 8;
  if (part.headers.width_px == 0 || part.headers.height_px == 0)
    return Failure(ErrorCode::kOutOfRange, "a JPEG picture wider or higher than 2040 pixels");
  if (part.q == 0) return Bad("a Q of 0");
  if (type >= kOwnTypes) return Unknown("a type of the camera's own");
  std::span<const std::uint8_t> rest = payload.subspan(kMainHeaderBytes);
  if (type >= kRestartTypes) {
    if (rest.size() < kRestartHeaderBytes) return Bad("no restart header");
    part.headers.restart_interval = Read16(rest);
    rest = rest.subspan(kRestartHeaderBytes);
    type = static_cast<std::uint8_t>(type - kRestartTypes);
  }
  if (type >= kSamplings) return Unknown("a type that RFC 2435 doesn't know");
  part.headers.sampling = type;
  if (part.offset == 0) RETURN_IF_ERROR(ReadTables(rest, part));
  part.data = rest;
  return part;
}

std::vector<std::uint8_t> WriteJpegHeaders(const JpegHeaders& headers) {
  Writer writer;
  writer.Marker(jpeg_marker::kStart);
  for (std::size_t table = 0; table < 2; ++table) {
    const auto values = std::span(headers.quantisers).subspan(table * kTableBytes, kTableBytes);
    std::vector<std::uint8_t> body{static_cast<std::uint8_t>(table)};
    body.insert(body.end(), values.begin(), values.end());
    writer.Segment(jpeg_marker::kQuantisers, body);
  }
  if (headers.restart_interval != 0) {
    writer.Marker(jpeg_marker::kRestarts);
    writer.Add16(4);
    writer.Add16(headers.restart_interval);
  }
  writer.Marker(jpeg_marker::kFrame);  // three components, of which the first has more samples
  writer.Add16(17);
  writer.Add({8});
  writer.Add16(headers.height_px);
  writer.Add16(headers.width_px);
  const std::uint8_t samples = headers.sampling == 0 ? 0x21 : 0x22;
  writer.Add({3, 1, samples, 0, 2, 0x11, 1, 3, 0x11, 1});
  writer.Segment(jpeg_marker::kHuffmanTables, kCodeTables);
  writer.Segment(jpeg_marker::kScan,
                 std::to_array<std::uint8_t>({3, 1, 0, 2, 0x11, 3, 0x11, 0, 63, 0}));
  return writer.Take();
}

JpegFrameHeader FindJpegFrameHeader(std::span<const std::uint8_t> headers) {
  auto rest = headers.subspan(kMarkerBytes);
  while (rest[1] != jpeg_marker::kFrame)
    rest = rest.subspan(kMarkerBytes + Read16(rest.subspan(2)));
  return {rest.first(kFrameHeaderBytes), rest.size() - kFrameHeaderBytes};
}

Result<SequenceInfo> ParseJpegFrameHeader(std::span<const std::uint8_t> segment) {
  if (segment.size() != kFrameHeaderBytes || segment[1] != jpeg_marker::kFrame)
    return Failure(ErrorCode::kInvalidArgument, "a JPEG frame header can't be read");
  return SequenceInfo{.width_px = Read16(segment.subspan(7)),
                      .height_px = Read16(segment.subspan(5))};
}

}  // namespace yagura::ingest
