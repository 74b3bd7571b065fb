// What the reader of clip files makes of any bytes. Checksums are put right first where there is a
// place for one, so that what lies behind them is reached.
#include <algorithm>

#include "core/check.h"
#include "core/crc32c.h"
#include "storage/clip_identity.h"
#include "storage/clip_reader.h"
#include "storage/clip_trailer.h"
#include "storage/recovery.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/support/memory_files.h"

namespace yagura::storage {
namespace {

using Bytes = std::vector<std::uint8_t>;

void PutU32(Bytes& bytes, std::size_t at, std::uint32_t value) {
  for (std::size_t i = 0; i < 4; ++i)
    bytes[at + i] = static_cast<std::uint8_t>(value >> (24 - 8 * i));
}

/// A trailer at the end of `bytes`, if its length fits, gets the checksum that it ought to have.
void RepairTrailer(Bytes& bytes) {
  if (bytes.size() < kTrailerFooterBytes) return;
  const auto size_bytes = TrailerBytes(ByteView(bytes).last(kTrailerFooterBytes));
  if (!size_bytes.has_value() || *size_bytes > bytes.size()) return;
  const ByteView box = ByteView(bytes).last(*size_bytes);
  PutU32(bytes, bytes.size() - kTrailerFooterBytes,
         Crc32c(box.first(box.size() - kTrailerFooterBytes)));
}

/// So does an identity box that starts where `uuid` first stands.
void RepairIdentity(Bytes& bytes) {
  const auto uuid =
      std::search(bytes.begin(), bytes.end(), kIdentityUuid.begin(), kIdentityUuid.end());
  const auto start = uuid - bytes.begin() - 8;
  if (uuid == bytes.end() || start < 0) return;
  const auto from = static_cast<std::size_t>(start);
  if (from + kIdentityBoxBytes > bytes.size()) return;
  PutU32(bytes, from + kIdentityBoxBytes - 4,
         Crc32c(ByteView(bytes).subspan(from, kIdentityBoxBytes - 4)));
}

void CheckIndex(const ClipIndex& index, std::uint64_t bytes) {
  CHECK(index.header_bytes < index.fragments_offset &&
        index.fragments_offset <= index.fragments_end);
  CHECK(index.fragments_end <= bytes);
  std::uint64_t samples = 0;
  std::uint64_t end = index.fragments_offset;
  for (const IndexedFragment& fragment : index.fragments) {
    CHECK(fragment.offset_bytes == end);
    end += fragment.size_bytes;
    samples += fragment.samples;
  }
  CHECK(end == index.fragments_end);
  CHECK(samples == index.samples.size());
  for (const IndexedSample& sample : index.samples) {
    CHECK(sample.offset_bytes + sample.size_bytes <= index.fragments_end);
  }
  (void)index.MediaEnd();
  (void)KeyframesOf(index);
}

/// One reading of the whole finds the fragments damaged that looking at each does.
void CheckContents(const File& file, const ClipIndex& index, std::uint64_t bytes) {
  std::vector<std::size_t> damaged;
  std::vector<std::uint8_t> buffer;
  for (std::size_t i = 0; i < index.fragments.size(); ++i) {
    const auto whole = FragmentIsWhole(file, index.fragments[i], buffer);
    CHECK(whole.has_value());
    if (!*whole) damaged.push_back(i);
  }
  const auto contents = ReadClipContents(file, index, bytes, AtDamage::kGoOn);
  CHECK(contents.has_value() && contents->damaged == damaged);
}

}  // namespace
}  // namespace yagura::storage

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace yagura::storage;
  std::vector<std::uint8_t> bytes(data, data + size);
  RepairTrailer(bytes);
  RepairIdentity(bytes);
  yagura::testing::MemoryFiles files;
  files.Put("/clip.mp4", bytes);
  {
    const auto file = *files.OpenToRead("/clip.mp4");
    const auto index = ReadClipIndex(*file, bytes.size());
    if (!index.has_value()) return 0;
    CheckIndex(*index, bytes.size());
    CheckContents(*file, *index, bytes.size());
  }
  const auto head = ReadClipHead(**files.OpenToRead("/clip.mp4"));
  CHECK(head.has_value());
  const auto salvaged = SalvageClip(files, "/clip.mp4", head->identity);
  if (!salvaged.has_value() || salvaged->is_void) return 0;
  CHECK(FinishSalvaged(files, *salvaged).has_value());
  const auto after = files.Contents().at("/clip.mp4");
  const auto again = ReadClipIndex(**files.OpenToRead("/clip.mp4"), after.size());
  CHECK(again.has_value() && again->samples.size() == salvaged->index.samples.size());
  return 0;
}
