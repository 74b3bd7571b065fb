#include "app/checksum_check.h"

#include <gmock/gmock.h>

#include <random>

#include "storage/clip_reader.h"
#include "tests/storage/recording_rig.h"
#include "tests/support/seed.h"

namespace yagura::app {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::RecordingRig;

constexpr int kBitsFlipped = 1'000;
constexpr const char* kVolume = "/volume1";

/// A minute of two cameras, as rows and files.
class ChecksumCheckTest : public ::testing::Test {
 protected:
  ChecksumCheckTest() {
    rig_.Start();
    rig_.Run(70);
    rig_.Stop();
    found_ = *FindClips(rig_.files(), kVolume);
    for (const auto& [id, clip] : rig_.catalogue().clips())
      catalogue_.clips[clip.opened.camera].push_back(storage::RowOf(clip));
  }
  ChecksumCheck Check() { return CompareChecksums(catalogue_, found_, rig_.files(), on_clip_); }

  RecordingRig rig_;
  CatalogueEvidence catalogue_;
  FoundClips found_;
  std::vector<std::size_t> told_;
  std::function<void(const ReadSoFar&)> on_clip_ = [this](const ReadSoFar& read) {
    told_.push_back(read.clips);
  };
};

TEST_F(ChecksumCheckTest, ReadsEveryClipAndFindsNothingInWholeOnes) {
  const ReadSoFar all = ToRead(catalogue_, found_);
  EXPECT_GE(all.clips, 4u);
  const ChecksumCheck check = Check();
  EXPECT_THAT(check.disagreements, IsEmpty());
  EXPECT_EQ(check.read.clips, all.clips);
  EXPECT_EQ(check.read.bytes, all.bytes);
  EXPECT_EQ(told_.size(), all.clips);
}

TEST_F(ChecksumCheckTest, FindsEachOfAThousandFlippedBits) {
  std::mt19937_64 random(testing::PrintedSeed());
  const auto whole = rig_.files().Contents();
  for (int i = 0; i < kBitsFlipped; ++i) {
    const auto clip = std::next(found_.clips.begin(),
                                static_cast<std::ptrdiff_t>(random() % found_.clips.size()));
    auto bytes = whole.at(clip->second.path);
    const std::size_t at = random() % bytes.size();
    bytes[at] ^= static_cast<std::uint8_t>(1u << random() % 8);
    rig_.files().Put(clip->second.path, bytes);
    const ChecksumCheck check = Check();
    ASSERT_FALSE(check.disagreements.empty()) << "byte " << at << " of " << clip->second.path;
    for (const Disagreement& found : check.disagreements) {
      EXPECT_EQ(found.kind, DisagreementKind::kNotAsWritten);
      EXPECT_THAT(found.text, HasSubstr(ToString(clip->first)));
    }
    rig_.files().Put(clip->second.path, whole.at(clip->second.path));
  }
}

TEST_F(ChecksumCheckTest, NamesTheTimeAndThePlaceThatChanged) {
  const auto& [id, clip] = *found_.clips.begin();
  auto bytes = rig_.files().Contents().at(clip.path);
  const auto file = rig_.files().OpenToRead(clip.path);
  const auto index = storage::ReadClipIndex(**file, clip.bytes);
  const storage::IndexedFragment& third = index->fragments[2];
  bytes[third.offset_bytes + third.size_bytes - 1] ^= 1;
  rig_.files().Put(clip.path, bytes);
  // Two frames a second, a fragment each.
  const WallTime from = clip.identity.wall_start + std::chrono::seconds(1);
  const WallTime to = from + std::chrono::milliseconds(500);
  EXPECT_THAT(
      Check().disagreements,
      ElementsAre(Field(&Disagreement::text,
                        AllOf(HasSubstr(FormatRfc3339(from) + " to " + FormatRfc3339(to)),
                              HasSubstr("bytes " + std::to_string(third.offset_bytes) + " to")))));
}

TEST_F(ChecksumCheckTest, AClipThatWentMeanwhileIsPassedOver) {
  EXPECT_TRUE(rig_.files().Unlink(found_.clips.begin()->second.path).has_value());
  EXPECT_THAT(Check().disagreements, IsEmpty());
}

}  // namespace
}  // namespace yagura::app
