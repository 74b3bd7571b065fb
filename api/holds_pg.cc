#include "api/holds_pg.h"

#include <algorithm>
#include <pqxx/pqxx>

#include "api/parameters.h"
#include "api/range_list_pg.h"
#include "core/pg/values.h"

namespace yagura::api {
namespace {

using access_control::Footage;

constexpr char kHoldable[] = "SELECT unit_id, covers FROM holdable_charges($1, $2, $3)";

constexpr char kFootage[] = "SELECT camera_id, unit_id, from_at, to_at FROM hold WHERE id = $1";

constexpr char kFind[] = R"(
  SELECT seen_hold.*, (SELECT string_agg(lower(one)::text || '/' || upper(one)::text, ',' ORDER BY one)
                       FROM unnest(gone) AS one) AS gone_ranges
  FROM seen_hold
  WHERE ($1::uuid IS NULL OR id = $1) AND ($2::uuid IS NULL OR camera_id = $2)
    AND ($3::timestamptz IS NULL OR (placed_at, id) > ($3, $4::uuid))
  ORDER BY placed_at, id LIMIT $5)";

constexpr char kPlace[] = "SELECT hold_place($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) IS NULL";

constexpr char kRelease[] = "SELECT hold_release($1, $2, $3, $4, $5, $6)";

std::string BasisOf(const HoldRequest& request) {
  return pg::ArrayOf(request.permit.decision().basis);
}

tl::unexpected<Error> FactsMoved() {
  return Failure(ErrorCode::kAborted, "the facts have changed meanwhile");
}

SeenHold HoldIn(const pqxx::row& row) {
  SeenHold hold{.id = pg::IdOf<HoldId>(row["id"].c_str()),
                .camera = pg::IdOf<CameraId>(row["camera_id"].c_str()),
                .camera_code = row["camera_code"].c_str(),
                .unit = pg::IdOf<UnitId>(row["unit_id"].c_str()),
                .range = {pg::TimeOf(row["from_at"].c_str()), pg::TimeOf(row["to_at"].c_str())},
                .reason = row["reason"].c_str(),
                .review_at = pg::TimeOf(row["review_at"].c_str()),
                .placed_at = pg::TimeOf(row["placed_at"].c_str()),
                .person = pg::IdOf<PersonId>(row["placed_by"].c_str()),
                .person_name = row["placed_by_name"].c_str(),
                .gone = RangesOf(row["gone_ranges"].c_str()),
                .release = {}};
  if (!row["released_at"].is_null()) {
    hold.release = SeenHold::Release{.at = pg::TimeOf(row["released_at"].c_str()),
                                     .person = pg::IdOf<PersonId>(row["released_by"].c_str()),
                                     .person_name = row["released_by_name"].c_str(),
                                     .reason = row["release_reason"].c_str()};
  }
  return hold;
}

}  // namespace

Result<UnitId> HoldableUnit(pqxx::transaction_base& transaction, CameraId camera,
                            const WallRange& range) {
  const auto charges = transaction.exec_params(
      kHoldable, ToString(camera), pg::TimeParameter(range.from), pg::TimeParameter(range.to));
  if (charges.empty()) return Failure(ErrorCode::kNotFound, "nothing that may be held");
  const auto whole = std::find_if(charges.begin(), charges.end(),
                                  [](const auto& row) { return row[1].template as<bool>(); });
  if (whole == charges.end())
    return InvalidArgument("from, to: no one unit was in charge of the camera all that time");
  return pg::IdOf<UnitId>((*whole)[0].c_str());
}

Result<Footage> FootageOfHold(pqxx::transaction_base& transaction, HoldId id) {
  const auto rows = transaction.exec_params(kFootage, ToString(id));
  if (rows.empty()) return Failure(ErrorCode::kNotFound, "no such hold");
  const pqxx::row row = rows[0];
  return Footage{pg::IdOf<CameraId>(row[0].c_str()),
                 pg::IdOf<UnitId>(row[1].c_str()),
                 {pg::TimeOf(row[2].c_str()), pg::TimeOf(row[3].c_str())}};
}

std::vector<SeenHold> FindHolds(pqxx::transaction_base& transaction, const HoldSearch& search) {
  std::optional<std::string> id;
  std::optional<std::string> camera;
  std::optional<std::string> after_at;
  std::optional<std::string> after_id;
  if (search.id) id = ToString(*search.id);
  if (search.camera) camera = ToString(*search.camera);
  if (search.after) after_at = pg::TimeParameter(search.after->placed_at);
  if (search.after) after_id = ToString(search.after->id);
  std::vector<SeenHold> holds;
  for (const auto& row :
       transaction.exec_params(kFind, id, camera, after_at, after_id, search.limit)) {
    holds.push_back(HoldIn(row));
  }
  return holds;
}

Result<HoldId> InsertHold(const HoldRequest& request, const NewHold& hold) {
  const auto& [camera, unit, range] = hold.footage;
  const auto id = NewId<HoldId>();
  const pqxx::row row = request.permit.transaction().exec_params1(
      kPlace, ToString(id), ToString(camera), ToString(unit), pg::TimeParameter(range.from),
      pg::TimeParameter(range.to), hold.reason, pg::TimeParameter(hold.review_at), BasisOf(request),
      request.caller.terminal, request.caller.request_id, request.permit.facts().epoch());
  if (row[0].as<bool>()) return FactsMoved();
  return id;
}

Result<void> MarkReleased(const HoldRequest& request, HoldId id, const std::string& reason) {
  const pqxx::row row = request.permit.transaction().exec_params1(
      kRelease, ToString(id), reason, BasisOf(request), request.caller.terminal,
      request.caller.request_id, request.permit.facts().epoch());
  if (row[0].is_null()) return FactsMoved();
  const std::string outcome = row[0].c_str();
  if (outcome == "released") return {};
  const std::string why = outcome == "own" ? "another person than who placed it must release it"
                                           : "it has been released already";
  return Failure(Error(ErrorCode::kFailedPrecondition, why).WithPublicMessage(why));
}

}  // namespace yagura::api
