#include "storage/schema/migrate_pg.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <thread>

#include "tests/support/migrated_postgres.h"

namespace yagura::storage::schema {
namespace {

using ::testing::HasSubstr;

constexpr std::array<Migration, 2> kTwo{{
    {1, "0001_one", "aa", "CREATE TABLE one (x int)"},
    {2, "0002_two", "bb", "CREATE TABLE two (x int); INSERT INTO one VALUES (1)"},
}};

class MigrateTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    auto made = testing::PostgresCluster::Create();
    ASSERT_TRUE(made.has_value()) << ToString(made.error());
    cluster_ = *std::move(made);
  }
  static void TearDownTestSuite() { cluster_.reset(); }
  void SetUp() override {
    ASSERT_TRUE(cluster_->Execute(
        "DROP SCHEMA public CASCADE; DROP SCHEMA IF EXISTS crypto CASCADE; CREATE SCHEMA public"
        " AUTHORIZATION pg_database_owner; GRANT USAGE ON SCHEMA public TO PUBLIC"));
  }
  static pg::ConnectOptions Owner() { return cluster_->ConnectAs("yagura_owner"); }
  static std::string Ask(const std::string& sql) {
    return cluster_->Execute(sql).value_or("error");
  }

  static std::unique_ptr<testing::PostgresCluster> cluster_;
};
std::unique_ptr<testing::PostgresCluster> MigrateTest::cluster_;

TEST_F(MigrateTest, AppliesEachOnce) {
  EXPECT_EQ(Migrate(Owner(), std::span(kTwo).first(1)), 1);
  EXPECT_EQ(Migrate(Owner(), kTwo), 1);
  EXPECT_EQ(Migrate(Owner(), kTwo), 0);
  EXPECT_EQ(Ask("SELECT version, name, sha256_hex FROM schema_version ORDER BY 1"),
            "1|0001_one|aa\n2|0002_two|bb\n");
  EXPECT_EQ(Ask("SELECT x FROM one"), "1\n");
}

TEST_F(MigrateTest, LeavesNothingOfAMigrationThatFails) {
  const std::array<Migration, 2> broken{
      kTwo[0], {2, "0002_two", "bb", "CREATE TABLE two (x int); SELECT no_such_column"}};
  EXPECT_FALSE(Migrate(Owner(), broken).has_value());
  EXPECT_EQ(Ask("SELECT to_regclass('one') IS NOT NULL, to_regclass('two') IS NULL"), "t|t\n");
  EXPECT_EQ(Migrate(Owner(), kTwo), 1);
}

TEST_F(MigrateTest, RefusesADatabaseOfANewerProgram) {
  ASSERT_TRUE(Migrate(Owner(), kTwo).has_value());
  const auto done = Migrate(Owner(), std::span(kTwo).first(1));
  ASSERT_FALSE(done.has_value());
  EXPECT_EQ(done.error().code(), ErrorCode::kFailedPrecondition);
  EXPECT_THAT(done.error().message(), HasSubstr("\"0002_two\", which this program doesn't know"));
}

TEST_F(MigrateTest, RefusesAnAlteredMigration) {
  ASSERT_TRUE(Migrate(Owner(), kTwo).has_value());
  const std::array<Migration, 2> altered{kTwo[0], {2, "0002_two", "cc", ""}};
  const auto done = Migrate(Owner(), altered);
  ASSERT_FALSE(done.has_value());
  EXPECT_THAT(done.error().message(), HasSubstr("an applied migration was altered"));
}

TEST_F(MigrateTest, LetsTwoProgramsMigrateAtOnce) {
  Result<int> one = 0, two = 0;
  std::thread other([&] { one = Migrate(Owner(), kTwo); });
  two = Migrate(Owner(), kTwo);
  other.join();
  ASSERT_TRUE(one.has_value() && two.has_value());
  EXPECT_EQ(*one + *two, 2);
}

TEST_F(MigrateTest, TellsWhatIsMissing) {
  pg::Pool api(cluster_->ConnectAs("yagura_api"), 1);
  EXPECT_EQ(ReadStatus(api, kTwo).value().pending, 2);
  ASSERT_TRUE(Migrate(Owner(), std::span(kTwo).first(1)).has_value());
  EXPECT_EQ(ReadStatus(api, kTwo).value().applied, 1);
  EXPECT_EQ(ReadStatus(api, kTwo).value().pending, 1);
}

TEST_F(MigrateTest, BringsTheProductsOwnSchema) {
  EXPECT_EQ(Migrate(Owner()), static_cast<int>(Migrations().size()));
  int before = 0;  // numbers rise, and may leave some out
  for (const Migration& migration : Migrations()) {
    EXPECT_GT(migration.version, before);
    before = migration.version;
  }
  pg::Pool api(cluster_->ConnectAs("yagura_api"), 1);
  EXPECT_EQ(ReadStatus(api).value().pending, 0);
}

TEST_F(MigrateTest, SessionsFromBeforeTheirFactorsWereKeptGoOnWithWhatTheyHad) {
  const std::span<const Migration> all = Migrations();
  const auto keeps_them =
      std::find_if(all.begin(), all.end(), [](const Migration& one) { return one.version == 18; });
  ASSERT_TRUE(
      Migrate(Owner(), all.first(static_cast<std::size_t>(keeps_them - all.begin()))).has_value());
  Ask("INSERT INTO person (id, username, name, password_hash, password_alone) SELECT "
      "gen_random_uuid(), name, name, 'x', name = 'alone' FROM unnest(ARRAY['alone', 'both', "
      "'neither']) AS name; INSERT INTO second_factor (person_id, secret) SELECT id, sha256('x') "
      "FROM person WHERE username = 'both'; INSERT INTO session (person_id, token_sha256, terminal)"
      " SELECT id, sha256(convert_to(username, 'UTF8')), 't' FROM person");
  ASSERT_TRUE(Migrate(Owner()).has_value());
  EXPECT_EQ(
      Ask("SELECT username, factors, session.id IN (SELECT id FROM open_session) FROM session "
          "JOIN person ON person.id = person_id ORDER BY username"),
      "alone|1|t\nboth|2|t\nneither|1|f\n");
}

TEST(MigratedPostgresTest, GivesEachTestItsOwnRows) {
  const auto cluster = testing::CreateMigratedCluster();
  ASSERT_TRUE(cluster.has_value()) << ToString(cluster.error());
  const auto one = testing::MigratedPostgres::CreateIn(*cluster);
  const auto two = testing::MigratedPostgres::CreateIn(*cluster);
  ASSERT_TRUE(one.has_value() && two.has_value());
  EXPECT_EQ((*one)->Ask("UPDATE facts_epoch SET epoch = 7"), "");
  EXPECT_EQ((*one)->Ask("SELECT epoch, current_user FROM facts_epoch", "yagura_api"),
            "7|yagura_api");
  EXPECT_NE((*two)->Ask("SELECT epoch FROM facts_epoch"), "7");
  EXPECT_EQ((*two)->Ask("SELECT no_such"),
            "internal: sqlstate 42703: column \"no_such\" does not exist");
}

}  // namespace
}  // namespace yagura::storage::schema
