#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/ids.h"
#include "core/result.h"

namespace pqxx {
class transaction_base;
}  // namespace pqxx

/// Sites, their buildings, their floors. People write a building as "MAIN" or "HQ/MAIN" and a floor
/// as "1F", "MAIN/1F" or "HQ/MAIN/1F": as much of it as names one place. Functions join the
/// caller's transaction; errors of PostgreSQL end in pg::Pool.
namespace yagura::fleet {

struct Floor {
  FloorId id;
  std::string code;  // "3F"
  std::string name;
  int ordinal = 0;  // from the bottom up
};
struct Building {
  BuildingId id;
  std::string code;
  std::string name;
  std::vector<Floor> floors;  // from the bottom up
};
struct Site {
  SiteId id;
  std::string code;
  std::string name;
  std::vector<Building> buildings;  // by code
};

// kAlreadyExists: the code is taken there; kInvalidArgument: an empty code or name, or one with a
// "/" or a control character; kNotFound: no such site or building; kFailedPrecondition: the text
// names several.
[[nodiscard]] Result<SiteId> AddSite(pqxx::transaction_base& transaction, const std::string& code,
                                     const std::string& name);
[[nodiscard]] Result<BuildingId> AddBuilding(pqxx::transaction_base& transaction,
                                             const std::string& site, const std::string& code,
                                             const std::string& name);
[[nodiscard]] Result<FloorId> AddFloor(pqxx::transaction_base& transaction,
                                       const std::string& building, const std::string& code,
                                       const std::string& name, int ordinal);

/// kNotFound; kFailedPrecondition: the text names several floors.
[[nodiscard]] Result<FloorId> FindFloor(pqxx::transaction_base& transaction,
                                        const std::string& floor);
/// All sites, by code.
[[nodiscard]] std::vector<Site> ListPlaces(pqxx::transaction_base& transaction);

/// Whether a text can be the code of a place, unit or camera.
[[nodiscard]] Result<void> CheckCode(const std::string& code);
[[nodiscard]] Result<void> CheckName(const std::string& name);

}  // namespace yagura::fleet
