#include "storage/store_standing_pg.h"

#include <pqxx/pqxx>

#include "core/pg/values.h"

namespace yagura::storage {
namespace {

constexpr char kStanding[] =
    "SELECT address, stored_bytes, stored_clips, copied_until, seen_at, coalesce(fault, '')"
    " FROM object_store ORDER BY seen_at DESC NULLS LAST LIMIT 1";

std::optional<WallTime> TimeOf(const pqxx::field& field) {
  if (field.is_null()) return std::nullopt;
  return pg::TimeOf(field.c_str());
}

}  // namespace

Result<std::optional<StoreStanding>> ReadStoreStanding(pg::Pool& pool) {
  using Found = std::optional<StoreStanding>;
  return pool.ReadFor<Found>([](pqxx::transaction_base& transaction) -> Result<Found> {
    const pqxx::result rows = transaction.exec(kStanding);
    if (rows.empty()) return Found();
    const pqxx::row row = rows.front();
    return Found(StoreStanding{.address = row[0].c_str(),
                               .stored_bytes = row[1].as<std::uint64_t>(),
                               .stored_clips = row[2].as<std::uint64_t>(),
                               .copied_until = TimeOf(row[3]),
                               .seen_at = TimeOf(row[4]),
                               .fault = row[5].c_str()});
  });
}

}  // namespace yagura::storage
