#include "api/trail_pg.h"

#include <pqxx/pqxx>

#include "api/range_list_pg.h"
#include "core/pg/values.h"

namespace yagura::api {
namespace {

constexpr char kViewings[] = R"(
  WITH page AS MATERIALIZED (
    SELECT * FROM seen_viewing
    WHERE opened_at >= $1 AND opened_at < $2 AND ($3::uuid IS NULL OR camera_id = $3)
      AND ($4::timestamptz IS NULL OR (opened_at, id) > ($4, $5::uuid))
    ORDER BY opened_at, id LIMIT $6)
  SELECT page.*, coalesce(sent.bytes, 0) AS bytes, coalesce(sent.delivered, '') AS delivered
  FROM page LEFT JOIN LATERAL (
    SELECT sum(bytes) AS bytes,
           (SELECT string_agg(lower(one)::text || '/' || upper(one)::text, ',' ORDER BY one)
            FROM unnest(range_agg(seen_viewing_delivery.delivered)) AS one) AS delivered
    FROM seen_viewing_delivery WHERE viewing_id = page.id) AS sent ON true
  ORDER BY opened_at, id)";

constexpr char kRecords[] = R"(
  SELECT writer, counter, at, event, body FROM seen_audit_record
  WHERE at >= $1 AND at < $2 AND ($3::text IS NULL OR event = $3)
    AND ($4::timestamptz IS NULL OR (at, writer, counter) > ($4, $5::text, $6::bigint))
  ORDER BY at, writer, counter LIMIT $7)";

using OptionalText = std::optional<std::string>;

template <class IdType>
std::optional<IdType> IdOrNone(const pqxx::field& field) {
  if (field.is_null()) return std::nullopt;
  return pg::IdOf<IdType>(field.c_str());
}

SeenViewing ViewingIn(const pqxx::row& row) {
  SeenViewing viewing{
      .id = pg::IdOf<ViewingId>(row["id"].c_str()),
      .opened_at = pg::TimeOf(row["opened_at"].c_str()),
      .person = pg::IdOf<PersonId>(row["person_id"].c_str()),
      .person_name = row["person_name"].c_str(),
      .post = {},
      .department = IdOrNone<UnitId>(row["department_id"]),
      .camera = pg::IdOf<CameraId>(row["camera_id"].c_str()),
      .camera_code = row["camera_code"].c_str(),
      .unit = IdOrNone<UnitId>(row["unit_id"]),
      .interval = {pg::TimeOf(row["from_at"].c_str()), pg::TimeOf(row["to_at"].c_str())},
      .action = row["action"].c_str(),
      .purpose = row["purpose"].c_str(),
      .delivered = RangesOf(row["delivered"].c_str())};
  if (!row["post"].is_null()) viewing.post = row["post"].c_str();
  viewing.bytes = row["bytes"].as<std::uint64_t>();
  return viewing;
}

}  // namespace

std::vector<SeenViewing> FindViewings(pqxx::transaction_base& transaction,
                                      const ViewingSearch& search) {
  OptionalText camera;
  OptionalText after_at;
  OptionalText after_id;
  if (search.camera) camera = ToString(*search.camera);
  if (search.after) after_at = pg::TimeParameter(search.after->opened_at);
  if (search.after) after_id = ToString(search.after->id);
  const auto rows = transaction.exec_params(kViewings, pg::TimeParameter(search.opened.from),
                                            pg::TimeParameter(search.opened.to), camera, after_at,
                                            after_id, search.limit);
  std::vector<SeenViewing> viewings;
  for (const auto& row : rows) viewings.push_back(ViewingIn(row));
  return viewings;
}

std::vector<SeenRecord> FindRecords(pqxx::transaction_base& transaction,
                                    const RecordSearch& search) {
  OptionalText after_at;
  OptionalText after_writer;
  std::optional<std::int64_t> after_counter;
  if (search.after) after_at = pg::TimeParameter(search.after->at);
  if (search.after) after_writer = search.after->writer;
  if (search.after) after_counter = search.after->counter;
  const auto rows = transaction.exec_params(kRecords, pg::TimeParameter(search.at.from),
                                            pg::TimeParameter(search.at.to), search.event, after_at,
                                            after_writer, after_counter, search.limit);
  std::vector<SeenRecord> records;
  for (const auto& row : rows) {
    records.push_back({row["writer"].c_str(), row["counter"].as<std::int64_t>(),
                       pg::TimeOf(row["at"].c_str()), row["event"].c_str(), row["body"].c_str()});
  }
  return records;
}

}  // namespace yagura::api
