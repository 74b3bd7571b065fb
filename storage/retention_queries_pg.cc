#include "storage/retention_queries_pg.h"

#include <algorithm>
#include <iterator>
#include <pqxx/pqxx>

#include "core/pg/values.h"

namespace yagura::storage {
namespace {

using pg::ArrayParameter;
using pg::TimeOf;
using pg::TimeParameter;

constexpr char kRule[] = R"(
  SELECT (extract(epoch FROM keep) * 1000000)::bigint, (extract(epoch FROM minimum) * 1000000)::bigint
  FROM retention_rule WHERE valid_from <= $1 AND num_nonnulls(camera_id, floor_id, building_id, site_id) = 0
  ORDER BY valid_from DESC, version DESC LIMIT 1)";

// One look into an index for each volume, or camera, and hour: mostly the first look finds a clip.
constexpr char kEmptyHour[] = R"(
  SELECT EXISTS (
    SELECT FROM (SELECT $1::timestamptz - (n + 1) * interval '1 hour' AS after, $1::timestamptz - n * interval '1 hour' AS until
                 FROM generate_series(0, $2::integer - 1) AS n) AS span
    WHERE NOT EXISTS (SELECT FROM volume, LATERAL (
            (SELECT FROM clip WHERE volume_id = volume.id AND local_gone_at IS NULL AND start_at > after AND start_at <= until LIMIT 1)
            UNION ALL
            (SELECT FROM clip WHERE volume_id = volume.id AND local_gone_at IS NOT NULL AND start_at > after AND start_at <= until LIMIT 1)
          ) AS found)
      AND NOT EXISTS (SELECT FROM camera, LATERAL (
            SELECT FROM run WHERE camera_id = camera.id AND start_at > after AND start_at <= until LIMIT 1) AS found)
      AND NOT EXISTS (SELECT FROM camera, LATERAL (
            SELECT FROM gap WHERE camera_id = camera.id AND start_at > after AND start_at <= until LIMIT 1) AS found)
      AND NOT EXISTS (SELECT FROM camera, LATERAL (
            SELECT FROM gap WHERE camera_id = camera.id AND end_at > after AND end_at <= until LIMIT 1) AS found)))";

constexpr char kUsage[] =
    "SELECT stored_bytes, limit_bytes, full_since IS NOT NULL FROM volume WHERE id = $1";

// Clips that may not go are passed over here and not in the plan alone: many of them at the old
// end must not hide what lies behind them. Pair by pair until there are enough: all of them go.
constexpr char kDue[] = R"(
  SELECT run_id, sequence, volume_id, due.camera_id, due.floor_id, start_at, end_at, bytes, local_gone_at IS NULL
  FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::timestamptz[], $5::timestamptz[])
      AS pair (camera_id, floor_id, first, last, may_go_to),
    LATERAL (
      SELECT * FROM clip
      WHERE clip.camera_id = pair.camera_id AND clip.floor_id = pair.floor_id AND clip.start_at >= pair.first
        AND clip.start_at <= pair.last AND clip.start_at < pair.may_go_to AND clip.end_at <= pair.may_go_to
        AND (clip.local_gone_at IS NOT NULL OR clip.volume_id = ANY ($6::uuid[])) AND clip.expiring_since IS NULL
        AND NOT EXISTS (SELECT FROM hold WHERE hold.camera_id = clip.camera_id AND hold.released_at IS NULL
                          AND hold.from_at < clip.end_at AND clip.start_at < hold.to_at)
      ORDER BY clip.start_at LIMIT $7) AS due
  LIMIT $7)";

// Along the index (volume_id, start_at), and only up to what may go at all: on a volume that is
// full of younger clips there is nothing to read. Pairs that are kept longer than others are asked
// for each clip, and not joined, so that the order of the index stays.
constexpr char kOldest[] = R"(
  SELECT run_id, sequence, volume_id, camera_id, floor_id, start_at, end_at, bytes, true FROM clip
  WHERE volume_id = $4 AND local_gone_at IS NULL AND expiring_since IS NULL AND start_at < $5 AND end_at <= $5
    AND end_at <= coalesce((SELECT may_go_to FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[])
                              AS kept_longer (camera_id, floor_id, may_go_to)
                            WHERE kept_longer.camera_id = clip.camera_id AND kept_longer.floor_id = clip.floor_id), $5)
    AND NOT EXISTS (SELECT FROM hold WHERE hold.camera_id = clip.camera_id AND hold.released_at IS NULL
                      AND hold.from_at < clip.end_at AND clip.start_at < hold.to_at)
  ORDER BY start_at LIMIT $6)";

