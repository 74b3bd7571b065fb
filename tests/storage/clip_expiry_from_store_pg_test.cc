#include "tests/storage/clip_mover_fixture.h"

/// Clips with copies that expire: from their volume, and from the store.
namespace yagura::storage {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using testing::FakeStore;
using testing::StoreFault;
using testing::StoreRequest;

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

}  // namespace
}  // namespace yagura::storage
