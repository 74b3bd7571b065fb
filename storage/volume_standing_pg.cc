#include "storage/volume_standing_pg.h"

#include <algorithm>
#include <pqxx/pqxx>
#include <string>

#include "core/log.h"
#include "core/pg/values.h"
#include "storage/retention_queries_pg.h"
#include "storage/volume.h"

namespace yagura::storage {
namespace {

/// What is recorded is measured each hour, over the last days.
constexpr std::chrono::hours kMeasureEvery{1};

// By the index of clip (volume_id, start_at).
constexpr char kStandings[] = R"(
  SELECT id, path, stored_bytes, stored_clips, capacity_bytes, free_bytes, bytes_per_day, seen_at, mark_percent, full_since,
    (SELECT start_at FROM clip WHERE volume_id = volume.id AND local_gone_at IS NULL ORDER BY start_at LIMIT 1),
    (SELECT (extract(epoch FROM keep) * 1000000)::bigint FROM retention_rule
      WHERE valid_from <= $1 AND num_nonnulls(camera_id, floor_id, building_id, site_id) = 0
      ORDER BY valid_from DESC, version DESC LIMIT 1)
  FROM volume ORDER BY path, id)";

constexpr char kUsage[] =
    "SELECT stored_bytes, limit_bytes, mark_percent FROM volume WHERE id = $1";

constexpr char kNote[] = R"(
  UPDATE volume SET capacity_bytes = $2, free_bytes = $3, mark_percent = $4, seen_at = $5 WHERE id = $1)";

// Of three days, or of the time since the volume's first clip, where that is shorter: an hour at
// least.
constexpr char kMeasure[] = R"(
  UPDATE volume SET bytes_per_day = (
    SELECT coalesce(sum(bytes) * 86400 / greatest(3600, least(3 * 86400, extract(epoch FROM $2::timestamptz - min(start_at)))), 0)::bigint
    FROM (SELECT start_at, bytes FROM clip WHERE volume_id = $1 AND local_gone_at IS NULL
          UNION ALL SELECT start_at, bytes FROM clip WHERE volume_id = $1 AND local_gone_at IS NOT NULL) AS recorded
    WHERE start_at > $2::timestamptz - interval '3 days' AND start_at <= $2::timestamptz)
  WHERE id = $1)";

std::optional<std::uint64_t> CountOf(const pqxx::field& field) {
  if (field.is_null()) return std::nullopt;
  return field.as<std::uint64_t>();
}

std::optional<WallTime> TimeOf(const pqxx::field& field) {
  if (field.is_null()) return std::nullopt;
  return pg::TimeOf(field.c_str());
}

VolumeStanding StandingOf(const pqxx::row& row, WallTime now) {
  VolumeStanding standing{.id = pg::IdOf<VolumeId>(row[0].c_str()),
                          .path = row[1].c_str(),
                          .stored_bytes = row[2].as<std::uint64_t>(),
                          .stored_clips = row[3].as<std::uint64_t>(),
                          .capacity_bytes = CountOf(row[4]),
                          .free_bytes = CountOf(row[5]),
                          .bytes_per_day = CountOf(row[6]),
                          .seen_at = TimeOf(row[7]),
                          .mark_percent = row[8].as<int>(),
                          .full_since = TimeOf(row[9]),
                          .oldest = TimeOf(row[10]),
                          .full_at = std::nullopt};
  if (standing.capacity_bytes && standing.free_bytes && standing.bytes_per_day) {
    standing.full_at = FullAt({.stored_bytes = standing.stored_bytes,
                               .capacity_bytes = *standing.capacity_bytes,
                               .free_bytes = *standing.free_bytes,
                               .bytes_per_day = *standing.bytes_per_day,
                               .oldest = standing.oldest,
                               .keep = microseconds(row[11].as<std::int64_t>())},
                              now);
  }
  return standing;
}

void RaiseAlarms(const VolumeId& volume, int before, int now) {
  for (const int mark : MarksPassed(before, now)) {
    log::Error("alarm: a volume is nearly full",
               {{"volume", ToString(volume)}, {"above_percent", static_cast<std::int64_t>(mark)}});
  }
}

}  // namespace

Result<std::vector<VolumeStanding>> ReadVolumeStandings(pg::Pool& pool, WallTime now) {
  using Standings = std::vector<VolumeStanding>;
  return pool.ReadFor<Standings>([&](pqxx::transaction_base& transaction) -> Result<Standings> {
    Standings standings;
    for (const auto& row : transaction.exec_params(kStandings, pg::TimeParameter(now)))
      standings.push_back(StandingOf(row, now));
    return standings;
  });
}

Result<void> VolumeWatch::Look() {
  using Volumes = std::vector<KnownVolume>;
  ASSIGN_OR_RETURN(const Volumes volumes,
                   pool_.ReadFor<Volumes>([](pqxx::transaction_base& transaction) {
                     return Result<Volumes>(ReadVolumes(transaction));
                   }));
  const bool measures = clock_.Monotonic() >= next_measurement_;
  for (const KnownVolume& volume : volumes) {
    const auto there = Volume::Open(files_, {.root = volume.path});
    if (!there.has_value() || (*there)->id() != volume.id) continue;
    ASSIGN_OR_RETURN(const Space space, files_.SpaceOf(volume.path));
    RETURN_IF_ERROR(Note(volume.id, space, measures));
  }
  if (measures) next_measurement_ = clock_.Monotonic() + kMeasureEvery;
  return {};
}

Result<void> VolumeWatch::Note(const VolumeId& volume, const Space& space, bool measures) {
  int before = 0;
  int now = 0;
  RETURN_IF_ERROR(pool_.Run([&](pqxx::transaction_base& transaction) -> Result<void> {
    const std::string id = ToString(volume);
    const pqxx::row row = transaction.exec_params1(kUsage, id);
    std::uint64_t capacity_bytes = CapacityBytes(space, reserve_bytes_);
    std::uint64_t free_bytes = UsableBytes(space, reserve_bytes_);
    if (const auto limit_bytes = CountOf(row[1])) {
      capacity_bytes = std::min(capacity_bytes, *limit_bytes);
      free_bytes =
          std::min(free_bytes, *limit_bytes - std::min(*limit_bytes, row[0].as<std::uint64_t>()));
    }
    before = row[2].as<int>();
    now = FillMark(capacity_bytes - std::min(capacity_bytes, free_bytes), capacity_bytes, before);
    const std::string at = pg::TimeParameter(clock_.Now());
    transaction.exec_params0(kNote, id, capacity_bytes, free_bytes, now, at);
    if (measures) transaction.exec_params0(kMeasure, id, at);
    return {};
  }));
  RaiseAlarms(volume, before, now);
  return {};
}

}  // namespace yagura::storage
