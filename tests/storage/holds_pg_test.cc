#include <gmock/gmock.h>

#include <future>
#include <pqxx/pqxx>

#include "tests/storage/retention_fixture.h"

namespace yagura::storage {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

class HoldTest : public RetentionPgTest {
 protected:
  /// Keeps [from, to) of the camera, counted from the start; gives the hold's id and what of the
  /// range was gone already.
  struct Held {
    std::string id;
    std::string gone;
  };
  static std::string HoldSql(const CatalogueOffice& office, const std::string& id,
                             microseconds from, microseconds to) {
    const auto text = [](const std::string& value) { return "'" + value + "'"; };
    return "SELECT hold_keep(" + text(id) + ", " + text(ToString(office.camera)) + ", " +
           text(ToString(office.unit)) + ", " + text(FormatRfc3339(office.start + from)) + ", " +
           text(FormatRfc3339(office.start + to)) + ", 'a theft', now() + interval '30 days', " +
           text(ToString(office.placer)) + ", ARRAY[gen_random_uuid()])";
  }
  Held Hold(microseconds from, microseconds to) {
    const std::string id = ToString(NewId<Id<struct HoldTag>>());
    return {id, Ask(HoldSql(office_, id, from, to))};
  }
  void Release(const Held& hold) {
    ASSERT_EQ("", Ask("UPDATE hold SET released_at = now(), released_by = '" +
                      ToString(office_.releaser) +
                      "', released_basis = ARRAY[gen_random_uuid()], release_reason = 'over' "
                      "WHERE id = '" +
                      hold.id + "'"));
  }
};

// A hold takes each clip that it overlaps, if only by a microsecond, and no other.
TEST_F(HoldTest, DeletesNothingThatIsHeldUntilItIsReleased) {
  Store(8);
  KeepFor(minutes(55), hours(0));
  const Held hold = Hold(minutes(2) - microseconds(1), minutes(3));
  EXPECT_EQ(hold.gone, "{}");
  EXPECT_EQ(Pass().value().deleted, 3U);
  EXPECT_EQ(State(), "1,2,5,6,7|0age,3age,4age|1,2,5,6,7");
  EXPECT_EQ(HeldOnVolumes(database_->As("yagura_keep")).value(),
            (std::vector<HeldClips>{{.volume = office_.volume, .clips = 2, .bytes = 20'000}}));
  Release(hold);
  EXPECT_EQ(Pass().value().deleted, 2U);
  EXPECT_EQ(State(), "5,6,7|0age,1age,2age,3age,4age|5,6,7");
  EXPECT_EQ(HeldOnVolumes(database_->As("yagura_keep")).value(), std::vector<HeldClips>{});
}

TEST_F(HoldTest, KeepsWhatAnotherHoldStillHolds) {
  Store(3);
  KeepFor(minutes(10), hours(0));
  const Held first = Hold(minutes(0), minutes(2));
  const Held second = Hold(minutes(1), minutes(3));
  Release(first);
  EXPECT_EQ(Pass().value().deleted, 1U);
  Release(second);
  EXPECT_EQ(Pass().value().deleted, 2U);
}

/// More clips than one plan shows are held at the old end of the volume.
TEST_F(HoldTest, FindsWhatIsToGoBehindManyHeldClips) {
  Store(20);
  KeepFor(minutes(50), hours(0));
  (void)Hold(minutes(0), minutes(9));
  EXPECT_EQ(Pass().value().deleted, 1U);
  EXPECT_EQ(Ask("SELECT string_agg(sequence::text, ',') FROM clip_deletion"), "9");
}

TEST_F(HoldTest, TakesTheOldestThatIsNotHeldWhereAVolumeIsNearlyFull) {
  Store(20);
  KeepFor(hours(100), hours(0));
  Limit(100'000);
  (void)Hold(minutes(0), minutes(5));
  ASSERT_TRUE(Pass().has_value());
  EXPECT_EQ(Ask("SELECT min(sequence), max(sequence) FROM clip_deletion"), "5|15");
}

TEST_F(HoldTest, AVolumeOfHeldClipsAloneStopsRecording) {
  Store(20);
  KeepFor(hours(100), hours(0));
  Limit(100'000);
  (void)Hold(minutes(0), minutes(20));
  EXPECT_EQ(Pass().value().pressed, std::vector{office_.volume});
  EXPECT_EQ(Ask("SELECT count(*) FROM clip"), "20");
  EXPECT_EQ(FullVolumes(database_->As("yagura_record")).value(), std::vector{office_.volume});
}

TEST_F(HoldTest, KeepsHeldClipsAlsoOfTheTimeInWhichTheCameraWasStaged) {
  Store(3);
  KeepFor(hours(24), hours(24));
  const std::string start = "'" + FormatRfc3339(office_.start) + "'::timestamptz";
  ASSERT_EQ("", Ask("INSERT INTO camera_state SELECT '" + ToString(office_.camera) + "', state, " +
                    start + " + one, " + start +
                    " + two FROM (VALUES ('staged', interval '0', interval '5 min'), "
                    "('in_service', '5 min', '2 days')) AS was (state, one, two)"));
  (void)Hold(minutes(1), minutes(2));
  ASSERT_TRUE(Pass().has_value());
  EXPECT_EQ(State(), "1|0staged,2staged|1");
}

/// The hold says what of it was marked, or proved deleted, before; and the rest is kept.
TEST_F(HoldTest, AHoldSaysWhatWasGoneBefore) {
  Store(8);
  KeepFor(minutes(57), hours(0));
  ASSERT_TRUE(Pass().has_value());
  KeepFor(minutes(55), hours(0), minutes(59));
  files_.stumbles = [](std::string_view step) { return step == "unlink"; };
  EXPECT_EQ(Pass().value().not_deletable, 2U);
  const Held hold = Hold(minutes(1), minutes(8));
  EXPECT_EQ(hold.gone, R"({["2027-06-15 05:01:00+00","2027-06-15 05:05:00+00")})");
  files_.stumbles = [](std::string_view) { return false; };
  EXPECT_EQ(Pass().value().deleted, 2U);
  clock_.Advance(hours(1));
  Record(clock_.Now());
  EXPECT_EQ(Pass().value().deleted, 0U);
  EXPECT_EQ(State(), "5,6,7|0age,1age,2age,3age,4age|5,6,7");
}

/// Between the plan and its first step, which waits for the hold to be committed.
TEST_F(HoldTest, AHoldThatIsBeingPlacedIsWaitedFor) {
  Store(3);
  KeepFor(minutes(10), hours(0));
  pg::Pool& pool = database_->As("postgres");
  std::promise<void> placed;
  std::promise<void> passed;
  std::future<Result<void>> hold;
  const auto place = [&](pqxx::transaction_base& transaction) -> Result<void> {
    transaction.exec1(
        HoldSql(office_, ToString(NewId<Id<struct HoldTag>>()), minutes(1), minutes(2)));
    placed.set_value();
    const auto is_over = passed.get_future();
    while (is_over.wait_for(std::chrono::milliseconds(5)) != std::future_status::ready) {
      if (transaction.exec1("SELECT count(*) FROM pg_locks WHERE NOT granted")[0].as<int>() > 0)
        break;
    }
    return {};
  };
  after_the_plan_ = [&] {
    if (hold.valid()) return;
    hold = std::async(std::launch::async, [&] { return pool.Run(place); });
    placed.get_future().wait();
  };
  EXPECT_EQ(Pass().value().deleted, 2U);
  passed.set_value();
  EXPECT_TRUE(hold.get().has_value());
  EXPECT_EQ(State(), "1|0age,2age|1");
}

TEST_F(HoldTest, AHoldIsNeverDeleted) {
  (void)Hold(minutes(0), minutes(1));
  EXPECT_THAT(Ask("DELETE FROM hold"), ::testing::HasSubstr("never deleted"));
}

}  // namespace
}  // namespace yagura::storage
