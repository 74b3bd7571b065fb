#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/pg/pool_pg.h"
#include "core/result.h"
#include "tests/support/child_process_posix.h"

namespace yagura::testing {

struct PostgresOptions {
  bool durable = false;  // fsync and full_page_writes on, as in service; else off for speed
  std::vector<std::string>
      settings;  // further lines of postgresql.conf, such as "max_connections = 8"
};

/// A PostgreSQL 15 cluster of a test's own, on a Unix socket only, in a folder in /tmp. It has the
/// superuser `postgres`, the roles of storage/schema/roles.sql, and the empty database `yagura`
/// that `yagura_owner` owns: tests run the migrations themselves. Everyone who reaches the socket
/// may connect as any role. Its time zone is the office's (Asia/Tokyo), so that code which forgets
/// that instants are UTC is caught. Made from a template in the build folder, which the first test
/// makes (about 1 s; a copy: 0.1 s).
///
/// The server can't run as root: there it is started as the system user `postgres` that Debian's
/// package makes. One thread: the server ends with the thread that started it.
class PostgresCluster {
 public:
  /// A started cluster. kUnavailable, with the server's own words, where it can't be had.
  [[nodiscard]] static Result<std::unique_ptr<PostgresCluster>> Create(
      PostgresOptions options = {});
  ~PostgresCluster();

  /// How to connect as `role` to the database `yagura`; good across Stop, Kill and Start.
  [[nodiscard]] pg::ConnectOptions ConnectAs(std::string role) const;
  /// The folder of the socket: libpq's `host`.
  [[nodiscard]] std::string host() const { return folder_.path().string(); }
  [[nodiscard]] static constexpr int port() { return 5432; }
  [[nodiscard]] static std::string database() { return "yagura"; }
  /// A connection string for other programs (psql, `yagura`).
  [[nodiscard]] std::string ConnectionString(const std::string& role) const;

  /// Starts a stopped or killed server; returns when it takes connections.
  [[nodiscard]] Result<void> Start();
  /// Stops it as an operator would (fast: connections are broken, data is written); returns when it
  /// is gone.
  [[nodiscard]] Result<void> Stop();
  /// Ends it as a crash would (SIGKILL); returns when it and its backends are gone.
  void Kill();
  [[nodiscard]] bool running();
  /// Of the running server's first process, for tests that freeze it.
  [[nodiscard]] pid_t server_pid() const { return server_->pid(); }

  /// Runs SQL text (any number of statements, not in one transaction) as `role` by psql; the output
  /// is its unaligned rows.
  [[nodiscard]] Result<std::string> Execute(const std::string& sql,
                                            const std::string& role = "postgres") const {
    return ExecuteIn(database(), sql, role);
  }

 private:
  explicit PostgresCluster(PostgresOptions options) : options_(std::move(options)) {}
  [[nodiscard]] Result<void> MakeData();
  [[nodiscard]] Result<void> MakeDataFromNothing();
  [[nodiscard]] Result<void> Configure() const;
  [[nodiscard]] Result<void> AwaitReady();
  [[nodiscard]] Result<std::string> ExecuteIn(const std::string& database_name,
                                              const std::string& sql,
                                              const std::string& role) const;
  void AwaitBackendsGone() const;
  [[nodiscard]] ChildOptions AsServer(std::vector<std::string> arguments) const;
  [[nodiscard]] std::filesystem::path data() const { return folder_.path() / "data"; }
  [[nodiscard]] std::filesystem::path log() const { return folder_.path() / "log"; }

  PostgresOptions options_;
  TemporaryFolder folder_;
  std::optional<ChildProcess> server_;
};

}  // namespace yagura::testing
