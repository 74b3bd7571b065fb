#include "storage/fragment.h"

#include <algorithm>

#include "core/check.h"
#include "core/crc32c.h"
#include "storage/files.h"
#include "storage/mp4_boxes.h"

namespace yagura::storage {
namespace {

constexpr std::uint32_t kDefaultBaseIsMoof = 0x020000;
// Data offset, then per sample duration, size, flags, composition offset; version 1: the last is
// signed.
constexpr std::uint32_t kTrunFlags = 0x000001 | 0x000100 | 0x000200 | 0x000400 | 0x000800;
constexpr std::uint32_t kTrunVersion1 = 0x01000000;
constexpr std::uint32_t kTfdtVersion1 = 0x01000000;
constexpr std::uint32_t kSyncSampleFlags = 0x02000000;     // depends on no other
constexpr std::uint32_t kNonSyncSampleFlags = 0x01010000;  // depends on others, is no sync sample

constexpr std::uint32_t kMfhdBytes = 16;
constexpr std::uint32_t kTfhdBytes = 16;
constexpr std::uint32_t kTfdtBytes = 20;
constexpr std::uint32_t kTrunFixedBytes = 20;
constexpr std::uint32_t kTrunSampleBytes = 16;
constexpr std::uint32_t kChecksumBoxBytes = 28;
constexpr std::uint32_t kFixedBytes =
    8 + kMfhdBytes + 8 + kTfhdBytes + kTfdtBytes + kTrunFixedBytes + kChecksumBoxBytes;

void Mfhd(ByteWriter& out, std::uint32_t sequence) {
  const BoxScope box(out, FourCc("mfhd"));
  out.U32(0);
  out.U32(sequence);
}

void Tfhd(ByteWriter& out) {
  const BoxScope box(out, FourCc("tfhd"));
  out.U32(kDefaultBaseIsMoof);
  out.U32(kTrackId);
}

void Tfdt(ByteWriter& out, MediaTime first_dts) {
  const BoxScope box(out, FourCc("tfdt"));
  out.U32(kTfdtVersion1);
  out.I64(first_dts.ticks_90k);
}

void Trun(ByteWriter& out, const Fragment& fragment) {
  const BoxScope box(out, FourCc("trun"));
  out.U32(kTrunVersion1 | kTrunFlags);
  out.U32(static_cast<std::uint32_t>(fragment.samples.size()));
  out.U32(fragment.moof_bytes + kMdatHeaderBytes);
  for (const Sample& sample : fragment.samples) {
    out.U32(sample.duration_90k);
    out.U32(sample.size_bytes);
    out.U32(sample.keyframe ? kSyncSampleFlags : kNonSyncSampleFlags);
    out.I32(sample.composition_90k);
  }
}

/// What lets a fragment that is worth it end at a whole page, where it begins at one.
std::uint32_t PaddingOf(std::uint64_t size_bytes) {
  return size_bytes < kLargeWriteBytes ? 0 : BytesToWholePages(size_bytes);
}

/// Takes a box of exactly this type and size from `in`; its payload is read next.
void ExpectBox(ByteReader& in, std::uint32_t size_bytes, std::uint32_t type) {
  const bool as_expected = in.U32() == size_bytes && in.U32() == type;
  if (!as_expected) in.Fail();
}

void Expect(ByteReader& in, std::uint32_t value) {
  if (in.U32() != value) in.Fail();
}

void ParseSamples(ByteReader& in, std::uint32_t count, ParsedMoof& moof) {
  moof.samples.reserve(count);
  std::uint64_t media_bytes = 0;
  for (std::uint32_t i = 0; i < count && in.ok(); ++i) {
    Sample sample;
    sample.duration_90k = in.U32();
    sample.size_bytes = in.U32();
    const std::uint32_t flags = in.U32();
    sample.keyframe = flags == kSyncSampleFlags;
    if (!sample.keyframe && flags != kNonSyncSampleFlags) in.Fail();
    sample.composition_90k = in.I32();
    media_bytes += sample.size_bytes;
    moof.samples.push_back(sample);
  }
  if (media_bytes > UINT32_MAX - kMdatHeaderBytes) in.Fail();
  moof.media_bytes = static_cast<std::uint32_t>(media_bytes);
}

}  // namespace

std::uint32_t MoofBytes(std::size_t samples) {
  return kFixedBytes + kTrunSampleBytes * static_cast<std::uint32_t>(samples);
}

void FinishFragment(Fragment& fragment, std::uint32_t sequence, std::uint32_t media_crc) {
  std::uint64_t media_bytes = 0;
  for (const Sample& sample : fragment.samples) media_bytes += sample.size_bytes;
  const std::uint32_t bare_bytes = MoofBytes(fragment.samples.size());
  const std::uint32_t padding_bytes = PaddingOf(bare_bytes + kMdatHeaderBytes + media_bytes);
  fragment.moof_bytes = bare_bytes + padding_bytes;
  ByteWriter out;
  out.Reserve(fragment.moof_bytes + kMdatHeaderBytes);
  {
    const BoxScope moof(out, FourCc("moof"));
    Mfhd(out, sequence);
    {
      const BoxScope traf(out, FourCc("traf"));
      Tfhd(out);
      Tfdt(out, fragment.first_dts);
      Trun(out, fragment);
    }
    const BoxScope checksum(out, kChecksumUuid);
    out.Zeros(padding_bytes);
    out.U32(0);
  }
  CHECK(out.size() == fragment.moof_bytes);
  const std::size_t checksum_at = out.size() - 4;
  out.U32(static_cast<std::uint32_t>(media_bytes + kMdatHeaderBytes));
  out.U32(FourCc("mdat"));
  const ByteView head = out.view();
  const std::uint32_t head_crc =
      Crc32c(head.subspan(checksum_at + 4), Crc32c(head.first(checksum_at)));
  out.PatchU32(checksum_at, JoinCrc32c(head_crc, media_crc, media_bytes));
  fragment.size_bytes = out.size() + media_bytes;
  fragment.head = out.Take();
}

Result<ParsedMoof> ParseMoof(ByteView bytes) {
  constexpr std::uint32_t kTrafFixedBytes = 8 + kTfhdBytes + kTfdtBytes + kTrunFixedBytes;
  const auto size_bytes = static_cast<std::uint32_t>(bytes.size());
  ParsedMoof moof;
  ByteReader in(bytes);
  ExpectBox(in, size_bytes, FourCc("moof"));
  ExpectBox(in, kMfhdBytes, FourCc("mfhd"));
  Expect(in, 0);
  moof.sequence = in.U32();
  const std::uint32_t traf_bytes = in.U32();
  Expect(in, FourCc("traf"));
  if (traf_bytes <= kTrafFixedBytes || (traf_bytes - kTrafFixedBytes) % kTrunSampleBytes != 0 ||
      traf_bytes > size_bytes) {
    return Failure(ErrorCode::kDataLoss, "a traf of a size that we don't write");
  }
  const std::uint32_t samples = (traf_bytes - kTrafFixedBytes) / kTrunSampleBytes;
  ExpectBox(in, kTfhdBytes, FourCc("tfhd"));
  Expect(in, kDefaultBaseIsMoof);
  Expect(in, kTrackId);
  ExpectBox(in, kTfdtBytes, FourCc("tfdt"));
  Expect(in, kTfdtVersion1);
  moof.first_dts = MediaTime{in.I64()};
  if (!IsPlausible(moof.first_dts)) in.Fail();
  ExpectBox(in, kTrunFixedBytes + kTrunSampleBytes * samples, FourCc("trun"));
  Expect(in, kTrunVersion1 | kTrunFlags);
  Expect(in, samples);
  Expect(in, size_bytes + kMdatHeaderBytes);
  ParseSamples(in, samples, moof);
  if (size_bytes < MoofBytes(samples)) in.Fail();
  const std::uint32_t padding_bytes = in.ok() ? size_bytes - MoofBytes(samples) : 0;
  ExpectBox(in, kChecksumBoxBytes + padding_bytes, FourCc("uuid"));
  const ByteView uuid = in.Bytes(kChecksumUuid.size());
  if (!std::equal(uuid.begin(), uuid.end(), kChecksumUuid.begin(), kChecksumUuid.end())) in.Fail();
  (void)in.Bytes(padding_bytes);
  moof.checksum_at = size_bytes - 4;
  moof.checksum = in.U32();
  if (!in.ok()) return Failure(ErrorCode::kDataLoss, "a moof that we didn't write");
  return moof;
}

}  // namespace yagura::storage
