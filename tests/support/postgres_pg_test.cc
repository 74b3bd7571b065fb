#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/postgres_posix.h"

namespace yagura::testing {
namespace {

using ::testing::HasSubstr;

class PostgresClusterTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto made = PostgresCluster::Create();
    ASSERT_TRUE(made.has_value()) << ToString(made.error());
    cluster_ = *std::move(made);
  }
  std::string Ask(const std::string& sql, const std::string& role = "postgres") {
    const auto answer = cluster_->Execute(sql, role);
    return answer.has_value() ? *answer : ToString(answer.error());
  }
  std::unique_ptr<PostgresCluster> cluster_;
};

TEST_F(PostgresClusterTest, HasTheProductsRolesAndAnEmptyDatabase) {
  EXPECT_EQ(Ask("SELECT current_user", "yagura_api"), "yagura_api\n");
  EXPECT_EQ(
      Ask("SELECT pg_catalog.pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'yagura'"),
      "yagura_owner\n");
  EXPECT_EQ(Ask("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"), "0\n");
}

TEST_F(PostgresClusterTest, KeepsWhatWasCommittedAcrossACrashAndAStop) {
  EXPECT_EQ(Ask("CREATE TABLE kept (x int); INSERT INTO kept VALUES (1)"), "");
  cluster_->Kill();
  EXPECT_FALSE(cluster_->running());
  ASSERT_TRUE(cluster_->Start().has_value());
  EXPECT_EQ(Ask("SELECT x FROM kept"), "1\n");
  ASSERT_TRUE(cluster_->Stop().has_value());
  ASSERT_TRUE(cluster_->Start().has_value());
  EXPECT_EQ(Ask("SELECT x FROM kept"), "1\n");
}

TEST_F(PostgresClusterTest, TellsAWrongStatement) {
  EXPECT_THAT(Ask("SELECT no_such_column"), HasSubstr("no_such_column"));
}

TEST_F(PostgresClusterTest, IsDurableWhereAsked) {
  EXPECT_EQ(Ask("SHOW fsync"), "off\n");
  const auto durable =
      PostgresCluster::Create({.durable = true, .settings = {"max_connections = 8"}});
  ASSERT_TRUE(durable.has_value()) << ToString(durable.error());
  EXPECT_EQ((*durable)->Execute("SHOW fsync").value_or("?"), "on\n");
  EXPECT_EQ((*durable)->Execute("SHOW max_connections").value_or("?"), "8\n");
}

}  // namespace
}  // namespace yagura::testing
