#include "ingest/h264_depacketizer.h"

#include <array>

#include "ingest/big_endian.h"
#include "ingest/h264_sps.h"
#include "ingest/limits.h"

namespace yagura::ingest {
namespace {

/// Holds about a second of a 2 Mbit/s stream; larger pictures get a chunk of their own.
constexpr std::size_t kChunkBytes = 256 * 1024;

// RFC 6184 table 1, beside the NAL unit types.
constexpr std::uint8_t kStapA = 24;
constexpr std::uint8_t kFuA = 28;
constexpr std::uint8_t kFuB = 29;

using Fault = H264Depacketizer::Fault;

}  // namespace

std::string_view ToString(Fault fault) {
  switch (fault) {
    case Fault::kNone:
      break;
    case Fault::kNalTooLarge:
      return "a NAL unit is over the limit";
    case Fault::kPictureTooLarge:
      return "an access unit is over the limit";
    case Fault::kTooManyNals:
      return "the number of NAL units in an access unit is over the limit";
    case Fault::kUnsupportedPacket:
      return "a packet of a kind that was not agreed to (STAP-B, MTAP or FU-B)";
  }
  return "no fault";
}

H264Depacketizer::H264Depacketizer() : arena_(kChunkBytes) {}

Fault H264Depacketizer::Add(const RtpPacket& packet) {
  if (in_fragment_ && !(packet.time == time_)) damaged_ = true;  // its end never came
  time_ = packet.time;
  if (packet.payload.empty())
    return Fault::kNone;  // some cameras keep the connection warm this way
  const std::uint8_t type = H264TypeOf(packet.payload[0]);
  Fault fault = Fault::kNone;
  if (type == kFuA) {
    fault = AddFragment(packet.payload);
  } else if (type >= 1 && type < kStapA) {
    fault = AddNal(packet.payload);
  } else if (type == kStapA) {
    fault = AddAggregate(packet.payload);
  } else if (type > kStapA && type <= kFuB) {
    return Fault::kUnsupportedPacket;
  }  // 0, 30 and 31 are to be ignored (section 5.2)
  if (packet.marker && marker_counts_ && has_slice_) complete_ = true;
  return fault;
}

CodedPicture H264Depacketizer::Take() {
  CodedPicture picture;
  picture.damaged = damaged_ || in_fragment_;
  picture.time = taken_time_ = time_;
  picture.idr = idr_;
  picture.recovery_point = recovery_point_;
  picture.starts_clean = starts_clean_;
  picture.data = arena_.Take();
  picture.sps = picture.data.bytes().subspan(sps_.offset, sps_.size);
  picture.pps = picture.data.bytes().subspan(pps_.offset, pps_.size);
  taken_any_ = true;
  Reset();
  return picture;
}

void H264Depacketizer::Reset() {
  in_fragment_ = complete_ = damaged_ = has_slice_ = starts_clean_ = idr_ = recovery_point_ = false;
  size_ = nal_begin_ = nal_count_ = 0;
  sps_ = pps_ = {};
}

Fault H264Depacketizer::AddNal(std::span<const std::uint8_t> nal) {
  if (in_fragment_) {  // the fragmented one before it never ended
    damaged_ = true;
    EndNal();
  }
  if (const Fault fault = BeginNal(); fault != Fault::kNone) return fault;
  if (const Fault fault = AppendToNal(nal); fault != Fault::kNone) return fault;
  EndNal();
  return Fault::kNone;
}

/// STAP-A: header(8), then size(16) and a NAL unit of that size, again and again.
Fault H264Depacketizer::AddAggregate(std::span<const std::uint8_t> payload) {
  auto rest = payload.subspan(1);
  while (!rest.empty()) {
    const std::size_t size = rest.size() < 2 ? 0 : Read16(rest);
    if (size == 0 || size > rest.size() - 2 || H264TypeOf(rest[2]) >= kStapA) {
      damaged_ = true;
      return Fault::kNone;
    }
    if (const Fault fault = AddNal(rest.subspan(2, size)); fault != Fault::kNone) return fault;
    rest = rest.subspan(2 + size);
  }
  return Fault::kNone;
}

/// FU-A:  |F|NRI|  28  |  |S|E|R|  type  |  fragment. The NAL unit's header byte is F and NRI of
/// the first with the type of the second.
Fault H264Depacketizer::AddFragment(std::span<const std::uint8_t> payload) {
  if (payload.size() < 2) {
    damaged_ = true;
    return Fault::kNone;
  }
  const auto header = static_cast<std::uint8_t>((payload[0] & 0xe0) | (payload[1] & 0x1f));
  const bool start = (payload[1] & 0x80) != 0;
  const bool end = (payload[1] & 0x40) != 0;
  if (start) {
    if (in_fragment_) {
      damaged_ = true;
      EndNal();
    }
    if (const Fault fault = BeginNal(); fault != Fault::kNone) return fault;
    if (const Fault fault = AppendToNal({&header, 1}); fault != Fault::kNone) return fault;
    in_fragment_ = true;
    fragment_header_ = header;
  } else if (!in_fragment_ || H264TypeOf(header) != H264TypeOf(fragment_header_)) {
    damaged_ = true;
    has_slice_ = true;  // so that the marker ends what is left of this picture
    return Fault::kNone;
  }
  if (const Fault fault = AppendToNal(payload.subspan(2)); fault != Fault::kNone) return fault;
  if (end) EndNal();
  return Fault::kNone;
}

Fault H264Depacketizer::BeginNal() {
  if (++nal_count_ > kMaxNalsPerAccessUnit) return Fault::kTooManyNals;
  constexpr std::array<std::uint8_t, 4> kLengthToCome{};
  arena_.Append(kLengthToCome);
  size_ += kLengthToCome.size();
  nal_begin_ = size_;
  return Fault::kNone;
}

Fault H264Depacketizer::AppendToNal(std::span<const std::uint8_t> bytes) {
  if (size_ - nal_begin_ + bytes.size() > kMaxNalBytes) return Fault::kNalTooLarge;
  if (size_ + bytes.size() > kMaxAccessUnitBytes) return Fault::kPictureTooLarge;
  arena_.Append(bytes);
  size_ += bytes.size();
  return Fault::kNone;
}

void H264Depacketizer::EndNal() {
  in_fragment_ = false;
  const std::span<std::uint8_t> building = arena_.building();
  const std::size_t length = size_ - nal_begin_;
  for (std::size_t i = 0; i < 4; ++i) {
    building[nal_begin_ - 4 + i] = static_cast<std::uint8_t>(length >> (24 - 8 * i));
  }
  Inspect(building.subspan(nal_begin_));
}

void H264Depacketizer::Inspect(std::span<const std::uint8_t> nal) {
  switch (H264TypeOf(nal[0])) {
    case kNalSliceNonIdr:
    case 2:  // data partition A
    case kNalSliceIdr:
      return InspectSlice(nal);
    case 3:  // data partitions B and C
    case 4:
      has_slice_ = true;
      return;
    case kNalSei:
      recovery_point_ = recovery_point_ || IsRecoveryPoint(nal);
      return;
    case kNalSps:
      return Remember(nal, sps_);
    case kNalPps:
      return Remember(nal, pps_);
    default:
      return;
  }
}

void H264Depacketizer::InspectSlice(std::span<const std::uint8_t> nal) {
  if (!has_slice_)
    starts_clean_ = nal.size() > 1 && nal[1] >> 7 != 0;  // first_mb_in_slice ue(v) = 0
  has_slice_ = true;
  if (H264TypeOf(nal[0]) == kNalSliceIdr) idr_ = true;
  if (marker_counts_ && taken_any_ && taken_time_ == time_) {  // a marker on every slice
    marker_counts_ = false;
    damaged_ = true;
  }
}

void H264Depacketizer::Remember(std::span<const std::uint8_t> nal, Place& place) const {
  if (place.size == 0 && nal.size() <= kMaxParameterSetBytes) place = {nal_begin_, nal.size()};
}

}  // namespace yagura::ingest
