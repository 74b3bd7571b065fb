#include "storage/kept_footage_pg.h"

#include <algorithm>
#include <map>
#include <pqxx/pqxx>

#include "core/pg/values.h"
#include "storage/recorded_pairs_pg.h"

namespace yagura::storage {
namespace {

// As kDue in retention_queries_pg.cc, but wherever the clips lie, and also those that don't go.
constexpr char kPastTerm[] = R"(
  SELECT old.state, count(*), sum(old.bytes)::bigint
  FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::timestamptz[], $5::timestamptz[])
      AS pair (camera_id, floor_id, first, last, may_go_to),
    LATERAL (
      SELECT bytes, CASE
          WHEN expiring_since IS NOT NULL THEN 'leaving'
          WHEN EXISTS (SELECT FROM hold WHERE hold.camera_id = clip.camera_id AND hold.released_at IS NULL
                         AND hold.from_at < clip.end_at AND clip.start_at < hold.to_at) THEN 'held'
          ELSE 'left' END AS state
      FROM clip
      WHERE clip.camera_id = pair.camera_id AND clip.floor_id = pair.floor_id AND clip.start_at >= pair.first
        AND clip.start_at <= pair.last AND clip.start_at < pair.may_go_to AND clip.end_at <= pair.may_go_to) AS old
  GROUP BY old.state)";

constexpr char kProven[] = R"(
  SELECT rule, count(*), sum(bytes)::bigint FROM clip_deletion
  WHERE deleted_at >= $1 AND deleted_at < $2 GROUP BY rule)";

// docs/design/retention.md has the form. Camera by camera: only one camera's proofs are put
// together at a time.
constexpr char kChecksum[] = R"(
  SELECT encode(sha256(coalesce(string_agg(of_camera.checksum, ''::bytea ORDER BY of_camera.camera_id), '')), 'hex') FROM (
    SELECT camera_id, sha256(string_agg(convert_to(concat_ws(E'\n', run_id, sequence, camera_id, unit_id, floor_id,
        (extract(epoch FROM start_at) * 1000000)::bigint, (extract(epoch FROM end_at) * 1000000)::bigint, bytes,
        encode(sha256, 'hex'), (extract(epoch FROM deleted_at) * 1000000)::bigint, rule, coalesce(store_id::text, '-'),
        coalesce(plan_id::text, '-'), coalesce((extract(epoch FROM planned_at) * 1000000)::bigint::text, '-'),
        coalesce(rule_version::text, '-'), ''), 'UTF8'), ''::bytea ORDER BY start_at, run_id, sequence)) AS checksum
    FROM clip_deletion WHERE deleted_at >= $1 AND deleted_at < $2 GROUP BY camera_id) AS of_camera)";

std::map<std::string, ClipCount> Counts(const pqxx::result& rows) {
  std::map<std::string, ClipCount> counts;
  for (const auto& row : rows) {
    counts[row[0].c_str()] = {.clips = row[1].as<std::uint64_t>(),
                              .bytes = row[2].as<std::uint64_t>()};
  }
  return counts;
}

}  // namespace

PastTerm ReadPastTerm(pqxx::transaction_base& transaction, const RetentionTerms& terms, WallTime at,
                      WallTime now) {
  std::vector<RecordedPair> pairs = ReadPairs(transaction);
  for (RecordedPair& pair : pairs) {
    pair.may_go_to = at - std::max(terms.For(pair.camera, pair.floor, at).rule->keep,
                                   terms.For(pair.camera, pair.floor, now).rule->keep);
  }
  const PairArrays arrays(pairs);
  auto counts = Counts(transaction.exec_params(kPastTerm, arrays.cameras.Text(),
                                               arrays.floors.Text(), arrays.firsts.Text(),
                                               arrays.lasts.Text(), arrays.may_go_to.Text()));
  return {.left = counts["left"], .leaving = counts["leaving"], .held = counts["held"]};
}

ProvenDeletions ReadProven(pqxx::transaction_base& transaction, const WallRange& deleted) {
  const std::string from = pg::TimeParameter(deleted.from);
  const std::string to = pg::TimeParameter(deleted.to);
  auto counts = Counts(transaction.exec_params(kProven, from, to));
  return {.by_age = counts["age"],
          .for_space = counts["space"],
          .staged = counts["staged"],
          .sha256_hex = transaction.exec_params1(kChecksum, from, to)[0].c_str()};
}

}  // namespace yagura::storage
