#include "ingest/h264_depacketizer.h"

#include "ingest/h264_sps.h"

namespace yagura::ingest {
namespace {

// RFC 6184 table 1, beside the NAL unit types.
constexpr std::uint8_t kStapA = 24;
constexpr std::uint8_t kFuA = 28;
constexpr std::uint8_t kFuB = 29;

}  // namespace

Depacketizer::Fault H264Depacketizer::AddPayload(std::span<const std::uint8_t> payload) {
  const std::uint8_t type = H264TypeOf(payload[0]);
  if (type == kFuA) return AddFragmentUnit(payload);
  if (type >= 1 && type < kStapA) return AddNal(payload);
  if (type == kStapA) return AddAggregate(payload.subspan(1));
  if (type > kStapA && type <= kFuB) return Fault::kUnsupportedPacket;
  NoteIgnored();  // 0, 30 and 31 (section 5.2)
  return Fault::kNone;
}

bool H264Depacketizer::CanBeAggregated(std::span<const std::uint8_t> nal) const {
  return H264TypeOf(nal[0]) < kStapA;
}

/// FU-A:  |F|NRI|  28  |  |S|E|R|  type  |  fragment. The NAL unit's header byte is F and NRI of
/// the first with the type of the second.
Depacketizer::Fault H264Depacketizer::AddFragmentUnit(std::span<const std::uint8_t> payload) {
  if (payload.size() < 2) {
    MarkDamaged();
    return Fault::kNone;
  }
  const std::uint8_t type = H264TypeOf(payload[1]);
  return AddFragment({.nal_header = {static_cast<std::uint8_t>((payload[0] & 0xe0) | type)},
                      .type = type,
                      .start = (payload[1] & 0x80) != 0,
                      .end = (payload[1] & 0x40) != 0,
                      .bytes = payload.subspan(2)});
}

void H264Depacketizer::Inspect(std::span<const std::uint8_t> nal) {
  const std::uint8_t type = H264TypeOf(nal[0]);
  switch (type) {
    case kNalSliceNonIdr:
    case 2:  // data partition A
    case kNalSliceIdr:
      return NoteSlice({.first = nal.size() > 1 && nal[1] >> 7 != 0,  // first_mb_in_slice ue(v) = 0
                        .keyframe = type == kNalSliceIdr,
                        .closed = type == kNalSliceIdr});
    case 3:  // data partitions B and C
    case 4:
      return NoteSliceData();
    case kNalSei:
      if (IsRecoveryPoint(nal)) NoteKeyframe();
      return;
    case kNalSps:
      return NoteParameterSet(ParameterSet::kSps, nal);
    case kNalPps:
      return NoteParameterSet(ParameterSet::kPps, nal);
    default:
      return;
  }
}

}  // namespace yagura::ingest
