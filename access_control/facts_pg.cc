#include "access_control/facts_pg.h"

#include <optional>
#include <pqxx/pqxx>
#include <string>
#include <utility>

#include "core/pg/values.h"

namespace yagura::access_control {
namespace {

constexpr auto kEpoch = "SELECT epoch FROM facts_epoch";
constexpr auto kUnits = "SELECT id, parent_id, valid_from, valid_to FROM facts_unit";
constexpr auto kSuccessions = "SELECT unit_id, successor_id FROM facts_unit_succession";
constexpr auto kCameras = "SELECT id FROM facts_camera";
constexpr auto kFloors = "SELECT id FROM facts_floor";
constexpr auto kCharges = "SELECT camera_id, unit_id, valid_from, valid_to FROM facts_charge";
constexpr auto kStates = "SELECT camera_id, state, valid_from, valid_to FROM facts_camera_state";
constexpr auto kPlacements =
    "SELECT camera_id, floor_id, valid_from, valid_to FROM facts_placement";
constexpr auto kPersons = "SELECT id, disabled_at FROM facts_person";
constexpr auto kAssignments =
    "SELECT id, person_id, post, unit_id, valid_from, valid_to FROM facts_assignment";

template <class IdType>
IdType IdIn(const pqxx::row& row, const char* column) {
  return pg::IdOf<IdType>(row[column].c_str());
}
WallRange ValidIn(const pqxx::row& row) {
  return {pg::TimeOf(row["valid_from"].c_str()), pg::TimeOf(row["valid_to"].c_str())};
}

UnitFact UnitIn(const pqxx::row& row) {
  UnitFact unit{IdIn<UnitId>(row, "id"), std::nullopt, ValidIn(row)};
  if (!row["parent_id"].is_null()) unit.parent = IdIn<UnitId>(row, "parent_id");
  return unit;
}
SuccessionFact SuccessionIn(const pqxx::row& row) {
  return {IdIn<UnitId>(row, "unit_id"), IdIn<UnitId>(row, "successor_id")};
}
PersonFact PersonIn(const pqxx::row& row) {
  PersonFact person{IdIn<PersonId>(row, "id"), std::nullopt};
  if (!row["disabled_at"].is_null()) person.disabled_at = pg::TimeOf(row["disabled_at"].c_str());
  return person;
}
AssignmentFact AssignmentIn(const pqxx::row& row) {
  return {IdIn<AssignmentId>(row, "id"), IdIn<PersonId>(row, "person_id"),
          ParsePost(row["post"].c_str()), IdIn<UnitId>(row, "unit_id"), ValidIn(row)};
}
ChargeFact ChargeIn(const pqxx::row& row) {
  return {IdIn<CameraId>(row, "camera_id"), IdIn<UnitId>(row, "unit_id"), ValidIn(row)};
}
CameraStateFact StateIn(const pqxx::row& row) {
  return {IdIn<CameraId>(row, "camera_id"), ParseCameraState(row["state"].c_str()), ValidIn(row)};
}
PlacementFact PlacementIn(const pqxx::row& row) {
  return {IdIn<CameraId>(row, "camera_id"), IdIn<FloorId>(row, "floor_id"), ValidIn(row)};
}

template <class Fact>
std::vector<Fact> ReadAll(pqxx::transaction_base& transaction, const char* query,
                          Fact (*read)(const pqxx::row&)) {
  const pqxx::result rows = transaction.exec(query);
  std::vector<Fact> facts;
  facts.reserve(rows.size());
  for (const pqxx::row& row : rows) facts.push_back(read(row));
  return facts;
}

FactSet ReadFactSet(pqxx::transaction_base& transaction) {
  FactSet set;
  set.epoch = transaction.exec1(kEpoch)[0].as<std::int64_t>();
  set.units = ReadAll(transaction, kUnits, &UnitIn);
  set.successions = ReadAll(transaction, kSuccessions, &SuccessionIn);
  set.cameras = ReadAll<CameraId>(transaction, kCameras,
                                  [](const pqxx::row& row) { return IdIn<CameraId>(row, "id"); });
  set.floors = ReadAll<FloorId>(transaction, kFloors,
                                [](const pqxx::row& row) { return IdIn<FloorId>(row, "id"); });
  set.charges = ReadAll(transaction, kCharges, &ChargeIn);
  set.camera_states = ReadAll(transaction, kStates, &StateIn);
  set.placements = ReadAll(transaction, kPlacements, &PlacementIn);
  set.persons = ReadAll(transaction, kPersons, &PersonIn);
  set.assignments = ReadAll(transaction, kAssignments, &AssignmentIn);
  return set;
}

}  // namespace

Result<std::shared_ptr<const Facts>> LoadFacts(pg::Pool& pool) {
  // Pool::Read is one snapshot (repeatable read), so the epoch is that of the rows.
  ASSIGN_OR_RETURN(FactSet set, pool.ReadFor<FactSet>(
                                    [](pqxx::transaction_base& transaction) -> Result<FactSet> {
                                      return ReadFactSet(transaction);
                                    }));
  return Facts::Build(std::move(set));
}

Result<std::shared_ptr<const Facts>> FactsSource::Current() {
  {
    const std::scoped_lock lock(mutex_);
    if (current_) return current_;
  }
  return Reload(-1);
}

Result<std::shared_ptr<const Facts>> FactsSource::Reload(std::int64_t stale_epoch) {
  const std::scoped_lock one_at_a_time(loading_);
  {
    const std::scoped_lock lock(mutex_);
    if (current_ && current_->epoch() != stale_epoch) return current_;
  }
  ASSIGN_OR_RETURN(std::shared_ptr<const Facts> loaded, LoadFacts(pool_));
  const std::scoped_lock lock(mutex_);
  current_ = loaded;
  return loaded;
}

}  // namespace yagura::access_control
