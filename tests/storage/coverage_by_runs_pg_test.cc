#include <gtest/gtest.h>

#include <pqxx/pqxx>
#include <random>

#include "storage/catalogue_insert_pg.h"
#include "tests/storage/catalogue_office.h"
#include "tests/support/migrated_postgres_fixture.h"

namespace yagura::storage {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

/// Stretches as the clips alone tell them, for whoever sees all.
std::string StretchesOfClips(const std::string& camera, const std::string& range) {
  return "WITH seen AS (SELECT run_id, start_at, end_at, start_at IS DISTINCT FROM lag(end_at) "
         "OVER "
         "(PARTITION BY run_id ORDER BY start_at) AS is_first FROM clip WHERE camera_id = " +
         camera +
         " AND stream = 'main' AND expiring_since IS NULL AND tstzrange(start_at, end_at) "
         "&& tstzrange(" +
         range +
         ")), numbered AS (SELECT *, count(*) FILTER (WHERE is_first) OVER "
         "(PARTITION BY run_id ORDER BY start_at) AS stretch FROM seen) "
         "SELECT greatest(min(start_at), lower(tstzrange(" +
         range +
         "))), least(max(end_at), "
         "upper(tstzrange(" +
         range + "))) FROM numbered GROUP BY run_id, stretch ORDER BY 1, 2";
}

/// Coverage as it is told from runs, against the clips themselves.
class CoverageByRunsTest : public testing::MigratedPostgresTest {
 protected:
  void SetUp() override {
    MigratedPostgresTest::SetUp();
    ASSERT_EQ(office_.Insert(*database_), "");
    ASSERT_EQ("",
              Ask("INSERT INTO person (id, username, name, password_hash, password_alone) VALUES "
                  "(gen_random_uuid(), 'ops', 'o', 'x', true); INSERT INTO assignment (id, "
                  "person_id, post, unit_id, valid_from) SELECT gen_random_uuid(), person.id, "
                  "'operations', unit.id, '2020-01-01' FROM person, unit WHERE "
                  "username = 'ops'; INSERT INTO session "
                  "(person_id, token_sha256, terminal, factors) SELECT id, sha256('token'), "
                  "'t', 1 FROM person WHERE username = 'ops'"));
  }
  void Store(const std::vector<JournalRecord>& records) {
    const auto days = CatalogueOffice::Days();
    const auto stored = database_->As("yagura_record")
                            .Run([&](pqxx::transaction_base& transaction) -> Result<void> {
                              InsertRecords(transaction, records, days);
                              return {};
                            });
    ASSERT_TRUE(stored.has_value()) << ToString(stored.error());
  }
  /// What the operations desk sees recorded.
  std::string Told(const std::string& range) {
    std::string told;
    const auto read = database_->As("yagura_api").Run([&](pqxx::transaction_base& transaction) {
      transaction.exec("SELECT FROM request_enter('token', clock_timestamp())");
      for (const pqxx::row& row :
           transaction.exec("SELECT start_at, end_at FROM recorded_stretches(" + camera_ + ", " +
                            range + ") ORDER BY 1, 2")) {
        told +=
            (told.empty() ? "" : "\n") + row[0].as<std::string>() + "|" + row[1].as<std::string>();
      }
      return Result<void>();
    });
    EXPECT_TRUE(read.has_value()) << ToString(read.error());
    return told;
  }
  std::string OfClips(const std::string& range) {
    return database_->Ask(StretchesOfClips(camera_, range), "yagura_record");
  }
  void Do(const std::string& sql) { EXPECT_EQ(Ask(sql), "") << sql; }
  void ExpectTheSame(const std::string& what) {
    const std::string from = "'2027-06-15T14:07:30+09:00'::timestamptz";
    const std::string to = "'2027-06-15T14:31:20+09:00'::timestamptz";
    for (const std::string& range :
         {std::string("'2027-06-15+09'::timestamptz, '2027-06-16+09'::timestamptz"),
          from + ", " + to}) {
      ASSERT_EQ(Told(range), OfClips(range)) << what << " in " << range;
    }
  }

  CatalogueOffice office_;
  const std::string camera_ = "'" + ToString(office_.camera) + "'";
};

TEST_F(CoverageByRunsTest, IsWhatTheClipsTellWhateverBecomesOfThem) {
  std::mt19937 random(20270615);
  const auto any = [&random](int most) {
    return static_cast<int>(random() % static_cast<unsigned>(most));
  };
  RunOpened run = office_.Run();
  std::uint32_t sequence = 0;
  for (int step = 0; step < 150; ++step) {
    const int what = any(8);
    if (what <= 2) {
      std::vector<JournalRecord> records{run};
      for (int i = any(4); i >= 0; --i) records.emplace_back(office_.Clip(run, sequence++));
      Store(records);
    } else if (what == 3) {
      ++sequence;  // a clip that never comes
    } else if (what == 4) {
      run = office_.Run(office_.start + minutes(any(40)) + seconds(7), office_.camera);
      sequence = 0;
    } else if (what == 5) {
      Do("UPDATE clip SET expiring_since = now(), expiring_rule = 'age' WHERE (run_id, sequence) "
         "IN "
         "(SELECT run_id, sequence FROM clip WHERE expiring_since IS NULL ORDER BY start_at "
         "LIMIT " +
         std::to_string(any(4)) + ")");
    } else if (what == 6) {
      Do("UPDATE clip SET expiring_since = CASE WHEN expiring_since IS NULL THEN now() END, "
         "expiring_rule = CASE WHEN expiring_since IS NULL THEN 'age' END WHERE (run_id, "
         "sequence) "
         "IN (SELECT run_id, sequence FROM clip ORDER BY run_id, sequence OFFSET " +
         std::to_string(any(20)) + " LIMIT 1)");
    } else {
      Do("DELETE FROM clip WHERE expiring_since IS NOT NULL OR (run_id, sequence) IN (SELECT "
         "run_id, "
         "sequence FROM clip ORDER BY sequence DESC, run_id LIMIT " +
         std::to_string(any(2)) + ")");
    }
    ExpectTheSame("step " + std::to_string(step) + ", of kind " + std::to_string(what));
    if (HasFatalFailure()) return;
  }
  EXPECT_NE(OfClips("'-infinity'::timestamptz, 'infinity'::timestamptz"), "");
}

TEST_F(CoverageByRunsTest, AsksTheClipsOfRunsFromBeforeItWasKept) {
  Store(office_.RunWithClips(office_.Run(), 5));
  EXPECT_EQ("", Ask("UPDATE run SET recorded = NULL, clips_from = NULL, clips_to = NULL"));
  const RunOpened run = office_.Run();
  Store({run, office_.Clip(run, 5)});
  ExpectTheSame("an old run and a new one");
}

}  // namespace
}  // namespace yagura::storage
