#include <gmock/gmock.h>

#include "tests/storage/clip_mover_fixture.h"

/// Clips that are copied to a store and leave their volume.
namespace yagura::storage {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using ::testing::SizeIs;
using testing::StoreFault;
using testing::StoreRequest;

TEST_F(ClipMoverPgTest, CopiesWhatIsFinished) {
  StoreWhole(7);
  const auto outcome = Move();
  ASSERT_TRUE(outcome.has_value()) << ToString(outcome.error());
  EXPECT_EQ(outcome->copied, 7u);
  EXPECT_EQ(Copies(), "0,1,2,3,4,5,6");
  EXPECT_EQ(Files(), "0,1,2,3,4,5,6");
  EXPECT_EQ(Steps(), "0sc 1sc 2sc 3sc 4sc 5sc 6sc");
  EXPECT_EQ(Usage(), "70000 7|70000 7");
  EXPECT_EQ(Move()->copied, 0u);
}

TEST_F(ClipMoverPgTest, CopiesWhatIsOldEnough) {
  StoreWhole(5);
  EXPECT_EQ(Move(std::nullopt, hours(1) - minutes(2))->copied, 2u);
  EXPECT_EQ(Copies(), "0,1");
}

TEST_F(ClipMoverPgTest, FilesGoWhenTheyAreOldEnoughAndHaveACopy) {
  StoreWhole(5);
  const auto outcome = Move(hours(1) - minutes(3));
  ASSERT_TRUE(outcome.has_value()) << ToString(outcome.error());
  EXPECT_EQ(outcome->left, 3u);
  EXPECT_EQ(Steps(), "0sclg 1sclg 2sclg 3sc 4sc");
  EXPECT_EQ(Files(), "3,4");
  EXPECT_EQ(Copies(), "0,1,2,3,4");
  EXPECT_EQ(Usage(), "20000 2|50000 5");
}

TEST_F(ClipMoverPgTest, AHeldClipKeepsBoth) {
  StoreWhole(3);
  ASSERT_EQ("", Ask("INSERT INTO hold (id, camera_id, unit_id, from_at, to_at, reason, review_at, "
                    "placed_by, placed_basis, gone) SELECT gen_random_uuid(), camera_id, unit_id, "
                    "start_at, end_at, 'why', end_at, (SELECT id FROM person LIMIT 1), "
                    "ARRAY[gen_random_uuid()], '{}' FROM clip WHERE sequence = 1"));
  ASSERT_TRUE(Move(minutes(0)).has_value());
  EXPECT_EQ(Steps(), "0sclg 1sc 2sclg");
  EXPECT_EQ(Files(), "1");
  KeepFor(minutes(1), minutes(0));
  Record(clock_.Now() - minutes(30));
  Record(clock_.Now() - minutes(90));
  ASSERT_TRUE(Expire().has_value());
  EXPECT_EQ(Steps(), "1sc");
  EXPECT_EQ(Copies(), "1");
}

TEST_F(ClipMoverPgTest, NothingGoesWhileTheStoreIsDead) {
  StoreWhole(4);
  plan_ = [](const StoreRequest&) { return StoreFault::kInternalError; };
  const auto outcome = Move(minutes(0));
  EXPECT_EQ(outcome.error().code(), ErrorCode::kUnavailable);
  EXPECT_EQ(Files(), "0,1,2,3");
  plan_ = [](const StoreRequest&) { return StoreFault::kNone; };
  EXPECT_EQ(Move(minutes(0))->left, 4u);
}

TEST_F(ClipMoverPgTest, AStoreThatLiesGetsNoFileDeleted) {
  StoreWhole(4);
  ASSERT_TRUE(Move(std::nullopt, hours(2)).has_value());  // the store is known
  for (const StoreFault fault :
       {StoreFault::kForgotten, StoreFault::kTruncated, StoreFault::kFlippedByte}) {
    plan_ = [fault](const StoreRequest& request) {
      return request.method == "PUT" ? fault : StoreFault::kNone;
    };
    EXPECT_FALSE(Move(minutes(0)).has_value());
    EXPECT_EQ(Files(), "0,1,2,3") << static_cast<int>(fault);
    EXPECT_EQ(Ask("SELECT count(*) FROM clip WHERE copied_at IS NOT NULL"), "0");
  }
}

TEST_F(ClipMoverPgTest, ADamagedFileStaysAndHoldsUpNothing) {
  StoreWhole(4);
  std::ofstream(PathOf(1)) << std::string(10'000, 'x');
  std::filesystem::remove(PathOf(2));
  const auto outcome = Move(minutes(0));
  ASSERT_TRUE(outcome.has_value()) << ToString(outcome.error());
  EXPECT_EQ(outcome->not_copyable, 2u);
  EXPECT_EQ(Steps(), "0sclg 1s 2s 3sclg");
  EXPECT_EQ(Files(), "1");
}

TEST_F(ClipMoverPgTest, ACopyThatVanishedIsMadeAgain) {
  StoreWhole(2);
  ASSERT_TRUE(Move().has_value());
  fake_.DropObject(NameOf(0));
  const auto outcome = Move(minutes(0));
  ASSERT_TRUE(outcome.has_value());
  EXPECT_EQ(outcome->copies_lost, 1u);
  EXPECT_EQ(Files(), "0");
  ASSERT_TRUE(Move(minutes(0)).has_value());
  EXPECT_EQ(Files(), "");
  EXPECT_EQ(Copies(), "0,1");
  EXPECT_EQ(Usage(), "0 0|20000 2");
}

TEST_F(ClipMoverPgTest, ACopyWhoseFileHasGoneIsFoundByACatalogueToldAgain) {
  StoreWhole(2);
  ASSERT_TRUE(Move(minutes(0)).has_value());
  ASSERT_EQ("", Ask("UPDATE clip SET local_gone_at = NULL, leaving_since = NULL, copied_at = NULL,"
                    " store_id = NULL"));
  ASSERT_TRUE(Move().has_value());
  EXPECT_EQ(Steps(), "0sclg 1sclg");
}

TEST_F(ClipMoverPgTest, AnotherBucketIsNotTaken) {
  StoreWhole(1);
  ASSERT_TRUE(Move().has_value());
  fake_.DropObject("store");
  EXPECT_EQ(Move(minutes(0)).error().code(), ErrorCode::kFailedPrecondition);
  EXPECT_EQ(Files(), "0");
}

TEST_F(ClipMoverPgTest, ABucketOfOthersIsNotTaken) {
  fake_.SetObject("their file", "x");
  StoreWhole(1);
  EXPECT_EQ(Move().error().code(), ErrorCode::kFailedPrecondition);
  EXPECT_THAT(fake_.objects(), SizeIs(1));
}

/// Cut at each step in turn, and taken up again.
TEST_F(ClipMoverPgTest, EachStepMayBeCutAndIsTakenUpAgain) {
  StoreWhole(4);
  for (int cut_at = 0; cut_at < 12; ++cut_at) {
    int step = 0;
    files_.stumbles = [&](std::string_view) { return step++ == cut_at; };
    (void)Move(minutes(0));
    for (std::uint32_t sequence = 0; sequence < 4; ++sequence) {
      const bool has_file = std::filesystem::exists(PathOf(sequence));
      EXPECT_TRUE(has_file || fake_.objects().contains(NameOf(sequence))) << sequence;
      const std::string of = " FROM clip WHERE sequence = " + std::to_string(sequence);
      EXPECT_TRUE(has_file || Ask("SELECT leaving_since IS NOT NULL" + of) == "t") << sequence;
    }
  }
  EXPECT_EQ(Steps(), "0sclg 1sclg 2sclg 3sclg");
}

TEST_F(ClipMoverPgTest, SaysHowFarItHasCome) {
  StoreWhole(1);
  ASSERT_TRUE(Move(std::nullopt, minutes(10)).has_value());
  EXPECT_EQ(Ask("SELECT copied_until = '" + FormatRfc3339(clock_.Now() - minutes(10)) +
                "', fault IS NULL, address LIKE 'http%/footage' FROM object_store"),
            "t|t|t");
}

}  // namespace
}  // namespace yagura::storage
