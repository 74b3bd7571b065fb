#include "storage/live_message.h"

#include <algorithm>
#include <array>

#include "storage/bytes.h"
#include "storage/mp4_boxes.h"

namespace yagura::storage {
namespace {

constexpr std::array<std::uint8_t, 4> kMagic{'Y', 'G', 'L', '1'};
constexpr std::size_t kPaddingBytes = 3;

constexpr std::uint8_t kFormat = 1;
constexpr std::uint8_t kUnit = 2;
constexpr std::uint8_t kEnd = 3;

constexpr std::uint8_t kKeyframeFlag = 1;
// Each in its place.
constexpr std::array<Codec, 3> kCodecs{Codec::kH264, Codec::kH265, Codec::kJpeg};
constexpr std::size_t kUnitHeadBytes = 1 + 8 + 8 + 8 + 4 + 1;

Result<LiveMessage> NoSuchMessage() {
  return Failure(ErrorCode::kDataLoss, "the live relay sent what is no message");
}

void WriteBytes16(ByteWriter& out, ByteView bytes) {
  out.U16(static_cast<std::uint16_t>(bytes.size()));
  out.Bytes(bytes);
}

std::vector<std::uint8_t> ReadBytes16(ByteReader& in) {
  const ByteView bytes = in.Bytes(in.U16());
  return {bytes.begin(), bytes.end()};
}

Result<LiveMessage> ReadFormat(ByteReader& in) {
  StreamFormat format;
  const std::uint8_t codec = in.U8();
  if (codec >= kCodecs.size()) return NoSuchMessage();
  format.codec = kCodecs[codec];
  format.width_px = in.U32();
  format.height_px = in.U32();
  format.reorder_depth = in.U32();
  if (format.codec == Codec::kH265) format.vps = ReadBytes16(in);
  format.sps = ReadBytes16(in);
  format.pps = ReadBytes16(in);
  if (!in.ok() || in.remaining() > 0 || format.sps.empty()) return NoSuchMessage();
  return LiveMessage(std::move(format));
}

Result<LiveMessage> ReadUnit(ByteReader& in, const std::shared_ptr<const std::uint8_t[]>& body,
                             std::size_t size_bytes) {
  AccessUnit unit;
  unit.pts = MediaTime{in.I64()};
  unit.dts = MediaTime{in.I64()};
  unit.wall = WallTime(microseconds(in.I64()));
  unit.timeline = in.U32();
  unit.keyframe = (in.U8() & kKeyframeFlag) != 0;
  const bool plausible = IsPlausible(unit.pts) && IsPlausible(unit.dts) && IsPlausible(unit.wall);
  if (!in.ok() || in.remaining() == 0 || !plausible) return NoSuchMessage();
  unit.data = SharedBytes(body, kUnitHeadBytes, size_bytes - kUnitHeadBytes);
  return LiveMessage(std::move(unit));
}

Result<LiveMessage> ReadEnd(ByteReader& in) {
  const std::uint8_t end = in.U8();
  const bool known = end >= static_cast<std::uint8_t>(LiveEnd::kNotUnderstood) &&
                     end <= static_cast<std::uint8_t>(LiveEnd::kEnded);
  if (!in.ok() || in.remaining() > 0 || !known) return NoSuchMessage();
  return LiveMessage(static_cast<LiveEnd>(end));
}

}  // namespace

std::vector<std::uint8_t> EncodeLiveRequest(const LiveRequest& request) {
  ByteWriter out;
  out.Bytes(kMagic);
  out.U8(static_cast<std::uint8_t>(request.stream));
  out.Zeros(kPaddingBytes);
  out.Bytes(request.camera.bytes);
  return out.Take();
}

Result<LiveRequest> ParseLiveRequest(std::span<const std::uint8_t> bytes) {
  ByteReader in(bytes);
  const ByteView magic = in.Bytes(kMagic.size());
  const bool known = std::equal(magic.begin(), magic.end(), kMagic.begin(), kMagic.end());
  const std::uint8_t stream = in.U8();
  in.Bytes(kPaddingBytes);
  LiveRequest request;
  const ByteView camera = in.Bytes(request.camera.bytes.size());
  if (!known || !in.ok() || stream > static_cast<std::uint8_t>(Stream::kSub)) {
    return Failure(ErrorCode::kInvalidArgument, "not a request that the live relay knows");
  }
  request.stream = static_cast<Stream>(stream);
  std::copy(camera.begin(), camera.end(), request.camera.bytes.begin());
  return request;
}

std::vector<std::uint8_t> EncodeLiveFormat(const StreamFormat& format) {
  ByteWriter out;
  out.U32(0);
  out.U8(kFormat);
  const auto* const codec = std::find(kCodecs.begin(), kCodecs.end(), format.codec);
  out.U8(static_cast<std::uint8_t>(codec - kCodecs.begin()));
  out.U32(format.width_px);
  out.U32(format.height_px);
  out.U32(format.reorder_depth);
  if (format.codec == Codec::kH265) WriteBytes16(out, format.vps);
  WriteBytes16(out, format.sps);
  WriteBytes16(out, format.pps);
  out.PatchU32(0, static_cast<std::uint32_t>(out.size() - kLiveLengthBytes));
  return out.Take();
}

std::vector<std::uint8_t> EncodeLiveUnitHead(const AccessUnit& unit) {
  ByteWriter out;
  out.Reserve(kLiveLengthBytes + kUnitHeadBytes);
  out.U32(static_cast<std::uint32_t>(kUnitHeadBytes + unit.data.size()));
  out.U8(kUnit);
  out.I64(unit.pts.ticks_90k);
  out.I64(unit.dts.ticks_90k);
  out.I64(unit.wall.time_since_epoch().count());
  out.U32(unit.timeline);
  out.U8(unit.keyframe ? kKeyframeFlag : 0);
  return out.Take();
}

std::vector<std::uint8_t> EncodeLiveEnd(LiveEnd end) {
  ByteWriter out;
  out.U32(2);
  out.U8(kEnd);
  out.U8(static_cast<std::uint8_t>(end));
  return out.Take();
}

Result<LiveMessage> ParseLiveMessage(const std::shared_ptr<const std::uint8_t[]>& body,
                                     std::size_t size_bytes) {
  ByteReader in({body.get(), size_bytes});
  switch (in.U8()) {
    case kFormat:
      return ReadFormat(in);
    case kUnit:
      return ReadUnit(in, body, size_bytes);
    case kEnd:
      return ReadEnd(in);
    default:
      return NoSuchMessage();
  }
}

}  // namespace yagura::storage
