#include <gmock/gmock.h>

#include "storage/clip_identity.h"
#include "storage/clip_path.h"
#include "storage/clip_reader.h"
#include "storage/clip_trailer.h"
#include "storage/fragment_builder.h"
#include "storage/hex.h"
#include "storage/recovery.h"
#include "storage/sha256.h"
#include "tests/storage/box_tree.h"
#include "tests/storage/fake_stream.h"
#include "tests/storage/recording_rig.h"
#include "tests/support/memory_files.h"

namespace yagura::storage {
namespace {

using testing::BoxTree;
using testing::FakeStream;
using testing::FormatNamed;
using testing::kMorning;
using testing::kSecond;
using testing::MemoryFiles;
using testing::RecordingRig;
using testing::TestId;

/// The bytes of a clip of `seconds`, and its row.
struct Specimen {
  std::vector<std::uint8_t> bytes;
  ClipClosed row;
};
Specimen MakeClip(int seconds, FakeStream::Shape shape = {.fps = 5, .gop = 10}) {
  RecordingRig rig(shape, 1);
  rig.Start();
  rig.Run(seconds);
  rig.Stop();
  Specimen specimen;
  specimen.row = rig.catalogue().clips().begin()->second;
  for (const auto& [path, bytes] : rig.files().Contents()) {
    if (path.ends_with(".mp4")) specimen.bytes = bytes;
  }
  return specimen;
}

TEST(VarintTest, KeepsSmallNumbersSmallAndAllNumbersWhole) {
  ByteWriter out;
  const std::vector<std::int64_t> numbers = {
      0, -1, 1, 63, -64, 64, 1'000'000, -1'000'000, INT64_MAX / 4, INT64_MIN / 4};
  for (const std::int64_t number : numbers) out.SignedVarint(number);
  ByteReader in(out.view());
  for (const std::int64_t number : numbers) EXPECT_EQ(in.SignedVarint(), number);
  EXPECT_TRUE(in.ok());
  EXPECT_EQ(in.remaining(), 0U);
  EXPECT_EQ(in.Varint(), 0U);
  EXPECT_FALSE(in.ok());
}

TEST(ClipFormatTest, TheBoxesOfAClip) {
  const Specimen clip = MakeClip(2);
  EXPECT_EQ(BoxTree(clip.bytes), R"(ftyp 32
moov 3888
  mvhd 108
  trak 443
    tkhd 92
    mdia 343
      mdhd 32
      hdlr 33
      minf 270
        vmhd 20
        dinf 36
          dref 28
            url  12
        stbl 206
          stsd 130
            avc1 114
              avcC 28
          stts 16
          stsc 16
          stsz 20
          stco 16
  mvex 40
    trex 32
  free 3289
uuid 176
moof 164
  mfhd 16
  traf 112
    tfhd 16
    tfdt 20
    trun 68
  uuid 28
mdat 128
moof 164
  mfhd 16
  traf 112
    tfhd 16
    tfdt 20
    trun 68
  uuid 28
mdat 128
moof 164
  mfhd 16
  traf 112
    tfhd 16
    tfdt 20
    trun 68
  uuid 28
mdat 128
moof 132
  mfhd 16
  traf 80
    tfhd 16
    tfdt 20
    trun 36
  uuid 28
mdat 48
uuid 121
)");
}

TEST(ClipFormatTest, AllClipsOfARunBeginWithTheSameInitSegment) {
  RecordingRig rig({.fps = 5, .gop = 10}, 1);
  rig.Start();
  rig.Run(130);
  rig.Stop();
  std::vector<std::vector<std::uint8_t>> heads;
  for (const auto& [path, bytes] : rig.files().Contents()) {
    if (path.ends_with(".mp4")) heads.emplace_back(bytes.begin(), bytes.begin() + 3920);
  }
  ASSERT_EQ(heads.size(), 3U);
  EXPECT_EQ(heads[0], heads[1]);
  EXPECT_EQ(heads[0], heads[2]);
  EXPECT_EQ(Sha256Of(heads[0]), rig.catalogue().runs().begin()->second.init_sha256);
}

TEST(ClipIdentityTest, ComesBackAsItWas) {
  ClipOpened clip{.clip = {TestId<RunId>(3), 17},
                  .camera = TestId<CameraId>(4),
                  .stream = Stream::kSub,
                  .volume = TestId<VolumeId>(5),
                  .owner = {TestId<UnitId>(6), TestId<FloorId>(7)},
                  .clock = ClockState::kRepeated,
                  .media_start = MediaTime{123'456'789},
                  .wall_start = kMorning,
                  .lead_in = KeyframeReference{{TestId<RunId>(3), 16}, 1'000'000}};
  const auto box = BuildIdentityBox(clip);
  EXPECT_EQ(box.size(), kIdentityBoxBytes);
  EXPECT_EQ(ParseIdentityBox(box).value(), clip);
  clip.lead_in.reset();
  EXPECT_EQ(ParseIdentityBox(BuildIdentityBox(clip)).value(), clip);
}

TEST(ClipIdentityTest, ABitChangedAnywhereIsNoticed) {
  ClipOpened clip;
  clip.clip = {TestId<RunId>(3), 17};
  const auto box = BuildIdentityBox(clip);
  for (std::size_t bit = 0; bit < 8 * box.size(); ++bit) {
    auto changed = box;
    changed[bit / 8] = static_cast<std::uint8_t>(changed[bit / 8] ^ (1U << bit % 8));
    EXPECT_FALSE(ParseIdentityBox(changed).has_value()) << bit;
  }
}

TEST(ClipTrailerTest, TakesAboutThreeBytesAFrame) {
  ClipTrailer trailer;
  trailer.first_dts = MediaTime{900'000};
  for (int i = 0; i < 75; ++i) {
    std::vector<Sample> samples(12,
                                {.size_bytes = 16'500, .duration_90k = 6'000, .keyframe = false});
    for (std::size_t k = 0; k < samples.size(); ++k)
      samples[k].duration_90k += k % 2 == 0 ? 1U : 0U;
    samples.front().keyframe = true;
    trailer.Add(MoofBytes(12), samples);
  }
  const auto box = BuildTrailer(trailer);
  EXPECT_LT(box.size(), 900 * 4 + 75 * 4 + 150);
  EXPECT_EQ(ParseTrailer(box).value(), trailer);
  EXPECT_EQ(TrailerBytes(ByteView(box).last(kTrailerFooterBytes)).value(), box.size());
}

TEST(ClipTrailerTest, KeepsBFramesAndOddDurations) {
  ClipTrailer trailer;
  trailer.ended_by = ClipEnd::kRunEnd;
  trailer.fragments_offset = 785;
  trailer.wall_end = kMorning;
  trailer.media_end = MediaTime{1'000'000};
  const std::vector<Sample> samples = {
      {100, 3'000, 6'000, true}, {1, 1, -3'000, false}, {70'000, 720'000, 0, false}};
  trailer.Add(MoofBytes(3), samples);
  EXPECT_EQ(ParseTrailer(BuildTrailer(trailer)).value(), trailer);
}

TEST(ClipReaderTest, TheTrailerAndTheFragmentsTellTheSame) {
  const Specimen clip = MakeClip(20, {.fps = 10, .gop = 30, .b_frames = true});
  MemoryFiles files;
  files.Put("/whole.mp4", clip.bytes);
  auto cut = clip.bytes;
  cut.resize(*clip.row.trailer_offset);
  files.Put("/cut.mp4", cut);
  const auto whole = ReadClipIndex(**files.OpenToRead("/whole.mp4"), clip.row.bytes);
  const auto scanned = ReadClipIndex(**files.OpenToRead("/cut.mp4"), clip.row.bytes);
  ASSERT_TRUE(whole.has_value() && scanned.has_value());
  EXPECT_TRUE(whole->trailer.has_value());
  EXPECT_FALSE(scanned->trailer.has_value());
  EXPECT_EQ(whole->samples, scanned->samples);
  EXPECT_EQ(whole->fragments, scanned->fragments);
  EXPECT_EQ(whole->fragments_end, *clip.row.trailer_offset);
  EXPECT_EQ(whole->MediaEnd(), clip.row.media_end);
  EXPECT_EQ(KeyframesOf(*scanned), clip.row.keyframes);
}

TEST(ClipReaderTest, FragmentsThatAreWorthItFillWholePages) {
  const Specimen clip = MakeClip(3, {.fps = 10, .gop = 10, .frame_bytes = 15'000});
  MemoryFiles files;
  files.Put("/a.mp4", clip.bytes);
  const auto file = *files.OpenToRead("/a.mp4");
  auto cut = clip.bytes;
  cut.resize(*clip.row.trailer_offset);
  files.Put("/cut.mp4", cut);
  const auto index = ReadClipIndex(*file, clip.row.bytes);
  const auto scanned = ReadClipIndex(**files.OpenToRead("/cut.mp4"), clip.row.bytes);
  ASSERT_TRUE(index.has_value() && scanned.has_value());
  EXPECT_EQ(index->fragments_offset, kPageBytes);
  EXPECT_EQ(index->fragments, scanned->fragments);
  EXPECT_EQ(index->samples, scanned->samples);
  int large = 0;
  std::vector<std::uint8_t> buffer;
  for (const IndexedFragment& fragment : index->fragments) {
    EXPECT_TRUE(*FragmentIsWhole(*file, fragment, buffer));
    if (fragment.size_bytes < kLargeWriteBytes) continue;
    EXPECT_EQ(fragment.size_bytes % kPageBytes, 0U);
    ++large;
  }
  EXPECT_GE(large, 3);
}

TEST(ClipReaderTest, OnlyTheBytesThatCountAreRead) {
  const Specimen clip = MakeClip(5);
  MemoryFiles files;
  files.Put("/a.mp4", clip.bytes);
  const auto whole = ReadClipIndex(**files.OpenToRead("/a.mp4"), clip.row.bytes);
  const auto& second = whole->fragments[1];
  const auto half = ReadClipIndex(**files.OpenToRead("/a.mp4"), second.offset_bytes);
  ASSERT_TRUE(half.has_value());
  EXPECT_EQ(half->fragments.size(), 1U);
}

TEST(ClipReaderTest, OneReadingTellsTheDigestAndWhatIsDamaged) {
  const Specimen clip = MakeClip(5);
  MemoryFiles files;
  files.Put("/a.mp4", clip.bytes);
  const auto index = ReadClipIndex(**files.OpenToRead("/a.mp4"), clip.row.bytes).value();
  const auto whole =
      ReadClipContents(**files.OpenToRead("/a.mp4"), index, clip.row.bytes, AtDamage::kStop);
  ASSERT_TRUE(whole.has_value());
  EXPECT_EQ(whole->sha256, clip.row.sha256);
  EXPECT_TRUE(whole->damaged.empty());

  auto bytes = clip.bytes;
  bytes[index.fragments[1].offset_bytes + index.fragments[1].size_bytes - 1] ^= 1;
  bytes[index.fragments[3].offset_bytes] ^= 1;
  files.Put("/b.mp4", bytes);
  const auto file = *files.OpenToRead("/b.mp4");
  const auto all = ReadClipContents(*file, index, clip.row.bytes, AtDamage::kGoOn);
  ASSERT_TRUE(all.has_value());
  EXPECT_EQ(all->sha256, Sha256Of(bytes));
  EXPECT_THAT(all->damaged, ::testing::ElementsAre(1, 3));
  const auto before = ReadClipContents(*file, index, clip.row.bytes, AtDamage::kStop);
  ASSERT_TRUE(before.has_value());
  EXPECT_EQ(before->sha256, Sha256Of(ByteView(bytes).first(index.fragments[1].offset_bytes)));
  EXPECT_THAT(before->damaged, ::testing::ElementsAre(1));
  const auto more = ReadClipContents(*file, index, bytes.size() + 1, AtDamage::kGoOn);
  EXPECT_EQ(more.error().code(), ErrorCode::kDataLoss);
}

// Cut at every byte: what is left is always a clip with all the fragments that are whole, or void,
// and never longer than it was.
TEST(SalvageTest, AFileCutAtAnyByteKeepsItsWholeFragments) {
  const Specimen clip = MakeClip(5);
  MemoryFiles original;
  original.Put("/a.mp4", clip.bytes);
  const auto index = ReadClipIndex(**original.OpenToRead("/a.mp4"), clip.row.bytes).value();
  for (std::size_t bytes = 0; bytes < clip.bytes.size(); ++bytes) {
    MemoryFiles files;
    files.Put("/a.mp4",
              {clip.bytes.begin(), clip.bytes.begin() + static_cast<std::ptrdiff_t>(bytes)});
    std::size_t whole = 0;
    for (const auto& fragment : index.fragments) {
      if (fragment.offset_bytes + fragment.size_bytes <= bytes) ++whole;
    }
    const auto salvaged = SalvageClip(files, "/a.mp4", clip.row.opened);
    ASSERT_TRUE(salvaged.has_value()) << bytes;
    ASSERT_EQ(salvaged->index.fragments.size(), whole) << bytes;
    ASSERT_EQ(salvaged->is_void, whole == 0) << bytes;
    if (salvaged->is_void) continue;
    const auto closed = FinishSalvaged(files, *salvaged);
    ASSERT_TRUE(closed.has_value()) << bytes;
    const auto again = files.Contents().at("/a.mp4");
    EXPECT_EQ(closed->bytes, again.size());
    EXPECT_EQ(closed->sha256, Sha256Of(again));
    EXPECT_EQ(closed->ended_by, ClipEnd::kRecovered);
    EXPECT_LE(closed->wall_end, clip.row.wall_end);
    EXPECT_TRUE(ReadClipIndex(**files.OpenToRead("/a.mp4"), again.size())->trailer.has_value());
  }
}

TEST(SalvageTest, DamageInTheLastFragmentsIsCutOff) {
  const Specimen clip = MakeClip(5);
  MemoryFiles original;
  original.Put("/a.mp4", clip.bytes);
  const auto index = ReadClipIndex(**original.OpenToRead("/a.mp4"), clip.row.bytes).value();
  const auto& damaged = index.fragments[3];
  for (std::uint64_t at = damaged.offset_bytes; at < damaged.offset_bytes + damaged.size_bytes;
       ++at) {
    auto bytes = clip.bytes;
    bytes.resize(*clip.row.trailer_offset);
    bytes[at] ^= 0x10;
    MemoryFiles files;
    files.Put("/a.mp4", bytes);
    const auto salvaged = SalvageClip(files, "/a.mp4", clip.row.opened);
    ASSERT_TRUE(salvaged.has_value());
    EXPECT_EQ(salvaged->index.fragments.size(), 3U) << at;
  }
}

TEST(SalvageTest, ACompleteFileIsLeftAsItIs) {
  const Specimen clip = MakeClip(5);
  MemoryFiles files;
  files.Put("/a.mp4", clip.bytes);
  const auto closed = FinishSalvaged(files, SalvageClip(files, "/a.mp4", clip.row.opened).value());
  ASSERT_TRUE(closed.has_value());
  EXPECT_EQ(*closed, clip.row);
}

TEST(ClipPathTest, IsDerivedFromTheRow) {
  ClipOpened clip;
  clip.clip = {TestId<RunId>(3), 17};
  clip.camera = TestId<CameraId>(4);
  clip.wall_start = kMorning;
  const std::string path = ClipPath(*OfficeCalendar::Load("Asia/Tokyo"), clip);
  EXPECT_EQ(path,
            "clips/2027-01-15/00000000-0000-0000-0000-000000000004/"
            "00000000-0000-0000-0000-000000000003.17.mp4");
  EXPECT_EQ(ParseClipFileName(path.substr(path.rfind('/') + 1)), clip.clip);
  EXPECT_FALSE(ParseClipFileName("x.mp4"));
}

}  // namespace
}  // namespace yagura::storage
