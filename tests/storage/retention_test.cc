#include "storage/retention.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace yagura::storage {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::uint64_t kClipBytes = 10;

/// A volume with one clip of 10 bytes for each hour back from now: clip 0 is the oldest.
class RetentionTest : public ::testing::Test {
 protected:
  RetentionTest() : volume_(NewId<VolumeId>()), run_(NewId<RunId>()) {}

  void Store(std::uint32_t clips) {
    for (std::uint32_t i = 0; i < clips; ++i) {
      const WallTime start = now_ - hours(clips - i);
      snapshot_.oldest.push_back({.id = {run_, i},
                                  .volume = volume_,
                                  .camera = i % 2 == 0 ? even_ : odd_,
                                  .floor = floor_,
                                  .start = start,
                                  .end = start + minutes(1),
                                  .bytes = kClipBytes});
    }
    snapshot_.volumes = {{.volume = volume_,
                          .stored_bytes = clips * kClipBytes,
                          .limit_bytes = std::nullopt,
                          .free_bytes = 1'000'000}};
  }
  [[nodiscard]] VolumeUsage& usage() { return snapshot_.volumes.front(); }
  [[nodiscard]] DeletionPlan Plan() const {
    return PlanDeletions(snapshot_, terms_.value_or(RetentionTerms::Everywhere(rule_)), now_);
  }
  [[nodiscard]] std::vector<std::uint32_t> Deleted(DeletionRule rule) const {
    std::vector<std::uint32_t> sequences;
    for (const PlannedDeletion& deletion : Plan().deletions) {
      if (deletion.rule == rule) sequences.push_back(deletion.id.sequence);
    }
    return sequences;
  }

