#include "storage/clip_identity.h"

#include <algorithm>

#include "core/check.h"
#include "core/crc32c.h"

namespace yagura::storage {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::uint8_t kHasLeadIn = 1;
constexpr std::size_t kChecksumBytes = 4;

template <class IdType>
IdType ReadId(ByteReader& in) {
  IdType id;
  const ByteView bytes = in.Bytes(id.bytes.size());
  std::copy(bytes.begin(), bytes.end(), id.bytes.begin());
  return id;
}

void WriteClipId(ByteWriter& out, const ClipId& clip) {
  out.Bytes(clip.run.bytes);
  out.U32(clip.sequence);
}

ClipId ReadClipId(ByteReader& in) {
  ClipId clip;
  clip.run = ReadId<RunId>(in);
  clip.sequence = in.U32();
  return clip;
}

}  // namespace

std::vector<std::uint8_t> BuildIdentityBox(const ClipOpened& clip) {
  const KeyframeReference lead_in = clip.lead_in.value_or(KeyframeReference{});
  ByteWriter out;
  {
    const BoxScope box(out, kIdentityUuid);
    out.U8(kVersion);
    out.U8(static_cast<std::uint8_t>(clip.stream));
    out.U8(static_cast<std::uint8_t>(clip.clock));
    out.U8(clip.lead_in ? kHasLeadIn : 0);
    out.Bytes(clip.camera.bytes);
    WriteClipId(out, clip.clip);
    out.Bytes(clip.volume.bytes);
    out.Bytes(clip.owner.unit.bytes);
    out.Bytes(clip.owner.floor.bytes);
    out.I64(clip.media_start.ticks_90k);
    out.I64(clip.wall_start.time_since_epoch().count());
    WriteClipId(out, lead_in.clip);
    out.U64(lead_in.offset_bytes);
    out.Zeros(kIdentityBoxBytes - out.size());
  }
  out.PatchU32(kIdentityBoxBytes - kChecksumBytes,
               Crc32c(out.view().first(kIdentityBoxBytes - kChecksumBytes)));
  CHECK(out.size() == kIdentityBoxBytes);
  return out.Take();
}

Result<ClipOpened> ParseIdentityBox(ByteView box) {
  const auto header = ReadBoxHeader(box);
  if (!header.has_value() || box.size() != kIdentityBoxBytes ||
      header->size_bytes != kIdentityBoxBytes || header->uuid != kIdentityUuid) {
    return Failure(ErrorCode::kDataLoss, "no identity box");
  }
  ByteReader checksum(box.last(kChecksumBytes));
  if (checksum.U32() != Crc32c(box.first(kIdentityBoxBytes - kChecksumBytes))) {
    return Failure(ErrorCode::kDataLoss, "a damaged identity box");
  }
  ByteReader in(box.subspan(header->header_bytes));
  const std::uint8_t version = in.U8();
  const std::uint8_t stream = in.U8();
  const std::uint8_t clock = in.U8();
  const std::uint8_t flags = in.U8();
  if (version != kVersion || stream > static_cast<std::uint8_t>(Stream::kSub) ||
      clock > static_cast<std::uint8_t>(ClockState::kRepeated)) {
    return Failure(ErrorCode::kDataLoss, "an identity box of an unknown version");
  }
  ClipOpened clip;
  clip.stream = static_cast<Stream>(stream);
  clip.clock = static_cast<ClockState>(clock);
  clip.camera = ReadId<CameraId>(in);
  clip.clip = ReadClipId(in);
  clip.volume = ReadId<VolumeId>(in);
  clip.owner.unit = ReadId<UnitId>(in);
  clip.owner.floor = ReadId<FloorId>(in);
  clip.media_start = MediaTime{in.I64()};
  clip.wall_start = WallTime(microseconds(in.I64()));
  if (!IsPlausible(clip.media_start) || !IsPlausible(clip.wall_start)) {
    return Failure(ErrorCode::kDataLoss, "an identity box with an impossible time");
  }
  KeyframeReference lead_in;
  lead_in.clip = ReadClipId(in);
  lead_in.offset_bytes = in.U64();
  if ((flags & kHasLeadIn) != 0) clip.lead_in = lead_in;
  return clip;
}

}  // namespace yagura::storage