// The other side of hold_keep (schema/0039_holds.sql). Taken by a statement of its own, so that the
// next one sees every hold that was placed before.
constexpr char kLockHolds[] = "SELECT pg_advisory_xact_lock(7926304)";

constexpr char kMark[] = R"(
  UPDATE clip SET expiring_since = $6, expiring_rule = chosen.rule, expiring_version = chosen.version, expiring_plan = $7
  FROM unnest($1::uuid[], $2::integer[], $3::timestamptz[], $4::text[], $5::bigint[])
    AS chosen (run_id, sequence, start_at, rule, version)
  WHERE clip.run_id = chosen.run_id AND clip.sequence = chosen.sequence AND clip.start_at = chosen.start_at
    AND clip.expiring_since IS NULL
    AND NOT EXISTS (SELECT FROM hold WHERE hold.camera_id = clip.camera_id AND hold.released_at IS NULL
                      AND hold.from_at < clip.end_at AND clip.start_at < hold.to_at))";

// By the index of clip (camera_id, start_at), in the partitions of the time in which it was staged.
constexpr char kMarkStaged[] = R"(
  WITH chosen AS (
    SELECT clip.run_id, clip.sequence, clip.start_at FROM camera_state AS was
    JOIN clip ON clip.camera_id = was.camera_id AND was.valid_from <= clip.start_at AND clip.start_at < was.valid_to
    WHERE was.state = 'staged' AND clip.expiring_since IS NULL AND EXISTS (
      SELECT FROM camera_state AS later WHERE later.camera_id = was.camera_id AND later.state = 'in_service'
        AND was.valid_to <= later.valid_from AND later.valid_from <= $1)
      AND NOT EXISTS (SELECT FROM hold WHERE hold.camera_id = clip.camera_id AND hold.released_at IS NULL
                        AND hold.from_at < clip.end_at AND clip.start_at < hold.to_at)
    LIMIT $2)
  UPDATE clip SET expiring_since = $1, expiring_rule = 'staged', expiring_plan = $3 FROM chosen
  WHERE clip.run_id = chosen.run_id AND clip.sequence = chosen.sequence AND clip.start_at = chosen.start_at)";

constexpr char kExpiring[] = R"(
  SELECT run_id, sequence, camera_id, start_at, bytes, store_id FROM clip
  WHERE volume_id = $1 AND expiring_since IS NOT NULL AND local_gone_at IS NULL
    AND (start_at, run_id, sequence) > ($2::timestamptz, $3::uuid, $4::integer)
  ORDER BY start_at, run_id, sequence LIMIT $5)";

constexpr char kExpiringCopies[] = R"(
  SELECT run_id, sequence, camera_id, start_at, bytes, store_id FROM clip
  WHERE expiring_since IS NOT NULL AND local_gone_at IS NOT NULL
    AND (start_at, run_id, sequence) > ($1::timestamptz, $2::uuid, $3::integer)
  ORDER BY start_at, run_id, sequence LIMIT $4)";

constexpr char kMarkFileGone[] = R"(
  UPDATE clip SET local_gone_at = $4
  FROM unnest($1::uuid[], $2::integer[], $3::timestamptz[]) AS unlinked (run_id, sequence, start_at)
  WHERE clip.run_id = unlinked.run_id AND clip.sequence = unlinked.sequence AND clip.start_at = unlinked.start_at
    AND clip.expiring_since IS NOT NULL AND clip.local_gone_at IS NULL)";

// The other side of kShareClips in catalogue_insert_pg.cc.
constexpr char kLockClips[] = "SELECT pg_advisory_xact_lock(7926303)";

constexpr char kProve[] = R"(
  WITH gone AS (
    DELETE FROM clip USING unnest($1::uuid[], $2::integer[], $3::timestamptz[]) AS unlinked (run_id, sequence, start_at)
    WHERE clip.run_id = unlinked.run_id AND clip.sequence = unlinked.sequence AND clip.start_at = unlinked.start_at
      AND clip.expiring_since IS NOT NULL
    RETURNING clip.*)
  INSERT INTO clip_deletion (run_id, sequence, camera_id, unit_id, floor_id, start_at, end_at, bytes, sha256, deleted_at, rule, store_id,
                             plan_id, planned_at, rule_version)
  SELECT run_id, sequence, camera_id, unit_id, floor_id, start_at, end_at, bytes, sha256, $4, expiring_rule, store_id,
         expiring_plan, expiring_since, expiring_version FROM gone)";

