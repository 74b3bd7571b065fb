#pragma once

#include <map>
#include <memory>
#include <string>

#include "core/pg/pool_pg.h"
#include "tests/support/postgres_posix.h"

namespace yagura::testing {

/// A database with the whole schema, empty but for what the migrations put there, and a pool for
/// each role. One thread.
class MigratedPostgres {
 public:
  /// In a cluster of its own, for tests that stop or kill it. Errors: of PostgresCluster::Create
  /// and storage::schema::Migrate.
  [[nodiscard]] static Result<std::unique_ptr<MigratedPostgres>> Create(
      PostgresOptions options = {});
  /// A copy (some 50 ms) in a cluster that several tests share; each copy has another name.
  [[nodiscard]] static Result<std::unique_ptr<MigratedPostgres>> CreateIn(
      std::shared_ptr<PostgresCluster> shared);
  ~MigratedPostgres();

  /// The pool of two connections as `role`: "yagura_record", "postgres" (the superuser), ...
  [[nodiscard]] pg::Pool& As(const std::string& role);
  /// With long time limits.
  [[nodiscard]] pg::ConnectOptions ConnectAs(const std::string& role) const;
  /// Runs SQL as `role` in one transaction. The answer is its rows, one a line, values separated by
  /// "|"; or the error, in words.
  [[nodiscard]] std::string Ask(const std::string& sql, const std::string& role = "postgres");
  [[nodiscard]] PostgresCluster& cluster() { return *cluster_; }

 private:
  MigratedPostgres(std::shared_ptr<PostgresCluster> cluster, std::string database)
      : cluster_(std::move(cluster)), database_(std::move(database)) {}

  std::shared_ptr<PostgresCluster> cluster_;
  std::string database_;
  std::map<std::string, std::unique_ptr<pg::Pool>> pools_;
};

/// A started cluster whose database `yagura` is migrated, for MigratedPostgres::CreateIn.
[[nodiscard]] Result<std::shared_ptr<PostgresCluster>> CreateMigratedCluster(
    PostgresOptions options = {});

}  // namespace yagura::testing
