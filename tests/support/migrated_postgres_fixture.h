#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "tests/support/migrated_postgres.h"

namespace yagura::testing {

/// For tests that need a migrated database: one cluster for the suite, and in it a database for
/// each test.
class MigratedPostgresTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    auto made = CreateMigratedCluster();
    ASSERT_TRUE(made.has_value()) << ToString(made.error());
    suites_cluster_ = *std::move(made);
  }
  static void TearDownTestSuite() { suites_cluster_.reset(); }

  void SetUp() override {
    auto made = NewDatabase();
    ASSERT_TRUE(made.has_value()) << ToString(made.error());
    database_ = *std::move(made);
  }
  /// Overridden where each test needs a cluster that it may stop (MigratedPostgres::Create).
  [[nodiscard]] virtual Result<std::unique_ptr<MigratedPostgres>> NewDatabase() {
    return MigratedPostgres::CreateIn(suites_cluster_);
  }

  [[nodiscard]] std::string Ask(const std::string& sql, const std::string& role = "postgres") {
    return database_->Ask(sql, role);
  }

  std::unique_ptr<MigratedPostgres> database_;

 private:
  inline static std::shared_ptr<PostgresCluster> suites_cluster_;
};

}  // namespace yagura::testing
