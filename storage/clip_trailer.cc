#include "storage/clip_trailer.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "core/check.h"
#include "core/crc32c.h"
#include "storage/mp4_boxes.h"

namespace yagura::storage {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::array<std::uint8_t, 8> kMark = {'y', 'g', 't', 'r', 'a', 'i', 'l', '1'};
constexpr std::uint32_t kSamplesMax = 1'000'000;

void WriteColumns(ByteWriter& out, const std::vector<Sample>& samples) {
  for (const Sample& sample : samples) out.Varint(sample.size_bytes);
  std::int64_t before = 0;
  for (const Sample& sample : samples) {
    out.SignedVarint(sample.duration_90k - before);
    before = sample.duration_90k;
  }
  const bool reordered = std::any_of(samples.begin(), samples.end(),
                                     [](const Sample& s) { return s.composition_90k != 0; });
  out.U8(reordered ? 1 : 0);
  before = 0;
  for (const Sample& sample : samples) {
    if (!reordered) break;
    out.SignedVarint(sample.composition_90k - before);
    before = sample.composition_90k;
  }
}

/// How many keyframes there are, and before each how many other frames since the last.
void WriteKeyframes(ByteWriter& out, const std::vector<Sample>& samples) {
  const auto is_keyframe = [](const Sample& sample) { return sample.keyframe; };
  out.Varint(
      static_cast<std::uint64_t>(std::count_if(samples.begin(), samples.end(), is_keyframe)));
  std::uint64_t others = 0;
  for (const Sample& sample : samples) {
    if (sample.keyframe)
      out.Varint(std::exchange(others, 0));
    else
      ++others;
  }
}

/// A number that fits `Number`, or the reader fails.
template <class Number>
Number Narrowed(ByteReader& in, std::int64_t value) {
  if (value < std::int64_t{std::numeric_limits<Number>::min()} ||
      value > std::int64_t{std::numeric_limits<Number>::max()}) {
    in.Fail();
    return 0;
  }
  return static_cast<Number>(value);
}

std::uint32_t ReadSmall(ByteReader& in) {
  return Narrowed<std::uint32_t>(in, static_cast<std::int64_t>(in.Varint()));
}

void ReadColumns(ByteReader& in, std::vector<Sample>& samples) {
  for (Sample& sample : samples) sample.size_bytes = ReadSmall(in);
  std::int64_t value = 0;
  for (Sample& sample : samples) {
    value += Narrowed<std::int32_t>(in, in.SignedVarint());
    sample.duration_90k = Narrowed<std::uint32_t>(in, value);
  }
  const bool reordered = in.U8() != 0;
  value = 0;
  for (Sample& sample : samples) {
    if (!reordered) break;
    value += in.SignedVarint();
    sample.composition_90k = Narrowed<std::int32_t>(in, value);
  }
}

void ReadKeyframes(ByteReader& in, std::vector<Sample>& samples) {
  std::uint64_t index = 0;
  for (std::uint64_t left = in.Varint(); left > 0 && in.ok(); --left) {
    const std::uint64_t others = in.Varint();
    if (others >= samples.size() || index + others >= samples.size()) return in.Fail();
    index += others;
    samples[static_cast<std::size_t>(index++)].keyframe = true;
  }
}

std::uint64_t SampleCount(const ClipTrailer& trailer) {
  std::uint64_t count = 0;
  for (const auto& fragment : trailer.fragments) count += fragment.samples;
  return count;
}

}  // namespace

void ClipTrailer::Add(std::uint32_t moof_bytes, std::span<const Sample> more) {
  fragments.push_back(
      {.samples = static_cast<std::uint32_t>(more.size()), .moof_bytes = moof_bytes});
  samples.insert(samples.end(), more.begin(), more.end());
}

