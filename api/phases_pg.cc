#include "api/phases_pg.h"

#include <pqxx/pqxx>

#include "core/pg/values.h"

namespace yagura::api {
namespace {

// A camera without a state is planned.
constexpr char kPhases[] = R"(
  SELECT phase.id, phase.code, phase.name, phase.starts_at, camera.id, camera.code, coalesce(camera_state.state, 'planned')
  FROM phase
    LEFT JOIN camera ON camera.phase_id = phase.id AND camera.id = ANY ($1::uuid[])
    LEFT JOIN camera_state ON camera_state.camera_id = camera.id AND camera_state.valid_from <= $2 AND $2 < camera_state.valid_to
  ORDER BY phase.starts_at, phase.code, camera.code)";

void AddCamera(PhaseView& phase, const pqxx::row& row) {
  const auto state = fleet::ParseCameraState(row[6].c_str());
  if (!state) return;
  ++phase.cameras[*state];
  if (*state == fleet::CameraState::kPlanned || *state == fleet::CameraState::kStaged)
    phase.missing.push_back({row[4].c_str(), row[5].c_str(), *state});
}

}  // namespace

std::vector<PhaseView> PhasesOf(pqxx::transaction_base& transaction,
                                const std::vector<CameraId>& cameras, WallTime now) {
  std::vector<PhaseView> phases;
  for (const auto& row :
       transaction.exec_params(kPhases, pg::ArrayOf(cameras), pg::TimeParameter(now))) {
    if (phases.empty() || phases.back().id != row[0].c_str()) {
      phases.push_back(
          {row[0].c_str(), row[1].c_str(), row[2].c_str(), pg::TimeOf(row[3].c_str()), {}, {}});
    }
    if (!row[4].is_null()) AddCamera(phases.back(), row);
  }
  return phases;
}

}  // namespace yagura::api
