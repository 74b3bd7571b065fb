#include "ingest/h265_depacketizer.h"

#include <algorithm>

#include "ingest/h265_sps.h"

namespace yagura::ingest {
namespace {

constexpr std::size_t kHeaderBytes = 2;

// RFC 7798 section 4.4, beside the NAL unit types.
constexpr std::uint8_t kAggregate = 48;
constexpr std::uint8_t kFragment = 49;
constexpr std::uint8_t kPaci = 50;

bool IsFirstSegment(std::uint8_t byte_behind_header) { return byte_behind_header >> 7 != 0; }

/// Whether a NAL unit of the base layer that begins with `type` and then, behind its header, with
/// `bytes`, can't follow the slices of a picture in the same access unit (H.265 7.4.2.4.4).
bool OpensAccessUnit(std::uint8_t type, std::span<const std::uint8_t> bytes) {
  if (IsH265Slice(type)) return !bytes.empty() && IsFirstSegment(bytes[0]);
  return (type >= kH265Vps && type <= kH265Delimiter) || type == kH265PrefixSei;
}

}  // namespace

Depacketizer::Fault H265Depacketizer::AddPayload(std::span<const std::uint8_t> payload) {
  if (payload.size() < kHeaderBytes) {
    MarkDamaged();
    return Fault::kNone;
  }
  const std::uint8_t type = H265TypeOf(payload[0]);
  if (type == kFragment) return AddFragmentUnit(payload);
  if (type < kAggregate) return AddNal(payload);
  if (type == kAggregate) return AddAggregate(payload.subspan(kHeaderBytes));
  if (type == kPaci) return Fault::kUnsupportedPacket;
  NoteIgnored();  // 51 to 63 mean nothing
  return Fault::kNone;
}

bool H265Depacketizer::CanBeAggregated(std::span<const std::uint8_t> nal) const {
  return nal.size() >= kHeaderBytes && H265TypeOf(nal[0]) < kAggregate;
}

/// FU:  |F|   49    |  layer  | TID |  |S|E|   type    |  fragment. The NAL unit's header is the
/// first two bytes with the type of the third.
Depacketizer::Fault H265Depacketizer::AddFragmentUnit(std::span<const std::uint8_t> payload) {
  if (payload.size() <= kHeaderBytes) {
    MarkDamaged();
    return Fault::kNone;
  }
  const std::uint8_t type = payload[2] & 0x3f;
  return AddFragment(
      {.nal_header = {static_cast<std::uint8_t>((payload[0] & 0x81) | type << 1), payload[1]},
       .type = type,
       .start = (payload[2] & 0x80) != 0,
       .end = (payload[2] & 0x40) != 0,
       .bytes = payload.subspan(kHeaderBytes + 1)});
}

bool H265Depacketizer::BeginsPicture(std::span<const std::uint8_t> payload) const {
  if (payload.size() <= kHeaderBytes) return false;
  const std::uint8_t type = H265TypeOf(payload[0]);
  if (type == kFragment) {
    const bool start = (payload[2] & 0x80) != 0 && H265LayerOf(payload) == 0;
    return start && OpensAccessUnit(payload[2] & 0x3f, payload.subspan(kHeaderBytes + 1));
  }
  constexpr std::size_t kFirstAggregated = kHeaderBytes + 2;  // behind its size
  const auto nal =
      payload.subspan(type == kAggregate ? std::min(kFirstAggregated, payload.size()) : 0);
  return nal.size() >= kHeaderBytes && H265LayerOf(nal) == 0 &&
         OpensAccessUnit(H265TypeOf(nal[0]), nal.subspan(kHeaderBytes));
}

void H265Depacketizer::Inspect(std::span<const std::uint8_t> nal) {
  if (nal.size() <= kHeaderBytes || H265LayerOf(nal) != 0) return;
  const std::uint8_t type = H265TypeOf(nal[0]);
  if (IsH265Slice(type)) {
    return NoteSlice({.first = IsFirstSegment(nal[kHeaderBytes]),
                      .keyframe = type >= kH265BlaWLp && type <= kH265Cra,
                      .closed = type == kH265IdrNLp || type == kH265BlaNLp});
  }
  if (type == kH265Vps) return NoteParameterSet(ParameterSet::kVps, nal);
  if (type == kH265Sps) return NoteParameterSet(ParameterSet::kSps, nal);
  if (type == kH265Pps) return NoteParameterSet(ParameterSet::kPps, nal);
}

}  // namespace yagura::ingest