std::vector<std::uint8_t> BuildTrailer(const ClipTrailer& trailer) {
  CHECK(SampleCount(trailer) == trailer.samples.size());
  ByteWriter out;
  out.Reserve(128 + 4 * trailer.samples.size());
  {
    const BoxScope box(out, kTrailerUuid);
    out.U8(kVersion);
    out.U8(static_cast<std::uint8_t>(trailer.ended_by));
    out.U16(0);
    out.U64(trailer.fragments_offset);
    out.I64(trailer.first_dts.ticks_90k);
    out.I64(trailer.media_end.ticks_90k);
    out.I64(trailer.wall_end.time_since_epoch().count());
    out.U32(static_cast<std::uint32_t>(trailer.fragments.size()));
    out.U32(static_cast<std::uint32_t>(trailer.samples.size()));
    for (const auto& fragment : trailer.fragments) {
      out.Varint(fragment.samples);
      out.Varint(fragment.moof_bytes);
    }
    WriteColumns(out, trailer.samples);
    WriteKeyframes(out, trailer.samples);
    out.Zeros(kTrailerFooterBytes);
  }
  const std::size_t footer_at = out.size() - kTrailerFooterBytes;
  out.PatchU32(footer_at, Crc32c(out.view().first(footer_at)));
  out.PatchU32(footer_at + 4, static_cast<std::uint32_t>(out.size()));
  std::vector<std::uint8_t> box = out.Take();
  std::copy(kMark.begin(), kMark.end(), box.end() - kMark.size());
  return box;
}

Result<std::uint32_t> TrailerBytes(ByteView footer) {
  ByteReader in(footer);
  (void)in.U32();  // the checksum is checked with the whole box
  const std::uint32_t size_bytes = in.U32();
  const ByteView mark = in.Bytes(kMark.size());
  const bool ours = std::equal(mark.begin(), mark.end(), kMark.begin(), kMark.end());
  if (!ours || size_bytes < kTrailerFooterBytes || size_bytes > kTrailerBytesMax) {
    return Failure(ErrorCode::kNotFound, "no trailer");
  }
  return size_bytes;
}

Result<ClipTrailer> ParseTrailer(ByteView box) {
  const auto damaged = [] { return Failure(ErrorCode::kDataLoss, "a damaged trailer"); };
  const auto header = ReadBoxHeader(box);
  if (!header.has_value() || header->size_bytes != box.size() || header->uuid != kTrailerUuid ||
      box.size() < header->header_bytes + kTrailerFooterBytes) {
    return damaged();
  }
  const ByteView body = box.first(box.size() - kTrailerFooterBytes);
  ByteReader footer(box.last(kTrailerFooterBytes));
  if (footer.U32() != Crc32c(body)) return damaged();
  ByteReader in(body.subspan(header->header_bytes));
  const std::uint8_t version = in.U8();
  const std::uint8_t ended_by = in.U8();
  (void)in.U16();  // reserved
  ClipTrailer trailer;
  trailer.ended_by = static_cast<ClipEnd>(ended_by);
  trailer.fragments_offset = in.U64();
  trailer.first_dts = MediaTime{in.I64()};
  trailer.media_end = MediaTime{in.I64()};
  trailer.wall_end = WallTime(microseconds(in.I64()));
  const std::uint32_t fragments = in.U32();
  const std::uint32_t samples = in.U32();
  // Each fragment takes two bytes at least, each sample two: more can't be there, whatever the
  // counts say.
  if (!IsPlausible(trailer.first_dts) || !IsPlausible(trailer.media_end) ||
      !IsPlausible(trailer.wall_end)) {
    in.Fail();
  }
  if (version != kVersion || ended_by > static_cast<std::uint8_t>(ClipEnd::kCondemned) ||
      samples > kSamplesMax ||
      std::uint64_t{fragments} * 2 + std::uint64_t{samples} * 2 > in.remaining()) {
    return damaged();
  }
  trailer.fragments.resize(fragments);
  for (auto& fragment : trailer.fragments) {
    fragment.samples = ReadSmall(in);
    fragment.moof_bytes = ReadSmall(in);
  }
  trailer.samples.resize(samples);
  ReadColumns(in, trailer.samples);
  ReadKeyframes(in, trailer.samples);
  if (!in.ok() || in.remaining() != 0 || SampleCount(trailer) != samples) return damaged();
  return trailer;
}

}  // namespace yagura::storage
