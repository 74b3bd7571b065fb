#include "storage/clip_reader.h"

#include <algorithm>
#include <array>

#include "core/crc32c.h"
#include "storage/clip_identity.h"
#include "storage/complete_until.h"
#include "storage/fragment.h"
#include "storage/mp4_boxes.h"

namespace yagura::storage {
namespace {

constexpr std::uint64_t kHeadBytesMax = 512 * 1024;  // an SPS and a PPS of 64 KiB each, and plenty
constexpr std::uint64_t kMoofBytesMax = 1024 * 1024;
constexpr std::size_t kHashPieceBytes = 1024 * 1024;

/// Exactly `size_bytes` from `offset`; kOutOfRange where the file ends before.
Result<std::vector<std::uint8_t>> ReadExactly(const File& file, std::uint64_t offset,
                                              std::uint64_t size_bytes) {
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>(size_bytes));
  ASSIGN_OR_RETURN(const std::size_t read, file.Read(offset, bytes));
  if (read < bytes.size()) return Failure(ErrorCode::kOutOfRange, "the file ends too early");
  return bytes;
}

Result<BoxHeader> ReadHeaderAt(const File& file, std::uint64_t offset, std::uint64_t limit) {
  if (offset >= limit) return Failure(ErrorCode::kOutOfRange, "no box: the file ends");
  std::array<std::uint8_t, kBoxHeaderBytesMax> buffer{};
  ASSIGN_OR_RETURN(const std::size_t read, file.Read(offset, buffer));
  const auto usable = std::min<std::uint64_t>(read, limit - offset);
  ASSIGN_OR_RETURN(const BoxHeader header,
                   ReadBoxHeader(ByteView(buffer).first(static_cast<std::size_t>(usable))));
  if (header.size_bytes > limit - offset) {
    return Failure(ErrorCode::kOutOfRange, "a box that goes on behind the end of the file");
  }
  return header;
}

/// A box of this type at `offset`, no longer than `size_max_bytes`.
Result<std::vector<std::uint8_t>> ReadBox(const File& file, std::uint64_t offset,
                                          std::uint64_t limit, std::uint32_t type,
                                          std::uint64_t size_max_bytes) {
  ASSIGN_OR_RETURN(const BoxHeader header, ReadHeaderAt(file, offset, limit));
  if (header.type != type || header.size_bytes > size_max_bytes) {
    return Failure(ErrorCode::kDataLoss, "another box than expected");
  }
  return ReadExactly(file, offset, header.size_bytes);
}

/// Adds a fragment and its samples behind what `index` has.
void Add(ClipIndex& index, std::uint32_t moof_bytes, std::span<const Sample> samples,
         MediaTime first_dts) {
  IndexedFragment fragment{.offset_bytes = index.fragments_end,
                           .moof_bytes = moof_bytes,
                           .size_bytes = std::uint64_t{moof_bytes} + kMdatHeaderBytes,
                           .samples = static_cast<std::uint32_t>(samples.size())};
  MediaTime dts = first_dts;
  for (const Sample& sample : samples) {
    index.samples.push_back({.offset_bytes = fragment.offset_bytes + fragment.size_bytes,
                             .size_bytes = sample.size_bytes,
                             .duration_90k = sample.duration_90k,
                             .composition_90k = sample.composition_90k,
                             .keyframe = sample.keyframe,
                             .dts = dts});
    fragment.size_bytes += sample.size_bytes;
    dts.ticks_90k += sample.duration_90k;
  }
  index.fragments_end += fragment.size_bytes;
  index.fragments.push_back(fragment);
}

struct FoundTrailer {
  ClipTrailer trailer;
  std::uint64_t offset_bytes = 0;
};

Result<FoundTrailer> ReadTrailer(const File& file, std::uint64_t bytes) {
  if (bytes < kTrailerFooterBytes) return Failure(ErrorCode::kNotFound, "no trailer");
  ASSIGN_OR_RETURN(const auto footer,
                   ReadExactly(file, bytes - kTrailerFooterBytes, kTrailerFooterBytes));
  ASSIGN_OR_RETURN(const std::uint32_t size_bytes, TrailerBytes(footer));
  if (size_bytes > bytes) return Failure(ErrorCode::kDataLoss, "a trailer longer than its file");
  ASSIGN_OR_RETURN(const auto box, ReadExactly(file, bytes - size_bytes, size_bytes));
  ASSIGN_OR_RETURN(ClipTrailer trailer, ParseTrailer(box));
  return FoundTrailer{std::move(trailer), bytes - size_bytes};
}

/// Fills `index` from its trailer, read from a file of `bytes`. False where the trailer does not
/// fit the file.
bool FillFromTrailer(ClipIndex& index, const ClipTrailer& trailer, std::uint64_t trailer_offset) {
  if (trailer.fragments_offset != index.fragments_offset) return false;
  std::span<const Sample> samples(trailer.samples);
  MediaTime dts = trailer.first_dts;
  for (const auto& fragment : trailer.fragments) {
    const auto own = samples.first(fragment.samples);
    Add(index, fragment.moof_bytes, own, dts);
    samples = samples.subspan(fragment.samples);
    for (const Sample& sample : own) dts.ticks_90k += sample.duration_90k;
  }
  return index.fragments_end == trailer_offset;
}

/// Adds the fragment at the end of what `index` has. False where none that is whole lies there.
Result<bool> AddNextFragment(const File& file, std::uint64_t bytes, ClipIndex& index) {
  const std::uint64_t offset = index.fragments_end;
  const auto box = ReadBox(file, offset, bytes, FourCc("moof"), kMoofBytesMax);
  if (!box.has_value()) {
    const ErrorCode code = box.error().code();
    if (code == ErrorCode::kDataLoss || code == ErrorCode::kOutOfRange) return false;
    return Failure(box.error());
  }
  const auto moof = ParseMoof(*box);
  if (!moof.has_value()) return false;
  const auto mdat = ReadHeaderAt(file, offset + box->size(), bytes);
  if (!mdat.has_value() || mdat->type != FourCc("mdat") ||
      mdat->size_bytes != std::uint64_t{moof->media_bytes} + kMdatHeaderBytes) {
    return false;
  }
  Add(index, static_cast<std::uint32_t>(box->size()), moof->samples, moof->first_dts);
  return true;
}

}  // namespace

