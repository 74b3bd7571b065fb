#include <pqxx/pqxx>

#include "tests/access_control/gate_office.h"

namespace yagura::access_control {

Demand GateTest::DemandForClip(const RunId& run) {
  return {Action::kFootagePlay,
          [run](pqxx::transaction_base& transaction) -> Result<Resource> {
            const auto rows = transaction.exec_params(
                "SELECT camera_id, unit_id FROM clip WHERE run_id = $1", ToString(run));
            if (rows.empty()) return Failure(ErrorCode::kNotFound, "no such clip");
            return Footage{
                *ParseId<CameraId>(rows[0][0].c_str()), *ParseId<UnitId>(rows[0][1].c_str()), {}};
          },
          std::nullopt};
}

}  // namespace yagura::access_control
