#include "storage/schema/migrate_pg.h"

#include <pqxx/pqxx>
#include <utility>

#include "core/log.h"

namespace yagura::storage::schema {
namespace {

using std::chrono::minutes;

/// So often a migration gives way to processes that use the tables.
constexpr int kTriesMax = 10;

// Any number that no other advisory lock of ours has.
constexpr char kTakeLock[] = "SELECT pg_advisory_xact_lock(7926301)";

constexpr char kCreateVersionTable[] = R"(
  CREATE TABLE IF NOT EXISTS schema_version (
    version     integer PRIMARY KEY,
    name        text NOT NULL,
    sha256_hex  text NOT NULL,
    applied_at  timestamptz NOT NULL DEFAULT now()
  );
  GRANT SELECT ON schema_version TO yagura_record, yagura_keep, yagura_api, yagura_media, yagura_admin;
)";

constexpr char kHasVersionTable[] = "SELECT to_regclass('public.schema_version') IS NOT NULL";

constexpr char kReadApplied[] =
    "SELECT version, name, sha256_hex FROM schema_version ORDER BY version";

constexpr char kRecordApplied[] =
    "INSERT INTO schema_version (version, name, sha256_hex) VALUES ($1, $2, $3)";

std::vector<AppliedMigration> ReadApplied(pqxx::transaction_base& transaction) {
  std::vector<AppliedMigration> applied;
  for (const auto& row : transaction.exec(kReadApplied)) {
    applied.push_back({row[0].as<int>(), row[1].as<std::string>(), row[2].as<std::string>()});
  }
  return applied;
}

Result<void> Apply(pqxx::transaction_base& transaction, const Migration& migration) {
  transaction.exec(std::string(migration.sql));
  transaction.exec_params0(kRecordApplied, migration.version, std::string(migration.name),
                           std::string(migration.sha256_hex));
  return {};
}

/// Applies the first pending migration; false where there was none.
Result<bool> ApplyNext(pqxx::transaction_base& transaction, std::span<const Migration> known) {
  transaction.exec1(kTakeLock);
  transaction.exec0(kCreateVersionTable);
  ASSIGN_OR_RETURN(const auto pending, Pending(ReadApplied(transaction), known));
  if (pending.empty()) return false;
  RETURN_IF_ERROR(Apply(transaction, pending.front()));
  log::Info("schema migration applied", {{"migration", pending.front().name}});
  return true;
}

/// Of a migration and a process that wait for each other's tables, PostgreSQL ends one. A migration
/// that was is as if it had not been begun.
Result<bool> ApplyNextInTheEnd(pg::Pool& pool, std::span<const Migration> known) {
  for (int tries = 1;; ++tries) {
    auto applied = pool.RunFor<bool>(
        [&](pqxx::transaction_base& transaction) { return ApplyNext(transaction, known); });
    const bool gave_way = !applied.has_value() && applied.error().code() == ErrorCode::kAborted;
    if (!gave_way || tries == kTriesMax) return applied;
    log::Warning("a schema migration gave way to a process that uses its tables; once more",
                 {{"why", applied.error()}});
  }
}

Error Differs(std::string what) { return Error(ErrorCode::kFailedPrecondition, std::move(what)); }

}  // namespace

Result<std::span<const Migration>> Pending(const std::vector<AppliedMigration>& applied,
                                           std::span<const Migration> known) {
  for (std::size_t i = 0; i < applied.size(); ++i) {
    const std::string name = "\"" + applied[i].name + "\"";
    if (i >= known.size()) {
      return Failure(Differs("the database has schema migration " + name +
                             ", which this program doesn't know: it is older than the database"));
    }
    if (applied[i].version != known[i].version || applied[i].sha256_hex != known[i].sha256_hex) {
      return Failure(Differs("schema migration " + name +
                             " of the database is not this program's \"" +
                             std::string(known[i].name) + "\": an applied migration was altered"));
    }
  }
  return known.subspan(applied.size());
}

Result<int> Migrate(pg::ConnectOptions owner, std::span<const Migration> known) {
  // A migration may have to wait for the processes that use the tables, and to rewrite large ones.
  owner.lock_timeout = minutes(1);
  owner.statement_timeout = minutes(60);
  owner.transaction_timeout = minutes(120);
  pg::Pool pool(std::move(owner), 1);
  for (int applied = 0;; ++applied) {
    ASSIGN_OR_RETURN(const bool more, ApplyNextInTheEnd(pool, known));
    if (!more) return applied;
  }
}

Result<Status> ReadStatus(pg::Pool& pool, std::span<const Migration> known) {
  return pool.ReadFor<Status>([&](pqxx::transaction_base& transaction) -> Result<Status> {
    std::vector<AppliedMigration> applied;
    if (transaction.exec1(kHasVersionTable)[0].as<bool>()) applied = ReadApplied(transaction);
    ASSIGN_OR_RETURN(const auto pending, Pending(applied, known));
    return Status{.applied = static_cast<int>(applied.size()),
                  .pending = static_cast<int>(pending.size())};
  });
}

}  // namespace yagura::storage::schema
