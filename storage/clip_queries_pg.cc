#include "storage/clip_queries_pg.h"

#include <algorithm>
#include <pqxx/pqxx>
#include <string>

#include "core/check.h"
#include "core/pg/values.h"
#include "storage/catalogue_rows_pg.h"

namespace yagura::storage {
namespace {

using pg::TimeParameter;
using std::chrono::hours;
using std::chrono::seconds;

// No clip is longer (the schema checks it), so those that overlap an instant have started at most
// so long before: that is what lets the b-tree on (camera, start) answer.
constexpr seconds kClipLengthMax{130};

// A run is rolled at the office's midnight, so its clips start within a day of 25 hours at most.
constexpr hours kRunLengthMax{26};

constexpr char kNewest[] =
    "SELECT end_at FROM clip WHERE camera_id = $1 AND stream = $2 AND expiring_since IS NULL"
    " ORDER BY start_at DESC LIMIT 1";

/// A statement put together with its parameters.
class Statement {
 public:
  explicit Statement(std::string sql) : sql_(std::move(sql)) {}

  /// Adds `sql`, each "?" of it standing for the next of `values`.
  Statement& And(std::string_view sql, std::initializer_list<std::string> values) {
    auto value = values.begin();
    for (const char c : sql) {
      if (c != '?') {
        sql_ += c;
        continue;
      }
      parameters_.push_back(*value++);
      sql_ += "$" + std::to_string(parameters_.size());
    }
    return *this;
  }
  [[nodiscard]] pqxx::result Execute(pqxx::transaction_base& transaction) const {
    return transaction.exec_params(sql_, pqxx::prepare::make_dynamic_params(parameters_));
  }

 private:
  std::string sql_;
  std::vector<std::string> parameters_;
};

std::string Text(Stream stream) { return std::string(ToString(stream)); }

template <class Row>
std::vector<Row> ReadAll(const pqxx::result& result, Row (*read)(const pqxx::row&)) {
  std::vector<Row> rows;
  rows.reserve(result.size());
  for (const auto& row : result) rows.push_back(read(row));
  return rows;
}

template <class Row>
std::optional<Row> ReadOne(const pqxx::result& result, Row (*read)(const pqxx::row&)) {
  if (result.empty()) return std::nullopt;
  return read(result.front());
}

}  // namespace

std::vector<ClipRow> ClipsOverlapping(pqxx::transaction_base& transaction,
                                      const ClipSearch& search) {
  CHECK(search.camera || search.floor);
  WallTime starts_from = search.range.from - kClipLengthMax;
  if (search.after) starts_from = std::max(starts_from, search.after->start);
  Statement statement(std::string("SELECT ") + kClipColumns +
                      " FROM clip WHERE expiring_since IS NULL");
  if (search.camera) statement.And(" AND camera_id = ?", {ToString(*search.camera)});
  if (search.floor) statement.And(" AND floor_id = ?", {ToString(*search.floor)});
  statement.And(" AND stream = ?", {Text(search.stream)});
  statement.And(" AND start_at >= ? AND start_at < ? AND end_at > ?",
                {TimeParameter(starts_from), TimeParameter(search.range.to),
                 TimeParameter(search.range.from)});
  if (search.after) {
    statement.And(" AND (start_at, run_id, sequence) > (?::timestamptz, ?::uuid, ?::integer)",
                  {TimeParameter(search.after->start), ToString(search.after->id.run),
                   std::to_string(search.after->id.sequence)});
  }
  statement.And(" ORDER BY start_at, run_id, sequence LIMIT ?", {std::to_string(search.limit)});
  return ReadAll(statement.Execute(transaction), &ReadClip);
}

std::optional<FoundClip> FindClip(pqxx::transaction_base& transaction, const ClipId& id) {
  auto run = FindRun(transaction, id.run);
  if (!run) return std::nullopt;
  // Names the days in which to look before it is planned: a month has too many partitions.
  Statement statement(std::string("SELECT ") + kClipColumns +
                      " FROM clip WHERE expiring_since IS NULL");
  statement.And(" AND run_id = ? AND sequence = ?",
                {ToString(id.run), std::to_string(id.sequence)});
  statement.And(" AND start_at >= ? AND start_at < ?", {TimeParameter(run->start - seconds(60)),
                                                        TimeParameter(run->start + kRunLengthMax)});
  auto clip = ReadOne(statement.Execute(transaction), &ReadClip);
  if (!clip) return std::nullopt;
  return FoundClip{*std::move(clip), *std::move(run)};
}

std::optional<RunRow> FindRun(pqxx::transaction_base& transaction, const RunId& id) {
  const std::string sql = std::string("SELECT ") + kRunColumns + " FROM run WHERE id = $1";
  return ReadOne(transaction.exec_params(sql, ToString(id)), &ReadRun);
}

std::vector<RunRow> FindRuns(pqxx::transaction_base& transaction, const std::vector<RunId>& ids) {
  pg::ArrayParameter array;
  for (const RunId& id : ids) array.Add(ToString(id));
  const std::string sql = std::string("SELECT ") + kRunColumns +
                          " FROM run WHERE id = ANY ($1::uuid[]) ORDER BY start_at, id";
  return ReadAll(transaction.exec_params(sql, array.Text()), &ReadRun);
}

std::vector<GapRow> GapsOverlapping(pqxx::transaction_base& transaction, const CameraId& camera,
                                    Stream stream, const WallRange& range, std::uint32_t limit) {
  Statement statement(std::string("SELECT ") + kGapColumns + " FROM gap WHERE");
  statement.And(" camera_id = ? AND stream = ?", {ToString(camera), Text(stream)});
  statement.And(" AND start_at < ? AND (end_at > ? OR end_at IS NULL)",
                {TimeParameter(range.to), TimeParameter(range.from)});
  statement.And(" AND start_at IS DISTINCT FROM end_at ORDER BY start_at, id LIMIT ?",
                {std::to_string(limit)});
  return ReadAll(statement.Execute(transaction), &ReadGap);
}

std::optional<AccountedFor> ReadAccountedFor(pqxx::transaction_base& transaction,
                                             const CameraId& camera, Stream stream) {
  const auto clip_end = NewestClipEnd(transaction, camera, stream);
  Statement statement(std::string("SELECT ") + kGapColumns + " FROM gap WHERE");
  statement.And(" camera_id = ? AND stream = ? ORDER BY start_at DESC LIMIT 1",
                {ToString(camera), Text(stream)});
  const auto gap = ReadOne(statement.Execute(transaction), &ReadGap);
  if (!clip_end && !gap) return std::nullopt;
  AccountedFor known{.until = clip_end.value_or(WallTime::min()), .open_gap = std::nullopt};
  if (gap) known.until = std::max(known.until, gap->end.value_or(gap->start));
  if (gap && !gap->end) known.open_gap = gap;
  return known;
}

std::optional<WallTime> NewestClipEnd(pqxx::transaction_base& transaction, const CameraId& camera,
                                      Stream stream) {
  const pqxx::result newest = transaction.exec_params(kNewest, ToString(camera), Text(stream));
  if (newest.empty()) return std::nullopt;
  return pg::TimeOf(newest[0][0].c_str());
}

}  // namespace yagura::storage