Result<ClipHead> ReadClipHead(const File& file) {
  const auto damaged = [](const Error& why) {
    return Failure(ErrorCode::kDataLoss, "no clip file: " + why.message());
  };
  ASSIGN_OR_RETURN(const std::uint64_t bytes, file.Size());
  const auto ftyp = ReadHeaderAt(file, 0, bytes);
  if (!ftyp.has_value()) return damaged(ftyp.error());
  if (ftyp->type != FourCc("ftyp") || ftyp->size_bytes > kHeadBytesMax) {
    return Failure(ErrorCode::kDataLoss, "no clip file: it doesn't begin with ftyp");
  }
  const auto moov = ReadBox(file, ftyp->size_bytes, bytes, FourCc("moov"), kHeadBytesMax);
  if (!moov.has_value()) return damaged(moov.error());
  ClipHead head;
  head.header_bytes = static_cast<std::uint32_t>(ftyp->size_bytes + moov->size());
  head.fragments_offset = head.header_bytes + kIdentityBoxBytes;
  const auto box = ReadBox(file, head.header_bytes, bytes, FourCc("uuid"), kIdentityBoxBytes);
  if (!box.has_value()) return damaged(box.error());
  ASSIGN_OR_RETURN(head.identity, ParseIdentityBox(*box));
  ASSIGN_OR_RETURN(head.init_segment, ReadExactly(file, 0, head.header_bytes));
  ASSIGN_OR_RETURN(head.format, ReadStreamFormat(head.init_segment));
  return head;
}

Result<ClipIndex> ReadClipIndex(const File& file, std::uint64_t bytes) {
  ASSIGN_OR_RETURN(const std::uint64_t file_bytes, file.Size());
  bytes = std::min(bytes, file_bytes);
  ASSIGN_OR_RETURN(const ClipHead head, ReadClipHead(file));
  ClipIndex index;
  index.header_bytes = head.header_bytes;
  index.fragments_offset = head.fragments_offset;
  index.fragments_end = head.fragments_offset;
  index.identity = head.identity;
  ClipIndex from_trailer = index;
  if (auto found = ReadTrailer(file, bytes);
      found.has_value() && FillFromTrailer(from_trailer, found->trailer, found->offset_bytes)) {
    from_trailer.trailer = std::move(found->trailer);
    return from_trailer;
  }
  for (bool more = true; more;) {
    ASSIGN_OR_RETURN(more, AddNextFragment(file, bytes, index));
  }
  return index;
}

bool IsWholeFragment(ByteView bytes, const IndexedFragment& fragment) {
  const auto moof = ParseMoof(bytes.first(fragment.moof_bytes));
  if (!moof.has_value()) return false;
  const std::uint32_t crc = Crc32c(bytes.first(moof->checksum_at));
  return Crc32c(bytes.subspan(moof->checksum_at + 4), crc) == moof->checksum;
}

