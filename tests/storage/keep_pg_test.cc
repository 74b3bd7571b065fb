#include "storage/keep_pg.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <pqxx/pqxx>
#include <regex>

#include "storage/files_posix.h"
#include "storage/volume.h"
#include "tests/storage/catalogue_office.h"
#include "tests/support/fake_clock.h"
#include "tests/support/migrated_postgres_fixture.h"

namespace yagura::storage {
namespace {

using std::chrono::hours;
using ::testing::HasSubstr;

class KeepTest : public testing::MigratedPostgresTest {
 protected:
  void SetUp() override {
    MigratedPostgresTest::SetUp();
    ASSERT_TRUE(database_);
    ASSERT_EQ(office_.Insert(*database_), "");
  }
  std::unique_ptr<Keep> NewKeep() {
    Keep::Options options{.days = CatalogueOffice::Days(),
                          .set_aside_path = folder_.path().string() + "/set-aside.jsonl"};
    options.partition_days_ahead = 3;
    return std::make_unique<Keep>(database_->As("yagura_keep"), files_, clock_, options);
  }
  std::string Partitions() {
    return Ask(
        "SELECT string_agg(substr(relid::text, 6), ' ' ORDER BY relid::text)"
        " FROM pg_partition_tree('clip') WHERE level = 1");
  }

