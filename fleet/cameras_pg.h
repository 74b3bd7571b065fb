#pragma once

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

/// Cameras, entered at the console (role yagura_admin). Functions join the caller's transaction, so
/// that its audit record is written with the change; errors of PostgreSQL end in pg::Pool. Dated
/// changes: `now` is when it is entered, `at` when it takes effect (effect.h); whoever commits asks
/// CheckStillInTime last.
namespace yagura::fleet {

/// From `at` on the camera stands on its floor, its unit is in charge of it, and it is in its
/// state. kAlreadyExists: the code is taken; kInvalidArgument: code, name or URL;
/// kFailedPrecondition: too early.
[[nodiscard]] Result<void> AddCamera(pqxx::transaction_base& transaction, const NewCamera& camera,
                                     WallTime now, WallTime at);

/// What shall be different; what isn't set stays.
struct CameraChange {
  std::optional<std::string> name{};  // at once
  /// At once; the recorder connects anew. Where it has another host or port, stored credentials are
  /// forgotten: they are shown to no other.
  std::optional<std::string> url{};
  /// At once, of both its streams; the recorder connects anew.
  std::optional<CameraTransport> transport{};
  std::optional<SealedCredentials> credentials{};  // at once; empty: the camera asks for none
  std::optional<FloorId> floor{};                  // from `at` on
  std::optional<CameraState> state{};              // from `at` on; not kRetired
  std::string note{};                              // kept with the state
  std::optional<PhaseId> phase{};                  // at once
  /// At once: where its sub stream is; empty: it has none any more. It is let in with the main
  /// stream's credentials where it is on the same host, and is otherwise asked without.
  std::optional<std::string> sub_url{};
  /// At once: whether its sub stream is recorded. kFailedPrecondition: it has none.
  std::optional<bool> record_sub{};
  /// At once: crashes of the recorder that the camera's bytes caused until now count no more. A new
  /// address, transport and new credentials do that too.
  bool lift_parking = false;
  /// At once: of a camera over TLS the next certificate that it shows is taken for its own. Another
  /// host in its address does that too.
  bool forget_certificate = false;
};
/// kNotFound: no such camera; kFailedPrecondition: it is retired, or too early, or a later change
/// is entered already; kInvalidArgument: name, URL or note; kOutOfRange: its state at `at` can't be
/// followed by the new one (camera.h).
[[nodiscard]] Result<void> ChangeCamera(pqxx::transaction_base& transaction, CameraId camera,
                                        const CameraChange& change, WallTime now, WallTime at);

/// An address, or a transport, that a camera is to have.
struct NewAddress {
  std::string code;
  std::optional<std::string> url{};
  std::optional<CameraTransport> transport{};
};
/// Codes of those cameras whose stored credentials are forgotten when they get these addresses and
/// no new credentials: of another host, or no longer over TLS.
[[nodiscard]] std::vector<std::string> ForgettingCredentials(
    pqxx::transaction_base& transaction, const std::vector<NewAddress>& addresses);

[[nodiscard]] bool HasSubStream(pqxx::transaction_base& transaction, CameraId camera);

/// The camera's state at `at`, where nothing that begins later is entered; nothing: none then.
[[nodiscard]] std::optional<CameraState> StateAt(pqxx::transaction_base& transaction,
                                                 CameraId camera, WallTime at);

/// From `at` on the camera is retired, stands nowhere, and nobody is in charge of it. Its code
/// stays taken and its footage stays with the units that recorded it. Errors as ChangeCamera.
[[nodiscard]] Result<void> RetireCamera(pqxx::transaction_base& transaction, CameraId camera,
                                        WallTime now, WallTime at);

/// From `at` on `unit` is in charge of the camera.
struct ChargeChange {
  CameraId camera;
  std::optional<UnitId> before;  // nothing: nobody was
  UnitId after;
  bool changed = false;  // false: that unit is in charge already, and nothing was done
};
/// Errors as ChangeCamera.
[[nodiscard]] Result<ChargeChange> ChangeCharge(pqxx::transaction_base& transaction,
                                                CameraId camera, UnitId unit, WallTime now,
                                                WallTime at);

/// kNotFound.
[[nodiscard]] Result<CameraId> FindCamera(pqxx::transaction_base& transaction,
                                          const std::string& code);
/// A unit that exists at `at`; kNotFound.
[[nodiscard]] Result<UnitId> FindUnit(pqxx::transaction_base& transaction, const std::string& code,
                                      WallTime at);
[[nodiscard]] std::optional<std::string> UnitCode(pqxx::transaction_base& transaction, UnitId unit);

/// All cameras as they are at `at`, by code; those that are retired then only with `retired_too`.
[[nodiscard]] std::vector<CameraAtInstant> ListCameras(pqxx::transaction_base& transaction,
                                                       WallTime at, bool retired_too);

}  // namespace yagura::fleet
