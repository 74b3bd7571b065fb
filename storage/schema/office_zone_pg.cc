#include "storage/schema/office_zone_pg.h"

#include <pqxx/pqxx>

namespace yagura::storage::schema {
namespace {

constexpr char kRead[] = "SELECT time_zone FROM office_zone";
constexpr char kWrite[] = "INSERT INTO office_zone (time_zone) VALUES ($1) ON CONFLICT DO NOTHING";

}  // namespace

Result<std::optional<std::string>> ReadOfficeZone(pg::Pool& pool) {
  using Zone = std::optional<std::string>;
  return pool.ReadFor<Zone>([](pqxx::transaction_base& transaction) -> Result<Zone> {
    const auto rows = transaction.exec(kRead);
    if (rows.empty()) return Zone();
    return Zone(rows[0][0].as<std::string>());
  });
}

Result<std::string> KeepOfficeZone(pg::Pool& owner, const std::string& zone) {
  return owner.RunFor<std::string>([&](pqxx::transaction_base& transaction) -> Result<std::string> {
    transaction.exec_params0(kWrite, zone);
    return transaction.exec1(kRead)[0].as<std::string>();
  });
}

}  // namespace yagura::storage::schema
