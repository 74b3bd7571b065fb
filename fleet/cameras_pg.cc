#include "fleet/cameras_pg.h"

#include <pqxx/pqxx>

#include "core/pg/values.h"
#include "fleet/dated_rows_pg.h"
#include "fleet/effect.h"
#include "fleet/places_pg.h"

namespace yagura::fleet {
namespace {

constexpr std::size_t kNoteSizeMax = 1024;
constexpr const char* kListCameras =
    "SELECT camera.id, camera.code, camera.name, camera_stream.url, "
    "site.code || '/' || building.code || '/' || floor.code, unit.code, state, "
    "(SELECT min(valid_from) FROM (SELECT camera_id, valid_from FROM placement "
    "UNION ALL SELECT camera_id, valid_from FROM charge "
    "UNION ALL SELECT camera_id, valid_from FROM camera_state) AS dated "
    "WHERE camera_id = camera.id AND valid_from > $1), phase.code, camera_stream.transport, "
    "CASE camera_stream.transport WHEN 'auto' THEN found_transport.transport END, "
    "sub.url, coalesce(sub.record_sub, false) "
    "FROM camera LEFT JOIN phase ON phase.id = phase_id "
    "LEFT JOIN camera_stream ON camera_stream.camera_id = camera.id "
    "AND camera_stream.stream = 'main' "
    "LEFT JOIN camera_stream AS sub ON sub.camera_id = camera.id AND sub.stream = 'sub' "
    "LEFT JOIN found_transport ON found_transport.camera_id = camera.id "
    "LEFT JOIN placement ON placement.camera_id = camera.id "
    "AND placement.valid_from <= $1 AND $1 < placement.valid_to "
    "LEFT JOIN floor ON floor.id = floor_id LEFT JOIN building ON building.id = building_id "
    "LEFT JOIN site ON site.id = site_id "
    "LEFT JOIN charge ON charge.camera_id = camera.id "
    "AND charge.valid_from <= $1 AND $1 < charge.valid_to LEFT JOIN unit ON unit.id = unit_id "
    "LEFT JOIN camera_state ON camera_state.camera_id = camera.id "
    "AND camera_state.valid_from <= $1 AND $1 < camera_state.valid_to "
    "WHERE $2 OR state IS DISTINCT FROM 'retired' ORDER BY camera.code";
constexpr const char* kForgettingCredentials =
    "SELECT code FROM unnest($1::text[], $2::text[], $3::text[]) AS new (code, url, transport) "
    "JOIN camera USING (code) JOIN camera_stream ON camera_id = id AND stream = 'main' "
    "WHERE has_credentials AND ((camera_stream.transport = 'tls' AND new.transport <> 'tls') "
    "OR stream_host(camera_stream.url) IS DISTINCT FROM "
    "stream_host(coalesce(new.url, camera_stream.url))) ORDER BY code";
constexpr const char* kSetSubStream =
    "INSERT INTO camera_stream (camera_id, stream, url, transport) "
    "SELECT camera_id, 'sub', $2, transport FROM camera_stream "
    "WHERE camera_id = $1 AND stream = 'main' "
    "ON CONFLICT (camera_id, stream) DO UPDATE SET url = excluded.url";

std::optional<std::string> TextOf(const pqxx::field& field) {
  if (field.is_null()) return std::nullopt;
  return field.c_str();
}

Result<void> Check(const NewCamera& camera) {
  RETURN_IF_ERROR(CheckCode(camera.code));
  RETURN_IF_ERROR(CheckName(camera.name));
  if (camera.sub_url) RETURN_IF_ERROR(CheckCameraUrl(*camera.sub_url));
  return CheckCameraUrl(camera.url);
}

/// Locks a camera that is to change; kFailedPrecondition where it is retired, or will be.
Result<void> LockUnretired(pqxx::transaction_base& transaction, CameraId camera) {
  RETURN_IF_ERROR(LockCamera(transaction, camera));
  const auto last = LastRow(transaction, DatedTable::kState, camera);
  if (!last || last->value != ToString(CameraState::kRetired)) return {};
  return Failure(ErrorCode::kFailedPrecondition,
                 "the camera is retired from " + FormatRfc3339(last->valid.from) + " on, for good");
}

void SetStream(pqxx::transaction_base& transaction, CameraId camera, const CameraChange& change) {
  if (change.url) {
    transaction.exec_params(
        "UPDATE camera_stream SET url = $1 WHERE camera_id = $2 AND stream = 'main'", *change.url,
        ToString(camera));
  }
  if (change.transport) {
    transaction.exec_params("UPDATE camera_stream SET transport = $1 WHERE camera_id = $2",
                            std::string(ToString(*change.transport)), ToString(camera));
  }
  if (change.lift_parking) {
    transaction.exec_params(
        "UPDATE camera_stream SET parking_lifted_at = now() WHERE camera_id = $1",
        ToString(camera));
  }
  if (change.forget_certificate) {
    transaction.exec_params(
        "UPDATE camera_stream SET certificate_forgotten_at = now() WHERE camera_id = $1 AND "
        "stream = 'main'",
        ToString(camera));
  }
  if (!change.credentials) return;
  const std::optional<std::string> bytes =
      change.credentials->empty() ? std::nullopt
                                  : std::optional(pg::BytesParameter(*change.credentials));
  transaction.exec_params(
      "UPDATE camera_stream SET sealed_credentials = $1 WHERE camera_id = $2 AND stream = 'main'",
      bytes ? bytes->c_str() : nullptr, ToString(camera));
}

Result<void> SetSubStream(pqxx::transaction_base& transaction, CameraId camera,
                          const CameraChange& change) {
  if (change.sub_url && change.sub_url->empty()) {
    transaction.exec_params("DELETE FROM camera_stream WHERE camera_id = $1 AND stream = 'sub'",
                            ToString(camera));
  } else if (change.sub_url) {
    RETURN_IF_ERROR(CheckCameraUrl(*change.sub_url));
    transaction.exec_params(kSetSubStream, ToString(camera), *change.sub_url);
  }
  if (!change.record_sub) return {};
  const auto changed = transaction.exec_params(
      "UPDATE camera_stream SET record_sub = $1 WHERE camera_id = $2 AND stream = 'sub'",
      *change.record_sub, ToString(camera));
  if (changed.affected_rows() == 1) return {};
  return Failure(ErrorCode::kFailedPrecondition, "the camera has no sub stream");
}

void SetPhase(pqxx::transaction_base& transaction, CameraId camera, PhaseId phase) {
  transaction.exec_params("UPDATE camera SET phase_id = $1 WHERE id = $2", ToString(phase),
                          ToString(camera));
}

/// From `at` on the camera is in another state, or in the one that it is in already.
Result<void> ChangeState(pqxx::transaction_base& transaction, CameraId camera, CameraState state,
                         const std::string& note, WallTime at) {
  if (note.size() > kNoteSizeMax) {
    return Failure(ErrorCode::kInvalidArgument, "a note has at most 1024 bytes");
  }
  const auto before = StateAt(transaction, camera, at);
  if (before && *before != state && !MayFollow(*before, state)) {
    return Failure(ErrorCode::kOutOfRange, "a camera that is " + std::string(ToString(*before)) +
                                               " can't become " + std::string(ToString(state)));
  }
  ASSIGN_OR_RETURN(const DatedChange changed, ChangeFrom(transaction, DatedTable::kState, camera,
                                                         std::string(ToString(state)), at, note));
  (void)changed;  // one that is in this state already stays so
  return {};
}

}  // namespace

std::vector<std::string> ForgettingCredentials(pqxx::transaction_base& transaction,
                                               const std::vector<NewAddress>& addresses) {
  pg::ArrayParameter codes;
  pg::ArrayParameter urls;
  pg::ArrayParameter transports;
  for (const NewAddress& address : addresses) {
    codes.Add(address.code);
    urls.AddOrNull(address.url);
    transports.AddOrNull(address.transport
                             ? std::optional(std::string(ToString(*address.transport)))
                             : std::nullopt);
  }
  std::vector<std::string> forgetting;
  for (const auto& row : transaction.exec_params(kForgettingCredentials, codes.Text(), urls.Text(),
                                                 transports.Text()))
    forgetting.emplace_back(row[0].c_str());
  return forgetting;
}

bool HasSubStream(pqxx::transaction_base& transaction, CameraId camera) {
  return !transaction
              .exec_params("SELECT FROM camera_stream WHERE camera_id = $1 AND stream = 'sub'",
                           ToString(camera))
              .empty();
}

std::optional<CameraState> StateAt(pqxx::transaction_base& transaction, CameraId camera,
                                   WallTime at) {
  const auto last = LastRow(transaction, DatedTable::kState, camera);
  if (!last || last->valid.to <= at) return std::nullopt;
  return ParseCameraState(last->value);
}

Result<void> AddCamera(pqxx::transaction_base& transaction, const NewCamera& camera, WallTime now,
                       WallTime at) {
  RETURN_IF_ERROR(Check(camera));
  RETURN_IF_ERROR(CheckEffect(now, at));
  const auto added = transaction.exec_params(
      "INSERT INTO camera (id, code, name) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING id",
      ToString(camera.id), camera.code, camera.name);
  if (added.empty()) {
    return Failure(ErrorCode::kAlreadyExists, "camera \"" + camera.code + "\" is there already");
  }
  transaction.exec_params(
      "INSERT INTO camera_stream (camera_id, stream, url, transport) VALUES ($1, 'main', $2, $3)",
      ToString(camera.id), camera.url, std::string(ToString(camera.transport)));
  SetStream(transaction, camera.id, {.credentials = camera.credentials});
  CameraChange sub{.sub_url = camera.sub_url};
  if (camera.sub_url) sub.record_sub = camera.record_sub;
  RETURN_IF_ERROR(SetSubStream(transaction, camera.id, sub));
  if (camera.phase) SetPhase(transaction, camera.id, *camera.phase);
  RETURN_IF_ERROR(
      ChangeFrom(transaction, DatedTable::kPlacement, camera.id, ToString(camera.floor), at));
  RETURN_IF_ERROR(
      ChangeFrom(transaction, DatedTable::kCharge, camera.id, ToString(camera.unit), at));
  RETURN_IF_ERROR(ChangeFrom(transaction, DatedTable::kState, camera.id,
                             std::string(ToString(camera.state)), at));
  return {};
}

Result<void> ChangeCamera(pqxx::transaction_base& transaction, CameraId camera,
                          const CameraChange& change, WallTime now, WallTime at) {
  RETURN_IF_ERROR(LockUnretired(transaction, camera));
  if (change.floor || change.state) RETURN_IF_ERROR(CheckEffect(now, at));
  if (change.url) RETURN_IF_ERROR(CheckCameraUrl(*change.url));
  if (change.name) {
    RETURN_IF_ERROR(CheckName(*change.name));
    transaction.exec_params("UPDATE camera SET name = $1 WHERE id = $2", *change.name,
                            ToString(camera));
  }
  SetStream(transaction, camera, change);
  RETURN_IF_ERROR(SetSubStream(transaction, camera, change));
  if (change.phase) SetPhase(transaction, camera, *change.phase);
  if (change.floor) {
    RETURN_IF_ERROR(
        ChangeFrom(transaction, DatedTable::kPlacement, camera, ToString(*change.floor), at));
  }
  if (!change.state) return {};
  if (*change.state == CameraState::kRetired) {
    return Failure(ErrorCode::kInvalidArgument, "a camera is retired by removing it");
  }
  return ChangeState(transaction, camera, *change.state, change.note, at);
}

Result<void> RetireCamera(pqxx::transaction_base& transaction, CameraId camera, WallTime now,
                          WallTime at) {
  RETURN_IF_ERROR(LockUnretired(transaction, camera));
  RETURN_IF_ERROR(CheckEffect(now, at));
  RETURN_IF_ERROR(ChangeFrom(transaction, DatedTable::kState, camera,
                             std::string(ToString(CameraState::kRetired)), at));
  RETURN_IF_ERROR(CloseFrom(transaction, DatedTable::kCharge, camera, at));
  RETURN_IF_ERROR(CloseFrom(transaction, DatedTable::kPlacement, camera, at));
  return {};
}

Result<ChargeChange> ChangeCharge(pqxx::transaction_base& transaction, CameraId camera, UnitId unit,
                                  WallTime now, WallTime at) {
  RETURN_IF_ERROR(LockUnretired(transaction, camera));
  RETURN_IF_ERROR(CheckEffect(now, at));
  ASSIGN_OR_RETURN(const DatedChange change,
                   ChangeFrom(transaction, DatedTable::kCharge, camera, ToString(unit), at));
  ChargeChange done{camera, std::nullopt, unit, change.changed};
  if (change.before) done.before = pg::IdOf<UnitId>(*change.before);
  return done;
}

Result<CameraId> FindCamera(pqxx::transaction_base& transaction, const std::string& code) {
  const auto rows = transaction.exec_params("SELECT id FROM camera WHERE code = $1", code);
  if (rows.empty()) return Failure(ErrorCode::kNotFound, "no camera \"" + code + "\"");
  return pg::IdOf<CameraId>(rows[0][0].c_str());
}

Result<UnitId> FindUnit(pqxx::transaction_base& transaction, const std::string& code, WallTime at) {
  const auto rows = transaction.exec_params(
      "SELECT id FROM unit WHERE code = $1 AND valid_from <= $2 AND $2 < valid_to", code,
      pg::TimeParameter(at));
  if (rows.empty())
    return Failure(ErrorCode::kNotFound, "no unit \"" + code + "\" at that instant");
  return pg::IdOf<UnitId>(rows[0][0].c_str());
}

std::optional<std::string> UnitCode(pqxx::transaction_base& transaction, UnitId unit) {
  const auto rows = transaction.exec_params("SELECT code FROM unit WHERE id = $1", ToString(unit));
  if (rows.empty()) return std::nullopt;
  return rows[0][0].c_str();
}

std::vector<CameraAtInstant> ListCameras(pqxx::transaction_base& transaction, WallTime at,
                                         bool retired_too) {
  std::vector<CameraAtInstant> cameras;
  for (const auto& row :
       transaction.exec_params(kListCameras, pg::TimeParameter(at), retired_too)) {
    CameraAtInstant camera;
    camera.id = pg::IdOf<CameraId>(row[0].c_str());
    camera.code = row[1].c_str();
    camera.name = row[2].c_str();
    camera.url = row[3].c_str();
    camera.floor = TextOf(row[4]);
    camera.unit = TextOf(row[5]);
    if (const auto state = TextOf(row[6])) camera.state = ParseCameraState(*state);
    if (const auto changes = TextOf(row[7])) camera.changes_at = pg::TimeOf(*changes);
    camera.phase = TextOf(row[8]);
    camera.transport =
        ParseCameraTransport(TextOf(row[9]).value_or("")).value_or(CameraTransport::kTcp);
    if (const auto found = TextOf(row[10])) camera.found_transport = ParseCameraTransport(*found);
    camera.sub_url = TextOf(row[11]);
    camera.sub_recorded = row[12].as<bool>();
    cameras.push_back(std::move(camera));
  }
  return cameras;
}

}  // namespace yagura::fleet
