#include "fleet/recorder_view_pg.h"

#include <algorithm>
#include <map>
#include <pqxx/pqxx>

#include "core/pg/values.h"

namespace yagura::fleet {
namespace {

// Every read names the cameras in a state that is recorded (camera.h) at or after $1.
constexpr const char* kDue =
    "(SELECT camera_id FROM camera_state WHERE state IN ('staged', 'in_service') "
    "AND valid_to > $1)";

WallRange RangeOf(const pqxx::row& row, int first) {
  return {pg::TimeOf(row[first].c_str()), pg::TimeOf(row[first + 1].c_str())};
}

pqxx::result Ask(pqxx::transaction_base& transaction, const std::string& select, WallTime since) {
  return transaction.exec_params(select + kDue, pg::TimeParameter(since));
}

using DatesByCamera = std::map<CameraId, CameraDates>;

DatesByCamera ReadDates(pqxx::transaction_base& transaction, WallTime since) {
  DatesByCamera dates;
  const auto camera = [](const pqxx::row& row) { return pg::IdOf<CameraId>(row[0].c_str()); };
  const std::string dated = ", valid_from, valid_to FROM ";
  const std::string those = " WHERE camera_id IN ";
  for (const auto& row :
       Ask(transaction, "SELECT camera_id, unit_id" + dated + "charge" + those, since)) {
    dates[camera(row)].charges.push_back({pg::IdOf<UnitId>(row[1].c_str()), RangeOf(row, 2)});
  }
  for (const auto& row :
       Ask(transaction, "SELECT camera_id, floor_id" + dated + "placement" + those, since)) {
    dates[camera(row)].placements.push_back({pg::IdOf<FloorId>(row[1].c_str()), RangeOf(row, 2)});
  }
  for (const auto& row : Ask(transaction,
                             "SELECT camera_id, valid_from, valid_to FROM camera_state "
                             "WHERE state IN ('staged', 'in_service') AND camera_id IN ",
                             since)) {
    dates[camera(row)].recorded.push_back(RangeOf(row, 1));
  }
  return dates;
}

constexpr const char* kSubStreams =
    "SELECT sub.camera_id, sub.url, coalesce(sub.sealed_credentials, "
    "CASE WHEN stream_host(sub.url) = stream_host(main.url) THEN main.sealed_credentials END), "
    "sub.transport, sub.record_sub, sub.parking_lifted_at "
    "FROM camera_stream AS sub "
    "JOIN camera_stream AS main ON main.camera_id = sub.camera_id AND main.stream = 'main' "
    "WHERE sub.stream = 'sub' AND sub.camera_id IN ";

std::map<CameraId, SubStream> ReadSubStreams(pqxx::transaction_base& transaction, WallTime since) {
  std::map<CameraId, SubStream> subs;
  for (const auto& row : Ask(transaction, kSubStreams, since)) {
    SubStream& sub = subs[pg::IdOf<CameraId>(row[0].c_str())];
    sub.url = row[1].c_str();
    if (!row[2].is_null()) sub.sealed_credentials = pg::BytesOf(row[2].c_str());
    sub.transport = ParseCameraTransport(row[3].c_str()).value_or(CameraTransport::kTcp);
    sub.recorded = row[4].as<bool>();
    if (!row[5].is_null()) sub.parking_lifted_at = pg::TimeOf(row[5].c_str());
  }
  return subs;
}

}  // namespace

std::int64_t ReadFactsEpoch(pqxx::transaction_base& transaction) {
  return transaction.exec1("SELECT epoch FROM facts_epoch")[0].as<std::int64_t>();
}

RecorderView ReadRecorderView(pqxx::transaction_base& transaction, WallTime since) {
  RecorderView view;
  view.epoch = ReadFactsEpoch(transaction);
  DatesByCamera dates = ReadDates(transaction, since);
  std::map<CameraId, SubStream> subs = ReadSubStreams(transaction, since);
  for (const auto& row :
       Ask(transaction,
           "SELECT camera.id, code, url, sealed_credentials, parking_lifted_at, transport, "
           "certificate_forgotten_at, sha256 FROM camera "
           "JOIN camera_stream ON camera_stream.camera_id = camera.id AND stream = 'main' "
           "LEFT JOIN camera_certificate ON camera_certificate.camera_id = camera.id "
           "AND after_forgetting = coalesce(certificate_forgotten_at, '-infinity') "
           "WHERE camera.id IN ",
           since)) {
    RecordedCamera camera;
    camera.id = pg::IdOf<CameraId>(row[0].c_str());
    camera.code = row[1].c_str();
    camera.url = row[2].c_str();
    if (!row[3].is_null()) camera.sealed_credentials = pg::BytesOf(row[3].c_str());
    if (!row[4].is_null()) camera.parking_lifted_at = pg::TimeOf(row[4].c_str());
    camera.transport = ParseCameraTransport(row[5].c_str()).value_or(CameraTransport::kTcp);
    if (!row[6].is_null()) camera.certificate_forgotten_at = pg::TimeOf(row[6].c_str());
    if (!row[7].is_null()) camera.certificate = row[7].c_str();
    if (const auto sub = subs.find(camera.id); sub != subs.end()) camera.sub = sub->second;
    OwnersAndDue joined = JoinDates(std::move(dates[camera.id]));
    camera.owners = std::move(joined.owners);
    camera.due = std::move(joined.due);
    view.cameras.push_back(std::move(camera));
  }
  std::ranges::sort(view.cameras, {}, &RecordedCamera::code);
  return view;
}

void PublishRecorderKey(pqxx::transaction_base& transaction, const SealingPublicKey& key) {
  transaction.exec_params(
      "INSERT INTO recorder_key (public_key) VALUES ($1) ON CONFLICT DO NOTHING",
      pg::BytesParameter(key));
}

Result<SealingPublicKey> ReadRecorderKey(pqxx::transaction_base& transaction) {
  const auto rows =
      transaction.exec("SELECT public_key FROM recorder_key ORDER BY since DESC LIMIT 1");
  if (rows.empty()) {
    return Failure(ErrorCode::kFailedPrecondition,
                   "no recorder has published its key yet; start `yagura record` once");
  }
  const auto bytes = pg::BytesOf(rows[0][0].c_str());
  SealingPublicKey key{};
  if (bytes.size() != key.size())
    return Failure(ErrorCode::kDataLoss, "a recorder's key of a wrong size");
  std::ranges::copy(bytes, key.begin());
  return key;
}

}  // namespace yagura::fleet