  CatalogueOffice office_;
  testing::TemporaryFolder folder_;
  testing::FakeClock clock_{office_.start};
  PosixFiles files_;
};

TEST_F(KeepTest, MakesTheOfficesDaysAheadAndDropsEmptyOldOnes) {
  const auto keep = NewKeep();
  ASSERT_TRUE(keep->Round().has_value());
  EXPECT_EQ(Partitions(), "20270613 20270614 20270615 20270616 20270617 20270618");
  clock_.Advance(hours(10) - microseconds(1));  // the last moment of the 15th in Tokyo
  ASSERT_TRUE(keep->Round().has_value());
  EXPECT_EQ(Partitions(), "20270613 20270614 20270615 20270616 20270617 20270618");
  clock_.Advance(microseconds(1));
  ASSERT_TRUE(keep->Round().has_value());
  EXPECT_EQ(Partitions(), "20270614 20270615 20270616 20270617 20270618 20270619");
}

TEST_F(KeepTest, NeverDropsAPartitionThatHoldsARow) {
  const auto days = CatalogueOffice::Days();
  const auto records = office_.RunWithClips(office_.Run(), 1);
  ASSERT_TRUE(
      database_->As("yagura_record").Run([&](pqxx::transaction_base& transaction) -> Result<void> {
        InsertRecords(transaction, records, days);
        return {};
      }));
  clock_.Advance(hours(24 * 5));  // its volume is not there, so nothing is deleted
  ASSERT_TRUE(NewKeep()->Round().has_value());
  EXPECT_THAT(Partitions(), HasSubstr("20270615 20270618"));
  EXPECT_EQ(Ask("SELECT count(*) FROM clip"), "1");
}

TEST_F(KeepTest, DeletesOldNotesOnceTheClockIsBelieved) {
  const auto store = [&](const std::vector<JournalRecord>& records) {
    ASSERT_TRUE(database_->As("yagura_record")
                    .Run([&](pqxx::transaction_base& transaction) -> Result<void> {
                      InsertRecords(transaction, records, CatalogueOffice::Days());
                      return {};
                    }));
  };
  store({ReceptionNoted{office_.camera, office_.start, office_.start + hours(1), 1, 0, 0}});
  clock_.Advance(hours(24 * 32));
  ASSERT_TRUE(NewKeep()->Round().has_value());
  EXPECT_EQ(Ask("SELECT count(*) FROM reception"), "1");
  store({office_.Run(clock_.Now() - std::chrono::minutes(30), office_.camera),
         office_.Run(clock_.Now() - std::chrono::minutes(90), office_.camera)});
  ASSERT_TRUE(NewKeep()->Round().has_value());
  EXPECT_EQ(Ask("SELECT count(*) FROM reception"), "0");
}

/// The marks that a round raises an alarm for, in order.
std::string MarksTold(Keep& keep) {
  ::testing::internal::CaptureStdout();
  ::testing::internal::CaptureStderr();
  EXPECT_TRUE(keep.Round().has_value());
  const std::string log =
      ::testing::internal::GetCapturedStdout() + ::testing::internal::GetCapturedStderr();
  std::string marks;
  const std::regex alarm("a volume is nearly full.*above_percent[^0-9]*([0-9]+)");
  for (std::sregex_iterator at(log.begin(), log.end(), alarm), end; at != end; ++at)
    marks += (*at)[1].str() + " ";
  return marks;
}

TEST_F(KeepTest, RaisesAnAlarmAtEachMarkOnceAndInOrder) {
  const auto id = Volume::Format(files_, folder_.path().string());
  ASSERT_TRUE(id.has_value());
  ASSERT_EQ(Ask("UPDATE volume SET id = '" + ToString(*id) + "', path = '" +
                folder_.path().string() + "', limit_bytes = 1000"),
            "");
  const auto told_at = [&](int stored_bytes) {
    EXPECT_EQ(Ask("UPDATE volume SET stored_bytes = " + std::to_string(stored_bytes)), "");
    return MarksTold(*NewKeep());
  };
  EXPECT_EQ(told_at(700), "");
  EXPECT_EQ(told_at(710), "70 ");
  EXPECT_EQ(told_at(720), "");
  EXPECT_EQ(told_at(690), "") << "it is still about there";
  EXPECT_EQ(told_at(960), "85 95 ");
  EXPECT_EQ(told_at(600), "");
  EXPECT_EQ(told_at(710), "70 ");
  EXPECT_EQ(Ask("SELECT capacity_bytes, mark_percent FROM volume"), "1000|70");
}

TEST_F(KeepTest, TellsWhatIsRecordedADayAndWhenAVolumeWillBeFull) {
  const auto id = Volume::Format(files_, folder_.path().string());
  ASSERT_TRUE(id.has_value());
  ASSERT_EQ(Ask("UPDATE volume SET id = '" + ToString(*id) + "', path = '" +
                folder_.path().string() + "', limit_bytes = 10000000"),
            "");
  office_.volume = *id;
  const auto records = office_.RunWithClips(office_.Run(), 60);  // 600 kB in an hour
  ASSERT_TRUE(
      database_->As("yagura_record").Run([&](pqxx::transaction_base& transaction) -> Result<void> {
        InsertRecords(transaction, records, CatalogueOffice::Days());
        return {};
      }));
  clock_.Advance(hours(1));
  ASSERT_TRUE(NewKeep()->Round().has_value());
  const auto standings = ReadVolumeStandings(database_->As("yagura_keep"), clock_.Now());
  ASSERT_TRUE(standings.has_value());
  const VolumeStanding& volume = standings->front();
  EXPECT_EQ(volume.bytes_per_day, 24U * 600'000);
  EXPECT_EQ(volume.stored_clips, 60U);
  // 9.5 MB may be taken: 8.9 MB at 0.6 MB an hour.
  EXPECT_EQ(volume.full_at, clock_.Now() + std::chrono::seconds(53'400));
}

TEST_F(KeepTest, BoundsADayAsTheOfficeDoes) {
  ASSERT_TRUE(NewKeep()->Round().has_value());
  EXPECT_EQ(
      Ask("SELECT pg_get_expr(relpartbound, oid) FROM pg_class WHERE relname = 'clip_20270615'"),
      "FOR VALUES FROM ('2027-06-14 15:00:00+00') TO ('2027-06-15 15:00:00+00')");
}

TEST_F(KeepTest, GivesNobodyARightOnAPartition) {
  ASSERT_TRUE(NewKeep()->Round().has_value());
  EXPECT_EQ(Ask("SELECT DISTINCT pg_get_userbyid(relowner), relacl IS NULL FROM pg_class WHERE "
                "relname LIKE 'clip!_2%' ESCAPE '!'"
                " AND relkind = 'r'"),
            "yagura_owner|t");
  for (const std::string role :
       {"yagura_record", "yagura_keep", "yagura_api", "yagura_media", "yagura_admin"}) {
    EXPECT_THAT(Ask("SELECT count(*) FROM clip_20270615", role), HasSubstr("permission denied"))
        << role;
  }
}

TEST_F(KeepTest, RefusesPartitionsWithoutMeasure) {
  EXPECT_THAT(Ask("SELECT ensure_clip_partitions('2027-01-01', '2037-01-01', 'Asia/Tokyo')",
                  "yagura_record"),
              HasSubstr("more than 400 days"));
}

TEST_F(KeepTest, GoesOnWithTheRestWhereOnePartFails) {
  EXPECT_EQ("", Ask("REVOKE SELECT ON volume FROM yagura_keep"));
  const auto round = NewKeep()->Round();
  ASSERT_FALSE(round.has_value());
  EXPECT_EQ(round.error().code(), ErrorCode::kPermissionDenied);
  EXPECT_THAT(Partitions(), HasSubstr("20270615"));
}

}  // namespace
}  // namespace yagura::storage
