#include "app/evidence_pg.h"

#include <limits>
#include <pqxx/pqxx>

#include "fleet/recorder_view_pg.h"
#include "storage/clip_queries_pg.h"

namespace yagura::app {
namespace {

constexpr std::uint32_t kPage = 10'000;
/// Before any recording, and after the last one that can be entered; PostgreSQL knows both.
constexpr WallTime kLongAgo{std::chrono::seconds(0)};
constexpr WallTime kFarAhead{std::chrono::seconds(4'102'444'800)};  // 2100

void AddClips(pqxx::transaction_base& transaction, CameraStream of,
              std::vector<storage::ClipRow>& clips) {
  storage::ClipSearch search{.camera = of.camera,
                             .floor = {},
                             .stream = of.stream,
                             .range = {kLongAgo, kFarAhead},
                             .after = {},
                             .limit = kPage};
  for (;;) {
    const auto page = storage::ClipsOverlapping(transaction, search);
    clips.insert(clips.end(), page.begin(), page.end());
    if (page.size() < kPage) return;
    search.after = storage::ClipCursor{page.back().start, page.back().id};
  }
}

std::set<ClipId> ExpiringClips(pqxx::transaction_base& transaction) {
  std::set<ClipId> expiring;
  for (const pqxx::row& row :
       transaction.exec("SELECT run_id, sequence FROM clip WHERE expiring_since IS NOT NULL"
                        " UNION ALL SELECT run_id, sequence FROM clip_deletion"
                        " WHERE deleted_at > now() - interval '1 hour'")) {
    const auto run = ParseId<RunId>(row[0].c_str());
    if (run) expiring.insert({*run, row[1].as<std::uint32_t>()});
  }
  return expiring;
}

std::map<CameraId, std::vector<WallRange>> DeletedStretches(pqxx::transaction_base& transaction) {
  std::map<CameraId, std::vector<WallRange>> deleted;
  for (const pqxx::row& row : transaction.exec(
           "SELECT camera_id, (extract(epoch FROM start_at) * 1000000)::bigint, "
           "(extract(epoch FROM end_at) * 1000000)::bigint FROM (SELECT run_id, "
           "camera_id, start_at, end_at FROM clip_deletion"
           " UNION ALL SELECT run_id, camera_id, start_at, end_at FROM clip WHERE "
           "expiring_since IS NOT NULL) AS gone "
           "WHERE NOT EXISTS (SELECT FROM run WHERE id = run_id AND stream = 'sub')")) {
    const auto camera = ParseId<CameraId>(row[0].c_str());
    if (camera) {
      deleted[*camera].push_back({WallTime(microseconds(row[1].as<std::int64_t>())),
                                  WallTime(microseconds(row[2].as<std::int64_t>()))});
    }
  }
  return deleted;
}

/// From where the clock was set back to, which is noticed a little later, until the last clip of
/// the time before may end.
std::vector<WallRange> TimesLivedTwice(pqxx::transaction_base& transaction) {
  std::vector<WallRange> twice;
  for (const pqxx::row& row : transaction.exec(
           "SELECT (extract(epoch FROM after_at - interval '5 seconds') * 1000000)::bigint, "
           "(extract(epoch FROM before_at + interval '130 seconds') * "
           "1000000)::bigint FROM clock_step WHERE after_at < before_at")) {
    twice.push_back({WallTime(microseconds(row[0].as<std::int64_t>())),
                     WallTime(microseconds(row[1].as<std::int64_t>()))});
  }
  return twice;
}

}  // namespace

Result<CatalogueEvidence> ReadCatalogueEvidence(pg::Pool& pool) {
  return pool.ReadFor<CatalogueEvidence>(
      [](pqxx::transaction_base& transaction) -> Result<CatalogueEvidence> {
        CatalogueEvidence evidence;
        evidence.view = fleet::ReadRecorderView(transaction, kLongAgo);
        for (const fleet::RecordedCamera& camera : evidence.view.cameras) {
          for (const Stream stream : {Stream::kMain, Stream::kSub})
            AddClips(transaction, {camera.id, stream}, evidence.clips[camera.id]);
          evidence.gaps[camera.id] = storage::GapsOverlapping(
              transaction, camera.id, storage::Stream::kMain, {kLongAgo, kFarAhead},
              std::numeric_limits<std::int32_t>::max());
        }
        evidence.deleted = DeletedStretches(transaction);
        evidence.expiring = ExpiringClips(transaction);
        evidence.lived_twice = TimesLivedTwice(transaction);
        return evidence;
      });
}

}  // namespace yagura::app