constexpr char kHeldClips[] = "SELECT volume_id, clips, bytes FROM volume_held ORDER BY volume_id";

constexpr char kSetFull[] =
    "UPDATE volume SET full_since = $2 WHERE id = ANY ($1::uuid[]) AND full_since IS NULL";
constexpr char kSetRelieved[] =
    "UPDATE volume SET full_since = NULL WHERE id = ANY ($1::uuid[]) AND full_since IS NOT NULL";

/// One for all that is marked together.
using PlanId = Id<struct PlanTag>;

/// The names that the schema has for them.
std::string Text(DeletionRule rule) { return rule == DeletionRule::kAge ? "age" : "space"; }

std::string Array(const std::vector<VolumeId>& ids) {
  ArrayParameter array;
  for (const VolumeId& id : ids) array.Add(ToString(id));
  return array.Text();
}

/// The key columns of clips, as arrays.
struct Keys {
  ArrayParameter runs, sequences, starts;
  void Add(const ClipId& id, WallTime start) {
    runs.Add(ToString(id.run));
    sequences.Add(std::to_string(id.sequence));
    starts.Add(TimeParameter(start));
  }
};

ClipId ReadClipId(const pqxx::row& row) {
  return {.run = pg::IdOf<RunId>(row[0].c_str()), .sequence = row[1].as<std::uint32_t>()};
}

std::vector<StoredClip> ClipsOf(const pqxx::result& rows) {
  std::vector<StoredClip> clips;
  for (const auto& row : rows) {
    clips.push_back({.id = ReadClipId(row),
                     .volume = pg::IdOf<VolumeId>(row[2].c_str()),
                     .camera = pg::IdOf<CameraId>(row[3].c_str()),
                     .floor = pg::IdOf<FloorId>(row[4].c_str()),
                     .start = TimeOf(row[5].c_str()),
                     .end = TimeOf(row[6].c_str()),
                     .bytes = row[7].as<std::uint64_t>(),
                     .held = false,
                     .on_volume = row[8].as<bool>()});
  }
  return clips;
}

}  // namespace

std::vector<KnownVolume> ReadVolumes(pqxx::transaction_base& transaction) {
  std::vector<KnownVolume> volumes;
  for (const auto& row : transaction.exec("SELECT id, path FROM volume ORDER BY id")) {
    volumes.push_back({.id = pg::IdOf<VolumeId>(row[0].c_str()), .path = row[1].c_str()});
  }
  return volumes;
}

RetentionRule ReadRule(pqxx::transaction_base& transaction, WallTime now) {
  const pqxx::row row = transaction.exec_params1(kRule, TimeParameter(now));
  return {.keep = microseconds(row[0].as<std::int64_t>()),
          .minimum = microseconds(row[1].as<std::int64_t>())};
}

bool HasEmptyHour(pqxx::transaction_base& transaction, WallTime now, int hours) {
  return transaction.exec_params1(kEmptyHour, TimeParameter(now), hours)[0].as<bool>();
}

VolumeUsage ReadUsage(pqxx::transaction_base& transaction, const VolumeId& volume) {
  const pqxx::row row = transaction.exec_params1(kUsage, ToString(volume));
  VolumeUsage usage;
  usage.volume = volume;
  usage.stored_bytes = row[0].as<std::uint64_t>();
  if (!row[1].is_null()) usage.limit_bytes = row[1].as<std::uint64_t>();
  usage.full = row[2].as<bool>();
  return usage;
}

std::vector<StoredClip> ReadDue(pqxx::transaction_base& transaction,
                                const std::vector<VolumeId>& volumes,
                                const std::vector<RecordedPair>& pairs, std::size_t limit) {
  const PairArrays arrays(pairs);
  return ClipsOf(transaction.exec_params(kDue, arrays.cameras.Text(), arrays.floors.Text(),
                                         arrays.firsts.Text(), arrays.lasts.Text(),
                                         arrays.may_go_to.Text(), Array(volumes), limit));
}

std::vector<StoredClip> ReadOldest(pqxx::transaction_base& transaction, const VolumeId& volume,
                                   const std::vector<RecordedPair>& pairs, std::size_t limit) {
  if (pairs.empty()) return {};
  const WallTime last = std::ranges::max_element(pairs, {}, &RecordedPair::may_go_to)->may_go_to;
  std::vector<RecordedPair> kept_longer;
  std::ranges::copy_if(pairs, std::back_inserter(kept_longer),
                       [&](const RecordedPair& pair) { return pair.may_go_to < last; });
  const PairArrays arrays(kept_longer);
  return ClipsOf(transaction.exec_params(kOldest, arrays.cameras.Text(), arrays.floors.Text(),
                                         arrays.may_go_to.Text(), ToString(volume),
                                         TimeParameter(last), limit));
}

