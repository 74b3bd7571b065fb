#include "fleet/places_pg.h"

#include <pqxx/pqxx>

#include "core/pg/values.h"
#include "core/plain_text.h"

namespace yagura::fleet {
namespace {

constexpr std::size_t kCodeSizeMax = 64;
constexpr std::size_t kNameSizeMax = 256;

// The places that a text names: it is the code, or the code behind those of the places around it.
constexpr const char* kFindBuilding =
    "SELECT building.id FROM building JOIN site ON site.id = site_id "
    "WHERE $1 IN (building.code, site.code || '/' || building.code)";
constexpr const char* kFindFloor =
    "SELECT floor.id FROM floor JOIN building ON building.id = building_id "
    "JOIN site ON site.id = site_id "
    "WHERE $1 IN (floor.code, building.code || '/' || floor.code, "
    "site.code || '/' || building.code || '/' || floor.code)";
constexpr const char* kListPlaces =
    "SELECT site.id, site.code, site.name, building.id, building.code, building.name, floor.id, "
    "floor.code, floor.name, floor.ordinal FROM site LEFT JOIN building ON site_id = site.id "
    "LEFT JOIN floor ON building_id = building.id "
    "ORDER BY site.code, building.code, floor.ordinal, floor.code";

/// The one id that a query gave.
template <class IdType>
Result<IdType> OnlyOne(const pqxx::result& rows, const std::string& kind, const std::string& text) {
  if (rows.empty()) return Failure(ErrorCode::kNotFound, "no " + kind + " \"" + text + "\"");
  if (rows.size() > 1) {
    return Failure(ErrorCode::kFailedPrecondition,
                   "\"" + text + "\" names several " + kind +
                       "s; write what it lies in before it, as in MAIN/1F");
  }
  return pg::IdOf<IdType>(rows[0][0].c_str());
}

template <class IdType>
Result<IdType> Inserted(const pqxx::result& rows, const std::string& kind,
                        const std::string& code) {
  if (rows.empty())
    return Failure(ErrorCode::kAlreadyExists, kind + " \"" + code + "\" is there already");
  return pg::IdOf<IdType>(rows[0][0].c_str());
}

Result<void> CheckCodeAndName(const std::string& code, const std::string& name) {
  RETURN_IF_ERROR(CheckCode(code));
  return CheckName(name);
}

}  // namespace

Result<SiteId> AddSite(pqxx::transaction_base& transaction, const std::string& code,
                       const std::string& name) {
  RETURN_IF_ERROR(CheckCodeAndName(code, name));
  return Inserted<SiteId>(
      transaction.exec_params("INSERT INTO site (id, code, name) VALUES ($1, $2, $3) "
                              "ON CONFLICT DO NOTHING RETURNING id",
                              ToString(NewId<SiteId>()), code, name),
      "site", code);
}

Result<BuildingId> AddBuilding(pqxx::transaction_base& transaction, const std::string& site,
                               const std::string& code, const std::string& name) {
  RETURN_IF_ERROR(CheckCodeAndName(code, name));
  ASSIGN_OR_RETURN(
      const SiteId in,
      OnlyOne<SiteId>(transaction.exec_params("SELECT id FROM site WHERE code = $1", site), "site",
                      site));
  return Inserted<BuildingId>(
      transaction.exec_params("INSERT INTO building (id, site_id, code, name) "
                              "VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING RETURNING id",
                              ToString(NewId<BuildingId>()), ToString(in), code, name),
      "building", code);
}

Result<FloorId> AddFloor(pqxx::transaction_base& transaction, const std::string& building,
                         const std::string& code, const std::string& name, int ordinal) {
  RETURN_IF_ERROR(CheckCodeAndName(code, name));
  ASSIGN_OR_RETURN(
      const BuildingId in,
      OnlyOne<BuildingId>(transaction.exec_params(kFindBuilding, building), "building", building));
  return Inserted<FloorId>(
      transaction.exec_params("INSERT INTO floor (id, building_id, code, name, ordinal) "
                              "VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING RETURNING id",
                              ToString(NewId<FloorId>()), ToString(in), code, name, ordinal),
      "floor", code);
}

Result<FloorId> FindFloor(pqxx::transaction_base& transaction, const std::string& floor) {
  return OnlyOne<FloorId>(transaction.exec_params(kFindFloor, floor), "floor", floor);
}

std::vector<Site> ListPlaces(pqxx::transaction_base& transaction) {
  std::vector<Site> sites;
  for (const auto& row : transaction.exec(kListPlaces)) {
    const auto site = pg::IdOf<SiteId>(row[0].c_str());
    if (sites.empty() || sites.back().id != site)
      sites.push_back({site, row[1].c_str(), row[2].c_str(), {}});
    if (row[3].is_null()) continue;
    auto& buildings = sites.back().buildings;
    const auto building = pg::IdOf<BuildingId>(row[3].c_str());
    if (buildings.empty() || buildings.back().id != building) {
      buildings.push_back({building, row[4].c_str(), row[5].c_str(), {}});
    }
    if (row[6].is_null()) continue;
    buildings.back().floors.push_back(
        {pg::IdOf<FloorId>(row[6].c_str()), row[7].c_str(), row[8].c_str(), row[9].as<int>()});
  }
  return sites;
}

Result<void> CheckCode(const std::string& code) {
  if (!code.empty() && code.size() <= kCodeSizeMax && IsPlainText(code) &&
      code.find_first_of("/ ") == std::string::npos) {
    return {};
  }
  return Failure(ErrorCode::kInvalidArgument,
                 "a code has 1 to 64 characters, with no space and no \"/\"; found \"" +
                     ShownPlainly(code.substr(0, kCodeSizeMax)) + "\"");
}

Result<void> CheckName(const std::string& name) {
  if (!name.empty() && name.size() <= kNameSizeMax && IsPlainText(name)) return {};
  return Failure(ErrorCode::kInvalidArgument,
                 "a name has 1 to 256 bytes and no invisible control character");
}

}  // namespace yagura::fleet
