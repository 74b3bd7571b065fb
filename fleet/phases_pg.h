#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/ids.h"
#include "core/result.h"
#include "core/time.h"
#include "fleet/camera.h"

namespace pqxx {
class transaction_base;
}  // namespace pqxx

/// Phases of the rollout: dated steps whose cameras go in service together. Functions join the
/// caller's transaction; errors of PostgreSQL end in pg::Pool.
namespace yagura::fleet {

struct Phase {
  PhaseId id;
  std::string code;  // "P1"
  std::string name;
  WallTime starts_at{};
};

/// A phase and how far it is: the codes of its cameras by their states at an instant. A camera
/// without a state then counts as planned.
struct PhaseStanding {
  Phase phase;
  std::map<CameraState, std::vector<std::string>> cameras;

  /// Cameras that keep the phase from going in service: planned or staged.
  [[nodiscard]] std::vector<std::string> NotAccepted() const;
  [[nodiscard]] std::size_t CountOf(CameraState state) const;
  [[nodiscard]] std::size_t Count() const;
};

// At the console, as yagura_admin. kAlreadyExists: the code is taken; kInvalidArgument: code or
// name; kNotFound: no such phase.
[[nodiscard]] Result<PhaseId> AddPhase(pqxx::transaction_base& transaction, const std::string& code,
                                       const std::string& name, WallTime starts_at);
[[nodiscard]] Result<Phase> FindPhase(pqxx::transaction_base& transaction, const std::string& code);
/// Sets name and date to those of `phase`.
[[nodiscard]] Result<void> ChangePhase(pqxx::transaction_base& transaction, const Phase& phase);

/// All phases, by date and code, as they stand at `at`. Also as yagura_keep.
[[nodiscard]] std::vector<PhaseStanding> ListPhases(pqxx::transaction_base& transaction,
                                                    WallTime at);

/// How long before its date a phase is put in service: time enough for a few tries.
inline constexpr std::chrono::seconds kPhaseLead{60};
/// When a phase can go in service: at its date, or, where that is past or too near, as early as can
/// be; nothing while it is further away than kPhaseLead.
[[nodiscard]] std::optional<WallTime> PhaseStart(const Phase& phase, WallTime now);
/// Puts the phase's accepted cameras in service from `at` on, with an audit record, as yagura_keep;
/// gives their number. 0, and nothing done: a camera of it is not accepted then, or none is.
[[nodiscard]] int StartPhase(pqxx::transaction_base& transaction, PhaseId phase, WallTime at);

}  // namespace yagura::fleet
