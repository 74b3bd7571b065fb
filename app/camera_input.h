#pragma once

#include <optional>
#include <string>

#include "app/verb.h"
#include "core/ids.h"
#include "fleet/camera.h"
#include "fleet/sealing.h"

namespace pqxx {
class transaction_base;
}  // namespace pqxx

/// What people give to verbs about cameras, found in the database or refused with the next step.
namespace yagura::app {

[[nodiscard]] Result<CameraId> CameraOf(const VerbContext& context,
                                        pqxx::transaction_base& transaction,
                                        const std::string& code);
/// The floor that an option names.
[[nodiscard]] Result<FloorId> FloorOf(const VerbContext& context,
                                      pqxx::transaction_base& transaction, std::string_view option);
/// The unit that an option names, as it exists at `at`.
[[nodiscard]] Result<UnitId> UnitOf(const VerbContext& context, pqxx::transaction_base& transaction,
                                    std::string_view option, WallTime at);

/// The phase that --phase names; nothing where it isn't given.
[[nodiscard]] Result<std::optional<fleet::PhaseId>> PhaseOf(const VerbContext& context,
                                                            pqxx::transaction_base& transaction);
/// How its packets come, as --transport says; nothing where it isn't given.
[[nodiscard]] Result<std::optional<CameraTransport>> TransportOf(const VerbContext& context);
/// A camera that can't go from the state that it is in to another.
[[nodiscard]] Error BadStep(const VerbContext& context, const std::string& code,
                            std::optional<fleet::CameraState> before, fleet::CameraState after);

/// With --credentials: a user name and a password, a line each, from standard input.
[[nodiscard]] Result<std::optional<fleet::CameraCredentials>> ReadCredentials(VerbContext& context);
/// Sealed for the recorder, as belonging to this camera.
[[nodiscard]] Result<std::optional<fleet::SealedCredentials>> SealFor(
    const VerbContext& context, pqxx::transaction_base& transaction, CameraId camera,
    const std::optional<fleet::CameraCredentials>& credentials);

}  // namespace yagura::app
