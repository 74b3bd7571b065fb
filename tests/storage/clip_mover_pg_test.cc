#include "storage/clip_mover_pg.h"

#include <gmock/gmock.h>

#include "storage/known_store_pg.h"
#include "storage/s3_store.h"
#include "storage/sha256.h"
#include "tests/storage/retention_fixture.h"
#include "tests/support/fake_store_posix.h"

/// Clips that are copied to a store, leave their volume and are deleted from both.
namespace yagura::storage {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using testing::FakeStore;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using testing::StoreFault;
using testing::StoreRequest;

class ClipMoverPgTest : public RetentionPgTest {
 protected:
  void SetUp() override {
    RetentionPgTest::SetUp();
    plan_ = [](const StoreRequest&) { return StoreFault::kNone; };
  }

  /// Clips whose files are what their rows say.
  void StoreWhole(std::uint32_t clips) {
    Store(clips);
    const std::string bytes(10'000, 'f');
    for (std::uint32_t i = 0; i < clips; ++i) std::ofstream(PathOf(i)) << bytes;
    const auto hash = Sha256Of({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
    std::string hex;
    for (const auto byte : hash) {
      hex += "0123456789abcdef"[byte / 16];
      hex += "0123456789abcdef"[byte % 16];
    }
    ASSERT_EQ("", Ask("UPDATE clip SET sha256 = '\\x" + hex + "'"));
  }
  [[nodiscard]] std::string NameOf(std::uint32_t sequence) const {
    return PathOf(sequence).substr(root().size() + 1);
  }
  [[nodiscard]] std::unique_ptr<ObjectStore> Client() const { return ClientOf(fake_); }
  [[nodiscard]] static std::unique_ptr<ObjectStore> ClientOf(const FakeStore& fake) {
    return OpenS3({.endpoint = fake.endpoint(),
                   .bucket = "footage",
                   .keys = {.access_key = "a", .secret_key = "s"},
                   .connect_timeout = std::chrono::milliseconds(500),
                   .stall_timeout = std::chrono::seconds(1),
                   .tries_max = 2,
                   .back_off_first = std::chrono::milliseconds(1)});
  }
  Result<ClipMover::Outcome> Move(std::optional<microseconds> keep_files_for = std::nullopt,
                                  microseconds copy_after = microseconds(0)) {
    const auto store = Client();
    ClipMover mover(database_->As("yagura_keep"), files_, *store, under_way_, clock_,
                    {.calendar = CatalogueOffice::Days().calendar,
                     .address = fake_.endpoint() + "/footage",
                     .copy_after = copy_after,
                     .keep_files_for = keep_files_for,
                     .clips_per_step = 3});
    return mover.Pass();
  }
  Result<Retention::Outcome> Expire() { return ExpireFrom(fake_); }
  Result<Retention::Outcome> ExpireFrom(const FakeStore& fake) {
    const auto client = ClientOf(fake);
    KnownStore store(*client, database_->As("yagura_keep"), clock_);
    Retention retention(database_->As("yagura_keep"), files_, clock_,
                        {.calendar = CatalogueOffice::Days().calendar,
                         .reserve_bytes = 0,
                         .clips_per_step = 4,
                         .clock_state = [] { return ClockState::kSynchronised; },
                         .store = &store,
                         .under_way = &under_way_});
    return retention.Pass();
  }
  /// Of each clip its sequence and how far it has come: s may be in the store, c copied, l leaving,
  /// g gone from the volume, x expiring.
  std::string Steps() {
    return Ask(
        "SELECT string_agg(sequence || CASE WHEN store_id IS NULL THEN '' ELSE 's' END ||"
        " CASE WHEN copied_at IS NULL THEN '' ELSE 'c' END ||"
        " CASE WHEN leaving_since IS NULL THEN '' ELSE 'l' END ||"
        " CASE WHEN local_gone_at IS NULL THEN '' ELSE 'g' END ||"
        " CASE WHEN expiring_since IS NULL THEN '' ELSE 'x' END, ' ' ORDER BY sequence) FROM clip");
  }
  /// Bytes and clips that the volume and the store are said to have.
  std::string Usage() {
    return Ask(
        "SELECT (SELECT stored_bytes || ' ' || stored_clips FROM volume),"
        " (SELECT stored_bytes || ' ' || stored_clips FROM object_store)");
  }
  /// Sequences whose objects are whole.
  std::string Copies() const {
    std::string copies;
    const auto objects = fake_.objects();
    for (std::uint32_t sequence = 0; sequence < 60; ++sequence) {
      const auto found = objects.find(NameOf(sequence));
      if (found != objects.end() && found->second == std::string(10'000, 'f'))
        copies += (copies.empty() ? "" : ",") + std::to_string(sequence);
    }
    return copies;
  }
  std::string Files() {
    const std::string state = State();
    return state.substr(state.rfind('|') + 1);
  }

  FakeStore::Plan plan_;
  FakeStore fake_{[this](const StoreRequest& request) { return plan_(request); }};
  CopiesUnderWay under_way_;
};

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

TEST_F(ClipMoverPgTest, ExpiryDeletesFromBothAndProvesIt) {
  StoreWhole(4);
  ASSERT_TRUE(Move(hours(1) - minutes(2)).has_value());
  KeepFor(hours(1) - minutes(3), minutes(0));
  Record(clock_.Now() - minutes(30));
  Record(clock_.Now() - minutes(90));
  const auto outcome = Expire();
  ASSERT_TRUE(outcome.has_value()) << ToString(outcome.error());
  EXPECT_EQ(outcome->deleted, 3u);
  EXPECT_EQ(Steps(), "3sc");
  EXPECT_EQ(Copies(), "3");
  EXPECT_EQ(Ask("SELECT count(*) FROM clip_deletion WHERE store_id IS NOT NULL"), "3");
  EXPECT_EQ(Usage(), "10000 1|10000 1");
}

TEST_F(ClipMoverPgTest, WithoutItsStoreAnExpiredClipIsNoLongerOnTheVolumeAndNotProven) {
  StoreWhole(4);
  ASSERT_TRUE(Move().has_value());
  KeepFor(hours(1) - minutes(3), minutes(0));
  Record(clock_.Now() - minutes(30));
  Record(clock_.Now() - minutes(90));
  plan_ = [](const StoreRequest&) { return StoreFault::kInternalError; };
  EXPECT_EQ(Expire()->copies_left, 3u);
  EXPECT_EQ(Steps(), "0scgx 1scgx 2scgx 3sc");
  EXPECT_EQ(Files(), "3");
  EXPECT_EQ(Ask("SELECT count(*) FROM clip_deletion"), "0");
  EXPECT_EQ(Usage(), "10000 1|40000 4");
  plan_ = [](const StoreRequest&) { return StoreFault::kNone; };
  EXPECT_EQ(Expire()->copies_left, 0u);
  EXPECT_EQ(Steps(), "3sc");
  EXPECT_EQ(Copies(), "3");
}

TEST_F(ClipMoverPgTest, ACopyThatIsBeingMadeIsDeletedLater) {
  StoreWhole(2);
  ASSERT_TRUE(Move().has_value());
  KeepFor(minutes(1), minutes(0));
  Record(clock_.Now() - minutes(30));
  Record(clock_.Now() - minutes(90));
  under_way_.Add({.run = run_.run, .sequence = 0});
  EXPECT_EQ(Expire()->copies_left, 1u);
  EXPECT_EQ(Copies(), "0");
  under_way_.Clear();
  EXPECT_EQ(Expire()->copies_left, 0u);
  EXPECT_EQ(Copies(), "");
}

/// A bucket that was named by mistake has nothing in it, and would say so of each object.
TEST_F(ClipMoverPgTest, ADeletionIsProvenOnlyByTheStoreThatHasTheCopies) {
  StoreWhole(2);
  ASSERT_TRUE(Move().has_value());
  KeepFor(minutes(1), minutes(0));
  Record(clock_.Now() - minutes(30));
  Record(clock_.Now() - minutes(90));
  const FakeStore empty;
  FakeStore another;
  another.SetObject("store", "yagura object store 1\n11111111-2222-4333-8444-555555555555\n");
  for (const FakeStore* wrong : {&empty, static_cast<const FakeStore*>(&another)}) {
    const auto outcome = ExpireFrom(*wrong);
    ASSERT_TRUE(outcome.has_value()) << ToString(outcome.error());
    EXPECT_EQ(outcome->copies_left, 2u);
    EXPECT_EQ(Ask("SELECT count(*) FROM clip_deletion"), "0");
  }
  EXPECT_EQ(Copies(), "0,1");
  EXPECT_EQ(Expire()->deleted, 2u);
  EXPECT_EQ(Copies(), "");
}

TEST_F(ClipMoverPgTest, AnObjectThatIsStillThereIsNotDeleted) {
  StoreWhole(1);
  ASSERT_TRUE(Move().has_value());
  KeepFor(minutes(1), minutes(0));
  Record(clock_.Now() - minutes(30));
  Record(clock_.Now() - minutes(90));
  plan_ = [](const StoreRequest& request) {
    return request.method == "DELETE" ? StoreFault::kForgotten : StoreFault::kNone;
  };
  EXPECT_EQ(Expire()->copies_left, 1u);
  plan_ = [](const StoreRequest&) { return StoreFault::kNone; };
  EXPECT_EQ(Expire()->deleted, 1u);
  EXPECT_EQ(Copies(), "");
}

TEST_F(ClipMoverPgTest, ACopyThatACatalogueToldAgainDoesNotKnowIsDeletedToo) {
  StoreWhole(2);
  ASSERT_TRUE(Move(microseconds(0)).has_value());
  ASSERT_EQ("", Ask("UPDATE clip SET local_gone_at = NULL, leaving_since = NULL, copied_at = NULL,"
                    " store_id = NULL"));
  ASSERT_EQ("", Ask("UPDATE volume SET stored_bytes = 20000, stored_clips = 2"));
  KeepFor(minutes(1), minutes(0));
  Record(clock_.Now() - minutes(30));
  Record(clock_.Now() - minutes(90));
  const auto outcome = Expire();
  ASSERT_TRUE(outcome.has_value()) << ToString(outcome.error());
  EXPECT_EQ(outcome->deleted, 2u);
  EXPECT_EQ(Copies(), "");
}

TEST_F(ClipMoverPgTest, WhatHasLeftAVolumeExpiresAlsoWhenTheVolumeIsNoMore) {
  StoreWhole(2);
  ASSERT_TRUE(Move(microseconds(0)).has_value());
  std::filesystem::rename(root(), root() + "-taken-away");
  KeepFor(minutes(1), minutes(0));
  Record(clock_.Now() - minutes(30));
  Record(clock_.Now() - minutes(90));
  EXPECT_EQ(Expire()->deleted, 2u);
  EXPECT_EQ(Copies(), "");
  std::filesystem::rename(root() + "-taken-away", root());
}

TEST_F(ClipMoverPgTest, MovedClipsAreNotTakenForSpace) {
  StoreWhole(10);
  ASSERT_TRUE(Move(hours(1) - minutes(5)).has_value());  // 0 to 4 are gone from the volume
  KeepFor(hours(24), minutes(0));
  Limit(50'000);
  const auto outcome = Expire();
  ASSERT_TRUE(outcome.has_value()) << ToString(outcome.error());
  EXPECT_EQ(Steps(), "0sclg 1sclg 2sclg 3sclg 4sclg 6sc 7sc 8sc 9sc");
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