namespace {

/// Reads a clip from its front to its end, and hashes it.
class HashingReader {
 public:
  explicit HashingReader(const File& file) : file_(file) {}

  /// Up to `end`.
  [[nodiscard]] Result<void> HashUpTo(std::uint64_t end) {
    while (at_ < end) {
      const std::uint64_t size = std::min<std::uint64_t>(kHashPieceBytes, end - at_);
      ASSIGN_OR_RETURN(const ByteView piece, Peek(size));
      Hash(piece);
    }
    return {};
  }
  /// The next bytes, which stay the next until they are hashed; valid until the next call.
  [[nodiscard]] Result<ByteView> Peek(std::uint64_t size_bytes) {
    const auto size = static_cast<std::size_t>(size_bytes);
    if (buffer_.size() < size) buffer_.resize(size);
    ASSIGN_OR_RETURN(const std::size_t read, file_.Read(at_, std::span(buffer_).first(size)));
    if (read < size) return Failure(ErrorCode::kDataLoss, "a clip file shrinks while it is read");
    return ByteView(buffer_).first(size);
  }
  void Hash(ByteView next) {
    hash_.Update(next);
    at_ += next.size();
  }
  [[nodiscard]] Sha256Digest Finish() { return hash_.Finish(); }

 private:
  const File& file_;
  std::uint64_t at_ = 0;
  std::vector<std::uint8_t> buffer_;
  Sha256 hash_;
};

}  // namespace

Result<bool> FragmentIsWhole(const File& file, const IndexedFragment& fragment,
                             std::vector<std::uint8_t>& buffer) {
  const auto size = static_cast<std::size_t>(fragment.size_bytes);
  if (buffer.size() < size) buffer.resize(size);
  const auto bytes = std::span(buffer).first(size);
  ASSIGN_OR_RETURN(const std::size_t read, file.Read(fragment.offset_bytes, bytes));
  if (read < size) return Failure(ErrorCode::kOutOfRange, "the file ends too early");
  return IsWholeFragment(bytes, fragment);
}

Result<ClipContents> ReadClipContents(const File& file, const ClipIndex& index, std::uint64_t bytes,
                                      AtDamage at_damage) {
  ClipContents contents;
  HashingReader reader(file);
  for (std::size_t i = 0; i < index.fragments.size(); ++i) {
    const IndexedFragment& fragment = index.fragments[i];
    RETURN_IF_ERROR(reader.HashUpTo(fragment.offset_bytes));
    ASSIGN_OR_RETURN(const ByteView next, reader.Peek(fragment.size_bytes));
    if (!IsWholeFragment(next, fragment)) {
      contents.damaged.push_back(i);
      if (at_damage == AtDamage::kStop) {
        contents.sha256 = reader.Finish();
        return contents;
      }
    }
    reader.Hash(next);
  }
  RETURN_IF_ERROR(reader.HashUpTo(bytes));
  contents.sha256 = reader.Finish();
  return contents;
}

Result<Sha256Digest> ClipSha256(const File& file, std::uint64_t bytes) {
  HashingReader reader(file);
  RETURN_IF_ERROR(reader.HashUpTo(bytes));
  return reader.Finish();
}

WallTime ClipIndex::CapturedAt(const IndexedSample& sample) const {
  const MediaTime pts{sample.dts.ticks_90k + sample.composition_90k};
  return identity.wall_start + Between(identity.media_start, pts);
}

MediaTime ClipIndex::MediaEnd() const {
  if (samples.empty()) return identity.media_start;
  const IndexedSample& last = samples.back();
  const MediaTime next_dts{last.dts.ticks_90k + last.duration_90k};
  const MediaTime bound = std::max(next_dts, identity.media_start);
  std::vector<MediaTime> ahead;
  for (const IndexedSample& sample : samples) {
    const MediaTime pts{sample.dts.ticks_90k + sample.composition_90k};
    if (pts >= bound) ahead.push_back(pts);
  }
  return CompleteUntil(bound, std::move(ahead), last.duration_90k);
}

std::vector<ClipKeyframe> KeyframesOf(const ClipIndex& index) {
  std::vector<ClipKeyframe> keyframes;
  std::size_t first = 0;
  for (const IndexedFragment& fragment : index.fragments) {
    if (first >= index.samples.size()) break;
    const IndexedSample& sample = index.samples[first];
    if (sample.keyframe) {
      keyframes.push_back(
          {fragment.offset_bytes, MediaTime{sample.dts.ticks_90k + sample.composition_90k}});
    }
    first += fragment.samples;
  }
  return keyframes;
}

}  // namespace yagura::storage
