#include "storage/retention_terms_pg.h"

#include <pqxx/pqxx>

#include "core/pg/values.h"

namespace yagura::storage {
namespace {

constexpr char kTerms[] = R"(
  SELECT version, site_id, building_id, floor_id, camera_id, valid_from,
    (extract(epoch FROM keep) * 1000000)::bigint, (extract(epoch FROM minimum) * 1000000)::bigint, purpose
  FROM retention_rule ORDER BY version)";

constexpr char kFloors[] =
    "SELECT floor.id, building_id, site_id FROM floor JOIN building ON building.id = building_id";

constexpr char kStoredHours[] = R"(
  SELECT camera_id, floor_id, max(end_at), count(*) FILTER (WHERE NOT held), coalesce(sum(bytes) FILTER (WHERE NOT held), 0)::bigint,
         count(*) FILTER (WHERE held)
  FROM (SELECT camera_id, floor_id, end_at, bytes,
               EXISTS (SELECT FROM hold WHERE hold.camera_id = clip.camera_id AND hold.released_at IS NULL
                         AND hold.from_at < clip.end_at AND clip.start_at < hold.to_at) AS held
        FROM clip WHERE expiring_since IS NULL) AS stored
  GROUP BY camera_id, floor_id, date_trunc('hour', end_at))";

constexpr char kInsert[] = R"(
  INSERT INTO retention_rule (site_id, building_id, floor_id, camera_id, valid_from, keep, minimum, purpose)
  VALUES ($1, $2, $3, $4, $5, $6::bigint * interval '1 microsecond', $7::bigint * interval '1 microsecond', $8)
  RETURNING version)";

TermSubject SubjectIn(const pqxx::row& row) {
  if (!row[1].is_null()) return pg::IdOf<SiteId>(row[1].c_str());
  if (!row[2].is_null()) return pg::IdOf<BuildingId>(row[2].c_str());
  if (!row[3].is_null()) return pg::IdOf<FloorId>(row[3].c_str());
  if (!row[4].is_null()) return pg::IdOf<CameraId>(row[4].c_str());
  return {};
}

template <class IdType>
std::optional<std::string> IdIn(const TermSubject& subject) {
  const auto* const id = std::get_if<IdType>(&subject);
  if (id == nullptr) return std::nullopt;
  return ToString(*id);
}

}  // namespace

RetentionTerms ReadTerms(pqxx::transaction_base& transaction) {
  std::vector<RetentionTerm> terms;
  for (const auto& row : transaction.exec(kTerms)) {
    RetentionTerm& term = terms.emplace_back();
    term.version = row[0].as<std::int64_t>();
    term.of = SubjectIn(row);
    term.from = pg::TimeOf(row[5].c_str());
    if (!row[6].is_null()) {
      term.rule = RetentionRule{.keep = microseconds(row[6].as<std::int64_t>()),
                                .minimum = microseconds(row[7].as<std::int64_t>())};
    }
    term.purpose = row[8].c_str();
  }
  std::vector<FloorPlace> floors;
  for (const auto& row : transaction.exec(kFloors)) {
    floors.push_back({.floor = pg::IdOf<FloorId>(row[0].c_str()),
                      .building = pg::IdOf<BuildingId>(row[1].c_str()),
                      .site = pg::IdOf<SiteId>(row[2].c_str())});
  }
  return {std::move(terms), floors};
}

std::vector<StoredHour> ReadStoredHours(pqxx::transaction_base& transaction) {
  std::vector<StoredHour> hours;
  for (const auto& row : transaction.exec(kStoredHours)) {
    hours.push_back({.camera = pg::IdOf<CameraId>(row[0].c_str()),
                     .floor = pg::IdOf<FloorId>(row[1].c_str()),
                     .end = pg::TimeOf(row[2].c_str()),
                     .clips = row[3].as<std::uint64_t>(),
                     .bytes = row[4].as<std::uint64_t>(),
                     .held_clips = row[5].as<std::uint64_t>()});
  }
  return hours;
}

Result<std::int64_t> AddTerm(pqxx::transaction_base& transaction, const RetentionTerm& term) {
  const bool contradicts =
      term.rule && (term.rule->keep.count() <= 0 || term.rule->minimum.count() < 0 ||
                    term.rule->minimum > term.rule->keep);
  if (contradicts || (!term.rule && std::holds_alternative<std::monostate>(term.of))) {
    return Failure(ErrorCode::kInvalidArgument,
                   "expected 0 <= minimum <= keep and keep above 0 for a term of retention");
  }
  std::optional<std::int64_t> keep_us;
  std::optional<std::int64_t> minimum_us;
  if (term.rule) keep_us = term.rule->keep.count();
  if (term.rule) minimum_us = term.rule->minimum.count();
  return transaction
      .exec_params1(kInsert, IdIn<SiteId>(term.of), IdIn<BuildingId>(term.of),
                    IdIn<FloorId>(term.of), IdIn<CameraId>(term.of), pg::TimeParameter(term.from),
                    keep_us, minimum_us, term.purpose)[0]
      .as<std::int64_t>();
}

}  // namespace yagura::storage
