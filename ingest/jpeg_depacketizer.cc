#include "ingest/jpeg_depacketizer.h"

#include <algorithm>
#include <utility>

#include "core/jpeg_markers.h"
#include "ingest/big_endian.h"

namespace yagura::ingest {

using Fault = Depacketizer::Fault;

namespace {

/// A picture of 160x120 in which nothing is to be seen has more. The headers that we add are 600:
/// so nobody has much more stored than they send.
constexpr std::uint32_t kDataBytesMin = 256;

}  // namespace

Fault JpegDepacketizer::AddPayload(std::span<const std::uint8_t> payload) {
  auto part = ParseJpegPart(payload);
  if (!part.has_value()) {
    if (part.error().code() == ErrorCode::kUnimplemented) return Fault::kUnsupportedJpeg;
    if (part.error().code() == ErrorCode::kOutOfRange) return Fault::kJpegTooWide;
    Break();
    return Fault::kNone;
  }
  return part->offset == 0 ? Begin(*part) : GoOn(*part);
}

bool JpegDepacketizer::BeginsPicture(std::span<const std::uint8_t> payload) const {
  return payload.size() >= 4 && (Read32(payload) & 0xff'ffff) == 0;
}

Fault JpegDepacketizer::Begin(JpegPart& part) {
  if (!FindTables(part)) {
    Break();
    return Fault::kNone;
  }
  if (written_.empty() || !(headers_ == part.headers)) {
    headers_ = std::move(part.headers);
    written_ = WriteJpegHeaders(headers_);
  }
  NoteWholeFront();
  NoteSlice({.first = true, .keyframe = true, .closed = true});
  whole_ = true;
  data_bytes_ = 0;
  if (const Fault fault = Append(written_); fault != Fault::kNone) return fault;
  const JpegFrameHeader frame = FindJpegFrameHeader(written_);
  NoteParameterSet(ParameterSet::kSps, frame.segment.size(), frame.behind_bytes);
  return GoOn(part);
}

Fault JpegDepacketizer::GoOn(const JpegPart& part) {
  if (!whole_ || part.offset != data_bytes_ || (part.offset != 0 && !IsOfThisPicture(part))) {
    Break();
    return Fault::kNone;
  }
  for (const std::uint8_t byte : part.data.last(std::min<std::size_t>(part.data.size(), 2)))
    last_ = {last_[1], byte};
  data_bytes_ += static_cast<std::uint32_t>(part.data.size());
  return Append(part.data);
}

void JpegDepacketizer::Break() {
  whole_ = false;
  MarkDamaged();
  NoteSliceData();  // so that the marker ends what is left of it
}

void JpegDepacketizer::Finish() {
  if (!std::exchange(whole_, false)) return;
  const bool ended = last_ == kJpegEnd;
  if (data_bytes_ < kDataBytesMin || (!ended && Append(kJpegEnd) != Fault::kNone)) MarkDamaged();
}

bool JpegDepacketizer::FindTables(JpegPart& part) {
  auto& tables = part.headers.quantisers;
  if (part.q < kFirstKept || part.q - kFirstKept >= static_cast<int>(kKept)) return !tables.empty();
  auto& kept = kept_[part.q - kFirstKept];
  if (part.tables_as_before)
    tables = kept;
  else
    kept = tables;
  return !tables.empty();
}

bool JpegDepacketizer::IsOfThisPicture(const JpegPart& part) const {
  const JpegHeaders& told = part.headers;
  return told.sampling == headers_.sampling && told.width_px == headers_.width_px &&
         told.height_px == headers_.height_px && told.restart_interval == headers_.restart_interval;
}

}  // namespace yagura::ingest
