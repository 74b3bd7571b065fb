#include "tests/storage/retention_seen_pg.h"

#include <gtest/gtest.h>

#include <pqxx/pqxx>

namespace yagura::storage {
namespace {

constexpr char kSeen[] = R"(
  SELECT run_id::text || '.' || sequence, coalesce(expiring_rule, ''), bytes, true, false,
         coalesce(expiring_version, 0), expiring_plan IS NOT NULL FROM clip
  UNION ALL
  SELECT run_id::text || '.' || sequence, rule, bytes, false, true, coalesce(rule_version, 0),
         plan_id IS NOT NULL AND planned_at <= deleted_at FROM clip_deletion)";

}  // namespace

std::map<std::string, Seen> ReadSeen(pg::Pool& pool) {
  std::map<std::string, Seen> all;
  const auto read = pool.Run([&](pqxx::transaction_base& transaction) -> Result<void> {
    for (const auto& row : transaction.exec(kSeen)) {
      Seen& seen = all[row[0].c_str()];
      seen.rule = row[1].c_str();
      seen.bytes = row[2].as<std::uint64_t>();
      seen.row |= row[3].as<bool>();
      seen.proof |= row[4].as<bool>();
      seen.version = row[5].as<std::int64_t>();
      seen.planned = row[6].as<bool>();
    }
    return {};
  });
  EXPECT_TRUE(read.has_value()) << ToString(read.error());
  return all;
}

}  // namespace yagura::storage