void MarkExpiring(pqxx::transaction_base& transaction,
                  const std::vector<PlannedDeletion>& deletions, WallTime now) {
  Keys keys;
  ArrayParameter rules;
  ArrayParameter versions;
  for (const PlannedDeletion& deletion : deletions) {
    keys.Add(deletion.id, deletion.start);
    rules.Add(Text(deletion.rule));
    versions.Add(std::to_string(deletion.version));
  }
  transaction.exec1(kLockHolds);
  transaction.exec_params0(kMark, keys.runs.Text(), keys.sequences.Text(), keys.starts.Text(),
                           rules.Text(), versions.Text(), TimeParameter(now),
                           ToString(NewId<PlanId>()));
}

std::size_t MarkStaged(pqxx::transaction_base& transaction, WallTime now, std::size_t limit) {
  transaction.exec1(kLockHolds);
  return transaction.exec_params(kMarkStaged, TimeParameter(now), limit, ToString(NewId<PlanId>()))
      .affected_rows();
}

namespace {

std::vector<ExpiringClip> ExpiringOf(const pqxx::result& rows) {
  std::vector<ExpiringClip> clips;
  for (const auto& row : rows) {
    clips.push_back({.id = ReadClipId(row),
                     .camera = pg::IdOf<CameraId>(row[2].c_str()),
                     .start = TimeOf(row[3].c_str()),
                     .bytes = row[4].as<std::uint64_t>(),
                     .may_be_in_store = !row[5].is_null()});
  }
  return clips;
}

}  // namespace

std::vector<ExpiringClip> ReadExpiring(pqxx::transaction_base& transaction, const VolumeId& volume,
                                       const ExpiringClip* after, std::size_t limit) {
  const WallTime start = after != nullptr ? after->start : WallTime::min();
  const ClipId id = after != nullptr ? after->id : ClipId{};
  return ExpiringOf(transaction.exec_params(kExpiring, ToString(volume), TimeParameter(start),
                                            ToString(id.run), id.sequence, limit));
}

std::vector<ExpiringClip> ReadExpiringCopies(pqxx::transaction_base& transaction,
                                             const ExpiringClip* after, std::size_t limit) {
  const WallTime start = after != nullptr ? after->start : WallTime::min();
  const ClipId id = after != nullptr ? after->id : ClipId{};
  return ExpiringOf(transaction.exec_params(kExpiringCopies, TimeParameter(start), ToString(id.run),
                                            id.sequence, limit));
}

void MarkFileGone(pqxx::transaction_base& transaction, const std::vector<ExpiringClip>& clips,
                  WallTime now) {
  Keys keys;
  for (const ExpiringClip& clip : clips) keys.Add(clip.id, clip.start);
  transaction.exec_params0(kMarkFileGone, keys.runs.Text(), keys.sequences.Text(),
                           keys.starts.Text(), TimeParameter(now));
}

void ProveDeleted(pqxx::transaction_base& transaction, const std::vector<ExpiringClip>& clips,
                  WallTime now) {
  Keys keys;
  for (const ExpiringClip& clip : clips) keys.Add(clip.id, clip.start);
  transaction.exec1(kLockClips);
  transaction.exec_params0(kProve, keys.runs.Text(), keys.sequences.Text(), keys.starts.Text(),
                           TimeParameter(now));
}

std::vector<HeldClips> ReadHeldClips(pqxx::transaction_base& transaction) {
  std::vector<HeldClips> held;
  for (const auto& row : transaction.exec(kHeldClips)) {
    held.push_back({.volume = pg::IdOf<VolumeId>(row[0].c_str()),
                    .clips = row[1].as<std::uint64_t>(),
                    .bytes = row[2].as<std::uint64_t>()});
  }
  return held;
}

void SetFull(pqxx::transaction_base& transaction, const std::vector<VolumeId>& full,
             const std::vector<VolumeId>& relieved, WallTime now) {
  transaction.exec_params0(kSetFull, Array(full), TimeParameter(now));
  transaction.exec_params0(kSetRelieved, Array(relieved));
}

}  // namespace yagura::storage
