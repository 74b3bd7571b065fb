#include "fleet/phases_pg.h"

#include <algorithm>
#include <pqxx/pqxx>

#include "core/pg/values.h"
#include "fleet/effect.h"
#include "fleet/places_pg.h"

namespace yagura::fleet {
namespace {

constexpr const char* kListPhases =
    "SELECT phase.id, phase.code, phase.name, starts_at, camera.code, state FROM phase "
    "LEFT JOIN camera ON phase_id = phase.id "
    "LEFT JOIN camera_state ON camera_id = camera.id AND valid_from <= $1 AND $1 < valid_to "
    "ORDER BY starts_at, phase.code, camera.code";

Phase PhaseIn(const pqxx::row& row) {
  return {pg::IdOf<PhaseId>(row[0].c_str()), row[1].c_str(), row[2].c_str(),
          pg::TimeOf(row[3].c_str())};
}

}  // namespace

std::vector<std::string> PhaseStanding::NotAccepted() const {
  std::vector<std::string> codes;
  for (const CameraState state : {CameraState::kPlanned, CameraState::kStaged}) {
    const auto found = cameras.find(state);
    if (found != cameras.end())
      codes.insert(codes.end(), found->second.begin(), found->second.end());
  }
  std::ranges::sort(codes);
  return codes;
}

std::size_t PhaseStanding::CountOf(CameraState state) const {
  const auto found = cameras.find(state);
  return found == cameras.end() ? 0 : found->second.size();
}

std::size_t PhaseStanding::Count() const {
  std::size_t count = 0;
  for (const auto& [state, codes] : cameras) count += codes.size();
  return count;
}

Result<PhaseId> AddPhase(pqxx::transaction_base& transaction, const std::string& code,
                         const std::string& name, WallTime starts_at) {
  RETURN_IF_ERROR(CheckCode(code));
  RETURN_IF_ERROR(CheckName(name));
  const auto rows = transaction.exec_params(
      "INSERT INTO phase (id, code, name, starts_at) VALUES ($1, $2, $3, $4) "
      "ON CONFLICT DO NOTHING RETURNING id",
      ToString(NewId<PhaseId>()), code, name, pg::TimeParameter(starts_at));
  if (rows.empty()) return Failure(ErrorCode::kAlreadyExists, "phase \"" + code + "\" is there");
  return pg::IdOf<PhaseId>(rows[0][0].c_str());
}

Result<Phase> FindPhase(pqxx::transaction_base& transaction, const std::string& code) {
  const auto rows =
      transaction.exec_params("SELECT id, code, name, starts_at FROM phase WHERE code = $1", code);
  if (rows.empty()) return Failure(ErrorCode::kNotFound, "no phase \"" + code + "\"");
  return PhaseIn(rows[0]);
}

Result<void> ChangePhase(pqxx::transaction_base& transaction, const Phase& phase) {
  RETURN_IF_ERROR(CheckName(phase.name));
  transaction.exec_params("UPDATE phase SET name = $2, starts_at = $3 WHERE id = $1",
                          ToString(phase.id), phase.name, pg::TimeParameter(phase.starts_at));
  return {};
}

std::vector<PhaseStanding> ListPhases(pqxx::transaction_base& transaction, WallTime at) {
  std::vector<PhaseStanding> phases;
  for (const auto& row : transaction.exec_params(kListPhases, pg::TimeParameter(at))) {
    Phase phase = PhaseIn(row);
    if (phases.empty() || phases.back().phase.id != phase.id) {
      phases.push_back({std::move(phase), {}});
    }
    if (row[4].is_null()) continue;
    const auto state = row[5].is_null() ? std::nullopt : ParseCameraState(row[5].c_str());
    phases.back().cameras[state.value_or(CameraState::kPlanned)].emplace_back(row[4].c_str());
  }
  return phases;
}

std::optional<WallTime> PhaseStart(const Phase& phase, WallTime now) {
  if (phase.starts_at > now + kPhaseLead) return std::nullopt;
  return std::max(phase.starts_at, EarliestEffect(now));
}

int StartPhase(pqxx::transaction_base& transaction, PhaseId phase, WallTime at) {
  return transaction
      .exec_params1("SELECT phase_start($1, $2)", ToString(phase), pg::TimeParameter(at))[0]
      .as<int>();
}

}  // namespace yagura::fleet
