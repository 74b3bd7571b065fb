#include "storage/note_retention_pg.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <pqxx/pqxx>

#include "tests/storage/catalogue_office.h"
#include "tests/support/migrated_postgres_fixture.h"

namespace yagura::storage {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

/// What was noted of clocks and reception in ten hours; footage is kept for two.
class NoteRetentionTest : public testing::MigratedPostgresTest {
 protected:
  void SetUp() override {
    MigratedPostgresTest::SetUp();
    ASSERT_TRUE(database_);
    ASSERT_EQ(office_.Insert(*database_), "");
  }
  [[nodiscard]] WallTime At(int hour) const { return office_.start + hours(hour); }
  void Store(const std::vector<JournalRecord>& records) {
    const auto stored = database_->As("yagura_record")
                            .Run([&](pqxx::transaction_base& transaction) -> Result<void> {
                              InsertRecords(transaction, records, CatalogueOffice::Days());
                              return {};
                            });
    ASSERT_TRUE(stored.has_value()) << ToString(stored.error());
  }
  void DeleteAt(WallTime now) {
    const auto done =
        database_->As("yagura_keep").Run([&](pqxx::transaction_base& transaction) -> Result<void> {
          DeleteOldNotes(transaction, {.keep = hours(2), .minimum = hours(0)}, now);
          return {};
        });
    ASSERT_TRUE(done.has_value()) << ToString(done.error());
  }
  /// The hours of what is left, by `instant`.
  std::string Left(const std::string& instant, const std::string& table) {
    return Ask("SELECT string_agg((extract(epoch FROM " + instant + " - '" +
               FormatRfc3339(office_.start) + "') / 3600)::integer::text, ' ' ORDER BY " + instant +
               ") FROM " + table);
  }
  std::string LeftReceptions() { return Left("from_at", "reception"); }
  std::string LeftCameraClocks() { return Left("at", "camera_clock"); }
  std::string LeftClockSteps() { return Left("before_at", "clock_step"); }

  CatalogueOffice office_;
};

TEST_F(NoteRetentionTest, WhatIsOlderThanFootageIsKeptGoes) {
  for (int hour = 0; hour < 10; ++hour) {
    Store({ReceptionNoted{office_.camera, At(hour), At(hour) + minutes(10), 1, 0, 0},
           CameraClockNoted{office_.camera, At(hour), minutes(hour), std::nullopt},
           ClockStepped{NewId<ClockStepId>(), At(hour), At(hour) + minutes(1)}});
  }
  DeleteAt(At(7));
  EXPECT_EQ(LeftReceptions(), "5 6 7 8 9");
  EXPECT_EQ(LeftClockSteps(), "5 6 7 8 9");
  EXPECT_EQ(LeftCameraClocks(), "5 6 7 8 9") << "the one of the fifth hour is a later one by then";
}

TEST_F(NoteRetentionTest, TheLastThatIsKnownOfACamerasClockStays) {
  Store({CameraClockNoted{office_.camera, At(0), minutes(1), std::nullopt},
         CameraClockNoted{office_.camera, At(1), minutes(2), std::nullopt},
         CameraClockNoted{office_.second_camera, At(0), minutes(3), std::nullopt}});
  DeleteAt(At(100));
  EXPECT_EQ(LeftCameraClocks(), "0 1");
  EXPECT_EQ(Ask("SELECT offset_us / 60000000 FROM camera_clock ORDER BY offset_us LIMIT 1"), "2");
}

TEST_F(NoteRetentionTest, WhatTellsOfFootageThatIsStillThereStays) {
  const RunOpened run = office_.Run(At(1), office_.camera);
  Store(office_.RunWithClips(run, 1));
  Store({ReceptionNoted{office_.camera, At(0), At(0) + minutes(10), 1, 0, 0},
         ReceptionNoted{office_.camera, At(1), At(1) + minutes(10), 1, 0, 0},
         ReceptionNoted{office_.second_camera, At(2), At(2) + minutes(10), 1, 0, 0},
         ClockStepped{NewId<ClockStepId>(), At(0), At(0) + minutes(1)},
         ClockStepped{NewId<ClockStepId>(), At(2), At(2) + minutes(1)}});
  DeleteAt(At(100));
  EXPECT_EQ(LeftReceptions(), "1") << "of the other camera there is none";
  EXPECT_EQ(LeftClockSteps(), "2");
}

TEST_F(NoteRetentionTest, ATimeLivedTwiceStaysKnownWhileAGapLiesInIt) {
  Store({ClockStepped{NewId<ClockStepId>(), At(2), At(1)},
         ClockStepped{NewId<ClockStepId>(), At(4), At(3)},
         GapOpened{NewId<GapId>(),
                   office_.camera,
                   Stream::kMain,
                   {office_.unit, office_.floor},
                   GapReason::kCameraSilent,
                   At(1) + minutes(30)}});
  Store({GapEnded{ParseId<GapId>(Ask("SELECT id FROM gap")).value(), At(1) + minutes(40)}});
  DeleteAt(At(100));
  EXPECT_EQ(LeftClockSteps(), "2");
}

}  // namespace
}  // namespace yagura::storage
