#include "ingest/depacketizer.h"

#include "ingest/big_endian.h"
#include "ingest/limits.h"

namespace yagura::ingest {
namespace {

/// Holds about a second of a 2 Mbit/s stream; larger pictures get a chunk of their own.
constexpr std::size_t kChunkBytes = 256 * 1024;

using Fault = Depacketizer::Fault;

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
      return "a packet of a kind that was not agreed to (STAP-B, MTAP, FU-B or PACI)";
    case Fault::kUnsupportedJpeg:
      return "JPEG of a kind that is not recorded (tables of 16 bits, or a type of the camera's "
             "own)";
    case Fault::kJpegTooWide:
      return "JPEG pictures wider or higher than 2040 pixels are not recorded, as RTP doesn't tell "
             "their size: have the camera send smaller ones, or H.264 or H.265";
  }
  return "no fault";
}

bool IsOfWhatWeDontRecord(Fault fault) {
  return fault == Fault::kUnsupportedPacket || fault == Fault::kUnsupportedJpeg ||
         fault == Fault::kJpegTooWide;
}

Depacketizer::Depacketizer(std::size_t nal_header_bytes)
    : nal_header_bytes_(nal_header_bytes), arena_(kChunkBytes) {}

Fault Depacketizer::Add(const RtpPacket& packet) {
  if (in_fragment_ && !(packet.time == time_)) damaged_ = true;  // its end never came
  // What was missing in a picture that had no end may be the front of this one.
  if (taken_damaged_ && packet.time == taken_time_) damaged_ = true;
  time_ = packet.time;
  ignored_ = packet.payload.empty();
  if (ignored_) return Fault::kNone;  // some cameras keep the connection warm this way
  const Fault fault = AddPayload(packet.payload);
  if (packet.marker && marker_counts_ && has_slice_) complete_ = true;
  return fault;
}

CodedPicture Depacketizer::Take() {
  Finish();
  CodedPicture picture;
  picture.damaged = damaged_ || in_fragment_;
  taken_damaged_ = picture.damaged && !complete_;
  picture.time = taken_time_ = time_;
  picture.follows_loss = follows_loss_;
  picture.keyframe = keyframe_;
  picture.closed = closed_;
  picture.starts_clean = starts_clean_;
  picture.data = arena_.Take();
  const auto found = [&](ParameterSet kind) {
    const Place& place = parameter_sets_[static_cast<std::size_t>(kind)];
    return picture.data.bytes().subspan(place.offset, place.size);
  };
  picture.parameter_sets = {found(ParameterSet::kVps), found(ParameterSet::kSps),
                            found(ParameterSet::kPps)};
  taken_any_ = true;
  Reset();
  return picture;
}

void Depacketizer::Reset() {
  in_fragment_ = complete_ = damaged_ = has_slice_ = starts_clean_ = keyframe_ = closed_ =
      follows_loss_ = false;
  size_ = nal_begin_ = nal_count_ = 0;
  parameter_sets_ = {};
}

Fault Depacketizer::AddNal(std::span<const std::uint8_t> nal) {
  if (in_fragment_) {  // the fragmented one before it never ended
    damaged_ = true;
    EndNal();
  }
  if (const Fault fault = BeginNal(); fault != Fault::kNone) return fault;
  if (const Fault fault = AppendToNal(nal); fault != Fault::kNone) return fault;
  EndNal();
  return Fault::kNone;
}

Fault Depacketizer::AddAggregate(std::span<const std::uint8_t> units) {
  while (!units.empty()) {
    const std::size_t size = units.size() < 2 ? 0 : Read16(units);
    if (size == 0 || size > units.size() - 2 || !CanBeAggregated(units.subspan(2, size))) {
      damaged_ = true;
      return Fault::kNone;
    }
    if (const Fault fault = AddNal(units.subspan(2, size)); fault != Fault::kNone) return fault;
    units = units.subspan(2 + size);
  }
  return Fault::kNone;
}

Fault Depacketizer::AddFragment(const Fragment& fragment) {
  if (fragment.start) {
    if (in_fragment_) {
      damaged_ = true;
      EndNal();
    }
    const auto header = std::span(fragment.nal_header).first(nal_header_bytes_);
    if (const Fault fault = BeginNal(); fault != Fault::kNone) return fault;
    if (const Fault fault = AppendToNal(header); fault != Fault::kNone) return fault;
    in_fragment_ = true;
    fragment_type_ = fragment.type;
  } else if (!in_fragment_ || fragment.type != fragment_type_) {
    damaged_ = true;
    has_slice_ = true;  // so that the marker ends what is left of this picture
    return Fault::kNone;
  }
  if (const Fault fault = AppendToNal(fragment.bytes); fault != Fault::kNone) return fault;
  if (fragment.end) EndNal();
  return Fault::kNone;
}

Fault Depacketizer::BeginNal() {
  if (++nal_count_ > kMaxNalsPerAccessUnit) return Fault::kTooManyNals;
  constexpr std::array<std::uint8_t, 4> kLengthToCome{};
  arena_.Append(kLengthToCome);
  size_ += kLengthToCome.size();
  nal_begin_ = size_;
  return Fault::kNone;
}

Fault Depacketizer::AppendToNal(std::span<const std::uint8_t> bytes) {
  if (size_ - nal_begin_ + bytes.size() > kMaxNalBytes) return Fault::kNalTooLarge;
  return Append(bytes);
}

Fault Depacketizer::Append(std::span<const std::uint8_t> bytes) {
  if (size_ + bytes.size() > kMaxAccessUnitBytes) return Fault::kPictureTooLarge;
  arena_.Append(bytes);
  size_ += bytes.size();
  return Fault::kNone;
}

void Depacketizer::EndNal() {
  in_fragment_ = false;
  const std::span<std::uint8_t> building = arena_.building();
  const std::size_t length = size_ - nal_begin_;
  for (std::size_t i = 0; i < 4; ++i) {
    building[nal_begin_ - 4 + i] = static_cast<std::uint8_t>(length >> (24 - 8 * i));
  }
  Inspect(building.subspan(nal_begin_));
}

void Depacketizer::NoteSlice(const Slice& slice) {
  if (!has_slice_) starts_clean_ = slice.first;
  has_slice_ = true;
  keyframe_ = keyframe_ || slice.keyframe;
  closed_ = closed_ || slice.closed;
  const bool goes_on = taken_any_ && taken_time_ == time_ && !slice.first;
  if (marker_counts_ && goes_on) {  // a marker on every slice
    marker_counts_ = false;
    damaged_ = true;
  }
}

void Depacketizer::NoteParameterSet(ParameterSet kind, std::span<const std::uint8_t> nal) {
  Place& place = parameter_sets_[static_cast<std::size_t>(kind)];
  if (place.size == 0 && nal.size() <= kMaxParameterSetBytes) place = {nal_begin_, nal.size()};
}

void Depacketizer::NoteParameterSet(ParameterSet kind, std::size_t size_bytes,
                                    std::size_t behind_bytes) {
  parameter_sets_[static_cast<std::size_t>(kind)] = {size_ - behind_bytes - size_bytes, size_bytes};
}

}  // namespace yagura::ingest