  const WallTime now_{std::chrono::seconds(1'800'000'000)};
  VolumeId volume_;
  RunId run_;
  RetentionSnapshot snapshot_;
  RetentionRule rule_{.keep = hours(1000), .minimum = hours(0)};
  std::optional<RetentionTerms> terms_;  // nothing: rule_ everywhere
  CameraId even_ = NewId<CameraId>();    // recorded the clips of even numbers
  CameraId odd_ = NewId<CameraId>();
  FloorId floor_ = NewId<FloorId>();
};

TEST_F(RetentionTest, DeletesNothingWithoutAReason) {
  Store(100);
  EXPECT_EQ(Plan(), DeletionPlan{});
}

TEST_F(RetentionTest, DeletesWhatIsOlderThanTheRuleKeeps) {
  Store(10);
  rule_.keep = hours(7);
  EXPECT_THAT(Deleted(DeletionRule::kAge), ElementsAre(0, 1, 2));
}

TEST_F(RetentionTest, KeepsAClipUntilItsEndIsOldEnough) {
  Store(10);
  rule_.keep = hours(10) - minutes(1);  // the oldest one's end, exactly
  EXPECT_THAT(Deleted(DeletionRule::kAge), ElementsAre(0));
  rule_.keep += microseconds(1);
  EXPECT_THAT(Deleted(DeletionRule::kAge), IsEmpty());
}

TEST_F(RetentionTest, MakesRoomFromTheHighMarkDownToTheLowMark) {
  Store(96);
  usage().limit_bytes = 1000;  // 960 stored, 950 is the high mark, 920 the low one
  EXPECT_THAT(Deleted(DeletionRule::kSpace), ElementsAre(0, 1, 2, 3));
  usage().stored_bytes = 950;
  EXPECT_THAT(Deleted(DeletionRule::kSpace), IsEmpty());
}

TEST_F(RetentionTest, CountsWhatTheAgeRuleFreesTowardsTheSpaceWanted) {
  Store(96);
  usage().limit_bytes = 1000;
  rule_.keep = hours(94);
  EXPECT_THAT(Deleted(DeletionRule::kAge), ElementsAre(0, 1));
  EXPECT_THAT(Deleted(DeletionRule::kSpace), ElementsAre(2, 3));
}

TEST_F(RetentionTest, TakesTheFileSystemForTheLimitWhereItIsTheSmallerOne) {
  Store(96);
  usage().free_bytes = 40;  // capacity 1000
  EXPECT_THAT(Deleted(DeletionRule::kSpace), ElementsAre(0, 1, 2, 3));
  usage().limit_bytes = 1'000'000;
  EXPECT_THAT(Deleted(DeletionRule::kSpace), ElementsAre(0, 1, 2, 3));
}

TEST_F(RetentionTest, NeverGoesBelowTheMinimumTerm) {
  Store(99);
  usage().limit_bytes = 1000;
  rule_.minimum = hours(97);
  EXPECT_THAT(Deleted(DeletionRule::kSpace), ElementsAre(0, 1));
  EXPECT_THAT(Plan().full, IsEmpty());  // 970 remain, full is above 980
}

TEST_F(RetentionTest, SaysThatAVolumeIsFullWhereNothingMayGo) {
  Store(99);
  usage().limit_bytes = 1000;
  rule_.minimum = hours(2000);
  EXPECT_EQ(Plan(), (DeletionPlan{
                        .deletions = {}, .full = {volume_}, .relieved = {}, .pressed = {volume_}}));
  usage().full = true;
  EXPECT_THAT(Plan().full, IsEmpty());  // said once
  EXPECT_THAT(Plan().pressed, ElementsAre(volume_));
}

TEST_F(RetentionTest, DoesNotCallAVolumeFullBeforeItHasSeenAllItsClips) {
  Store(99);
  usage().limit_bytes = 1000;
  for (StoredClip& clip : snapshot_.oldest) clip.held = true;
  snapshot_.cut_short = {volume_};
  EXPECT_EQ(Plan(), DeletionPlan{});
}

TEST_F(RetentionTest, CallsAVolumeFullOnceItMeetsAClipThatIsTooYoung) {
  Store(99);
  usage().limit_bytes = 1000;
  rule_.minimum = hours(2000);
  snapshot_.oldest.resize(4);
  snapshot_.cut_short = {volume_};
  EXPECT_THAT(Plan().full, ElementsAre(volume_));
}

TEST_F(RetentionTest, NeverDeletesAHeldClip) {
  Store(10);
  rule_.keep = hours(7);
  snapshot_.oldest[1].held = true;
  EXPECT_THAT(Deleted(DeletionRule::kAge), ElementsAre(0, 2));
  usage().limit_bytes = 50;
  EXPECT_THAT(Deleted(DeletionRule::kSpace), ElementsAre(3, 4, 5, 6));
}

TEST_F(RetentionTest, RelievesAFullVolumeOnlyBelowTheHighMark) {
  Store(99);
  usage().limit_bytes = 1030;  // 961 per mille stored
  usage().full = true;
  rule_.minimum = hours(2000);
  EXPECT_THAT(Plan().relieved, IsEmpty());
  usage().limit_bytes = 2000;
  EXPECT_THAT(Plan().relieved, ElementsAre(volume_));
}

TEST_F(RetentionTest, TakesEachClipByTheTermOfItsCamera) {
  Store(10);
  terms_ = RetentionTerms::Everywhere({.keep = hours(5), .minimum = hours(0)})
               .With({.version = 0,
                      .of = odd_,
                      .from = now_,
                      .rule = RetentionRule{.keep = hours(8), .minimum = hours(8)},
                      .purpose = {}});
  EXPECT_THAT(Deleted(DeletionRule::kAge), ElementsAre(0, 1, 2, 4));
  EXPECT_EQ(Plan().deletions[0].version, 1);
  EXPECT_EQ(Plan().deletions[1].version, 2);
  usage().limit_bytes = 10;  // the minimum of one camera hides nothing of the other
  EXPECT_THAT(Deleted(DeletionRule::kSpace), ElementsAre(6, 8));
}

/// What is too old of one camera may be younger than what another keeps.
TEST_F(RetentionTest, TakesNothingForSpaceThatTheTooOldLeave) {
  Store(96);
  terms_ = RetentionTerms::Everywhere({.keep = hours(1000), .minimum = hours(0)})
               .With({.version = 0,
                      .of = odd_,
                      .from = now_,
                      .rule = RetentionRule{.keep = hours(80), .minimum = hours(0)},
                      .purpose = {}});
  usage().limit_bytes = 100 * kClipBytes;
  EXPECT_THAT(Deleted(DeletionRule::kAge), ElementsAre(1, 3, 5, 7, 9, 11, 13, 15));
  EXPECT_THAT(Deleted(DeletionRule::kSpace), IsEmpty());
}

TEST_F(RetentionTest, TakesWhatHasLeftItsVolumeByItsTermAlone) {
  Store(10);
  for (StoredClip& clip : snapshot_.oldest) clip.on_volume = false;
  snapshot_.oldest[0].held = true;
  usage().limit_bytes = 10;
  terms_ = RetentionTerms::Everywhere({.keep = hours(5), .minimum = hours(0)})
               .With({.version = 0,
                      .of = odd_,
                      .from = now_,
                      .rule = RetentionRule{.keep = hours(8), .minimum = hours(0)},
                      .purpose = {}});
  EXPECT_THAT(Deleted(DeletionRule::kAge), ElementsAre(1, 2, 4));
  EXPECT_THAT(Deleted(DeletionRule::kSpace), IsEmpty());
  EXPECT_EQ(Plan().deletions.front().version, 2);
  EXPECT_EQ(Plan().deletions.back().version, 1);
}

TEST_F(RetentionTest, JudgesEachVolumeByItself) {
  Store(96);
  const auto other = NewId<VolumeId>();
  snapshot_.volumes.push_back(
      {.volume = other, .stored_bytes = 960, .limit_bytes = 1000, .free_bytes = 1'000'000});
  snapshot_.oldest[5].volume = other;
  EXPECT_THAT(Deleted(DeletionRule::kSpace), ElementsAre(5));
}

}  // namespace
}  // namespace yagura::storage
