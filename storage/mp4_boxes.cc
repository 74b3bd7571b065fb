#include "storage/mp4_boxes.h"

#include <algorithm>
#include <array>

#include "storage/codec_boxes.h"
#include "storage/files.h"

namespace yagura::storage {
namespace {

void Ftyp(ByteWriter& out, const CodecBoxes& codec) {
  const BoxScope box(out, FourCc("ftyp"));
  out.Text("iso6");
  out.U32(0);
  const std::array<std::string_view, 4> brands = {"iso6", "isom", codec.brand, "mp41"};
  for (const std::string_view brand : brands) out.Text(brand);
}

void Mvhd(ByteWriter& out) {
  const BoxScope box(out, FourCc("mvhd"));
  AppendVersionAndFlags(out, 0, 0);
  out.Zeros(8);  // creation, modification: every clip of a run has the same bytes
  out.U32(kMediaTimescale);
  out.U32(0);        // duration: in the fragments
  out.U32(0x10000);  // rate
  out.U16(0x100);    // volume
  out.Zeros(10);
  AppendUnityMatrix(out);
  out.Zeros(24);
  out.U32(kTrackId + 1);
}

void Tkhd(ByteWriter& out, const StreamFormat& format) {
  const BoxScope box(out, FourCc("tkhd"));
  AppendVersionAndFlags(out, 0, 3);  // enabled, in movie
  out.Zeros(8);
  out.U32(kTrackId);
  out.Zeros(4 + 4 + 8 + 8);  // reserved, duration, reserved, layer to reserved
  AppendUnityMatrix(out);
  out.U32(format.width_px << 16);
  out.U32(format.height_px << 16);
}

void Mdhd(ByteWriter& out) {
  const BoxScope box(out, FourCc("mdhd"));
  AppendVersionAndFlags(out, 0, 0);
  out.Zeros(8);
  out.U32(kMediaTimescale);
  out.U32(0);
  out.U32(kUndeterminedLanguage);
}

void SampleEntry(ByteWriter& out, const StreamFormat& format) {
  const CodecBoxes& codec = CodecBoxesOf(format.codec);
  const BoxScope box(out, codec.sample_entry);
  out.Zeros(6);
  out.U16(1);  // data reference
  out.Zeros(16);
  out.U16(static_cast<std::uint16_t>(format.width_px));
  out.U16(static_cast<std::uint16_t>(format.height_px));
  out.U32(0x480000);  // 72 dpi
  out.U32(0x480000);
  out.U32(0);
  out.U16(1);     // frames a sample
  out.Zeros(32);  // compressor name
  out.U16(24);    // depth
  out.U16(0xffff);
  const BoxScope configuration(out, codec.configuration);
  out.Bytes(codec.make_configuration(format));
}

void Stsd(ByteWriter& out, const StreamFormat& format) {
  const BoxScope box(out, FourCc("stsd"));
  AppendVersionAndFlags(out, 0, 0);
  out.U32(1);
  SampleEntry(out, format);
}

void EmptyTable(ByteWriter& out, std::uint32_t type, std::size_t counts) {
  const BoxScope box(out, type);
  AppendVersionAndFlags(out, 0, 0);
  out.Zeros(4 * counts);
}

void Stbl(ByteWriter& out, const StreamFormat& format) {
  const BoxScope box(out, FourCc("stbl"));
  Stsd(out, format);
  EmptyTable(out, FourCc("stts"), 1);
  EmptyTable(out, FourCc("stsc"), 1);
  EmptyTable(out, FourCc("stsz"), 2);
  EmptyTable(out, FourCc("stco"), 1);
}

void Minf(ByteWriter& out, const StreamFormat& format) {
  const BoxScope box(out, FourCc("minf"));
  AppendVideoMediaHeaders(out);
  Stbl(out, format);
}

void Trak(ByteWriter& out, const StreamFormat& format) {
  const BoxScope trak(out, FourCc("trak"));
  Tkhd(out, format);
  const BoxScope mdia(out, FourCc("mdia"));
  Mdhd(out);
  AppendVideoHandler(out);
  Minf(out, format);
}

void Mvex(ByteWriter& out) {
  const BoxScope mvex(out, FourCc("mvex"));
  const BoxScope trex(out, FourCc("trex"));
  AppendVersionAndFlags(out, 0, 0);
  out.U32(kTrackId);
  out.U32(1);  // sample description
  out.Zeros(12);
}

template <class Rest>
std::vector<std::uint8_t> InitSegment(const StreamFormat& format, Rest rest_of_moov) {
  ByteWriter out;
  Ftyp(out, CodecBoxesOf(format.codec));
  {
    const BoxScope moov(out, FourCc("moov"));
    Mvhd(out);
    Trak(out, format);
    Mvex(out);
    rest_of_moov(out);
  }
  return out.Take();
}

}  // namespace

BoxScope::BoxScope(ByteWriter& out, std::uint32_t type) : out_(out), start_(out.size()) {
  out_.U32(0);
  out_.U32(type);
}

BoxScope::BoxScope(ByteWriter& out, const BoxUuid& uuid) : BoxScope(out, FourCc("uuid")) {
  out_.Bytes(uuid);
}

BoxScope::~BoxScope() { out_.PatchU32(start_, static_cast<std::uint32_t>(out_.size() - start_)); }

void AppendVersionAndFlags(ByteWriter& out, std::uint8_t version, std::uint32_t flags) {
  out.U32(static_cast<std::uint32_t>(version) << 24 | flags);
}

void AppendUnityMatrix(ByteWriter& out) {
  for (const std::uint32_t value : {0x10000U, 0U, 0U, 0U, 0x10000U, 0U, 0U, 0U, 0x40000000U}) {
    out.U32(value);
  }
}

void AppendVideoHandler(ByteWriter& out) {
  const BoxScope box(out, FourCc("hdlr"));
  AppendVersionAndFlags(out, 0, 0);
  out.U32(0);
  out.Text("vide");
  out.Zeros(12 + 1);  // reserved, empty name
}

void AppendVideoMediaHeaders(ByteWriter& out) {
  {
    const BoxScope vmhd(out, FourCc("vmhd"));
    AppendVersionAndFlags(out, 0, 1);
    out.Zeros(8);
  }
  const BoxScope dinf(out, FourCc("dinf"));
  const BoxScope dref(out, FourCc("dref"));
  AppendVersionAndFlags(out, 0, 0);
  out.U32(1);
  const BoxScope url(out, FourCc("url "));
  AppendVersionAndFlags(out, 0, 1);  // in this file
}

std::vector<std::uint8_t> BuildInitSegment(const StreamFormat& format) {
  return InitSegment(format, [](ByteWriter&) {});
}

std::vector<std::uint8_t> BuildInitSegment(const StreamFormat& format,
                                           std::uint32_t followed_by_bytes) {
  return InitSegment(format, [&](ByteWriter& out) {
    const BoxScope free(out, FourCc("free"));
    out.Zeros(BytesToWholePages(out.size() + followed_by_bytes));
  });
}

Result<BoxHeader> ReadBoxHeader(ByteView bytes) {
  ByteReader in(bytes);
  BoxHeader header;
  header.size_bytes = in.U32();
  header.type = in.U32();
  header.header_bytes = 8;
  if (header.size_bytes == 1) {
    header.size_bytes = in.U64();
    header.header_bytes += 8;
  }
  if (header.type == FourCc("uuid")) {
    const ByteView uuid = in.Bytes(header.uuid.size());
    std::copy(uuid.begin(), uuid.end(), header.uuid.begin());
    header.header_bytes += 16;
  }
  if (!in.ok()) return Failure(ErrorCode::kOutOfRange, "a box header cut short");
  if (header.size_bytes < header.header_bytes) {
    return Failure(ErrorCode::kDataLoss, "a box smaller than its header");
  }
  return header;
}

std::optional<FoundBox> FindBox(ByteView boxes, std::uint32_t type) {
  while (!boxes.empty()) {
    const auto header = ReadBoxHeader(boxes);
    if (!header.has_value() || header->size_bytes > boxes.size()) return std::nullopt;
    const ByteView whole = boxes.first(static_cast<std::size_t>(header->size_bytes));
    if (header->type == type) return FoundBox{whole, whole.subspan(header->header_bytes)};
    boxes = boxes.subspan(whole.size());
  }
  return std::nullopt;
}

Result<StreamFormat> ReadStreamFormat(ByteView init_segment) {
  ByteView at = init_segment;
  for (const std::uint32_t type : {FourCc("moov"), FourCc("trak"), FourCc("mdia"), FourCc("minf"),
                                   FourCc("stbl"), FourCc("stsd")}) {
    const auto box = FindBox(at, type);
    if (!box) return Failure(ErrorCode::kDataLoss, "an init segment without a sample description");
    at = box->payload;
  }
  constexpr std::size_t kStsdFixedBytes = 8;
  constexpr std::size_t kVisualEntryBytes = 78;
  constexpr std::size_t kDimensionsAt = 24;
  const ByteView entries = at.subspan(std::min(at.size(), kStsdFixedBytes));
  for (const CodecBoxes& codec : AllCodecBoxes()) {
    const auto entry = FindBox(entries, codec.sample_entry);
    if (!entry || entry->payload.size() <= kVisualEntryBytes) continue;
    StreamFormat format;
    ByteReader dimensions(entry->payload.subspan(kDimensionsAt));
    format.width_px = dimensions.U16();
    format.height_px = dimensions.U16();
    const auto record = FindBox(entry->payload.subspan(kVisualEntryBytes), codec.configuration);
    if (record && codec.parse_configuration(record->payload, format)) return format;
  }
  return Failure(ErrorCode::kDataLoss, "an init segment without a codec's configuration");
}

}  // namespace yagura::storage
