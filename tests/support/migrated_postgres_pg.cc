#include <pqxx/pqxx>

#include "core/ids.h"
#include "storage/schema/migrate_pg.h"
#include "tests/support/migrated_postgres.h"

namespace yagura::testing {
namespace {

constexpr int kConnectionsPerRole = 2;
constexpr std::chrono::seconds kPatience{30};

std::string Rows(const pqxx::result& result) {
  std::string text;
  for (const auto& row : result) {
    if (!text.empty()) text += "\n";
    for (const auto& field : row) {
      if (field.num() > 0) text += "|";
      text += field.c_str();
    }
  }
  return text;
}

std::string NewDatabaseName() { return "copy_" + ToString(NewId<SessionId>()).substr(0, 8); }

}  // namespace

Result<std::shared_ptr<PostgresCluster>> CreateMigratedCluster(PostgresOptions options) {
  ASSIGN_OR_RETURN(std::shared_ptr<PostgresCluster> cluster,
                   PostgresCluster::Create(std::move(options)));
  RETURN_IF_ERROR(storage::schema::Migrate(cluster->ConnectAs("yagura_owner")));
  return cluster;
}

Result<std::unique_ptr<MigratedPostgres>> MigratedPostgres::Create(PostgresOptions options) {
  ASSIGN_OR_RETURN(auto cluster, CreateMigratedCluster(std::move(options)));
  return std::unique_ptr<MigratedPostgres>(
      new MigratedPostgres(std::move(cluster), PostgresCluster::database()));
}

Result<std::unique_ptr<MigratedPostgres>> MigratedPostgres::CreateIn(
    std::shared_ptr<PostgresCluster> shared) {
  const std::string name = NewDatabaseName();
  RETURN_IF_ERROR(shared->Execute("CREATE DATABASE " + name + " OWNER yagura_owner TEMPLATE " +
                                  PostgresCluster::database()));
  return std::unique_ptr<MigratedPostgres>(new MigratedPostgres(std::move(shared), name));
}

MigratedPostgres::~MigratedPostgres() = default;

pg::ConnectOptions MigratedPostgres::ConnectAs(const std::string& role) const {
  pg::ConnectOptions options = cluster_->ConnectAs(role);
  options.database = database_;
  // A busy machine fails no test; one that is about time limits sets its own.
  options.connect_timeout = options.statement_timeout = options.lock_timeout = kPatience;
  options.transaction_timeout = 2 * kPatience;
  return options;
}

pg::Pool& MigratedPostgres::As(const std::string& role) {
  auto& pool = pools_[role];
  if (!pool) pool = std::make_unique<pg::Pool>(ConnectAs(role), kConnectionsPerRole);
  return *pool;
}

std::string MigratedPostgres::Ask(const std::string& sql, const std::string& role) {
  const auto answer =
      As(role).RunFor<std::string>([&](pqxx::transaction_base& transaction) -> Result<std::string> {
        return Rows(transaction.exec(sql));
      });
  return answer.has_value() ? *answer : ToString(answer.error());
}

}  // namespace yagura::testing
