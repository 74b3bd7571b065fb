#include "storage/copy_queries_pg.h"

#include <algorithm>
#include <pqxx/pqxx>
#include <stdexcept>

#include "core/pg/values.h"

namespace yagura::storage {
namespace {

using pg::ArrayParameter;
using pg::TimeOf;
using pg::TimeParameter;

constexpr char kNoteStore[] = R"(
  INSERT INTO object_store (id, address, seen_at) VALUES ($1, $2, $3)
  ON CONFLICT (id) DO UPDATE SET address = EXCLUDED.address, seen_at = EXCLUDED.seen_at)";
constexpr char kNoteCopied[] =
    "UPDATE object_store SET copied_until = $2, seen_at = $3, fault = NULL WHERE id = $1";
constexpr char kNoteFault[] = "UPDATE object_store SET fault = $2 WHERE address = $1";

constexpr char kUncopied[] = R"(
  SELECT run_id, sequence, camera_id, start_at, end_at, bytes, sha256 FROM clip
  WHERE volume_id = $1 AND local_gone_at IS NULL AND copied_at IS NULL AND expiring_since IS NULL AND end_at <= $2
    AND start_at < $2 AND (start_at, run_id, sequence) > ($3::timestamptz, $4::uuid, $5::integer)
  ORDER BY start_at, run_id, sequence LIMIT $6)";

constexpr char kClaim[] = R"(
  UPDATE clip SET store_id = $4
  FROM unnest($1::uuid[], $2::integer[], $3::timestamptz[]) AS chosen (run_id, sequence, start_at)
  WHERE clip.run_id = chosen.run_id AND clip.sequence = chosen.sequence AND clip.start_at = chosen.start_at
    AND clip.expiring_since IS NULL
  RETURNING clip.run_id, clip.sequence, clip.camera_id, clip.start_at, clip.end_at, clip.bytes, clip.sha256)";

constexpr char kCopied[] = R"(
  UPDATE clip SET copied_at = $4
  FROM unnest($1::uuid[], $2::integer[], $3::timestamptz[]) AS chosen (run_id, sequence, start_at)
  WHERE clip.run_id = chosen.run_id AND clip.sequence = chosen.sequence AND clip.start_at = chosen.start_at
    AND clip.store_id IS NOT NULL)";

constexpr char kCopyLost[] = R"(
  UPDATE clip SET copied_at = NULL
  FROM unnest($1::uuid[], $2::integer[], $3::timestamptz[]) AS chosen (run_id, sequence, start_at)
  WHERE clip.run_id = chosen.run_id AND clip.sequence = chosen.sequence AND clip.start_at = chosen.start_at
    AND clip.leaving_since IS NULL)";

constexpr char kMovable[] = R"(
  SELECT run_id, sequence, camera_id, start_at, end_at, bytes, sha256 FROM clip
  WHERE volume_id = $1 AND local_gone_at IS NULL AND leaving_since IS NULL AND copied_at IS NOT NULL AND expiring_since IS NULL
    AND end_at <= $2 AND start_at < $2
    AND NOT EXISTS (SELECT FROM hold WHERE hold.camera_id = clip.camera_id AND hold.released_at IS NULL
                      AND hold.from_at < clip.end_at AND clip.start_at < hold.to_at)
  ORDER BY start_at LIMIT $3)";

// As MarkExpiring (retention_queries_pg.cc).
constexpr char kLockHolds[] = "SELECT pg_advisory_xact_lock(7926304)";
constexpr char kLeaving[] = R"(
  UPDATE clip SET leaving_since = $4
  FROM unnest($1::uuid[], $2::integer[], $3::timestamptz[]) AS chosen (run_id, sequence, start_at)
  WHERE clip.run_id = chosen.run_id AND clip.sequence = chosen.sequence AND clip.start_at = chosen.start_at
    AND clip.copied_at IS NOT NULL AND clip.expiring_since IS NULL AND clip.leaving_since IS NULL
    AND NOT EXISTS (SELECT FROM hold WHERE hold.camera_id = clip.camera_id AND hold.released_at IS NULL
                      AND hold.from_at < clip.end_at AND clip.start_at < hold.to_at))";

constexpr char kReadLeaving[] = R"(
  SELECT run_id, sequence, camera_id, start_at, end_at, bytes, sha256 FROM clip
  WHERE volume_id = $1 AND leaving_since IS NOT NULL AND local_gone_at IS NULL LIMIT $2)";

constexpr char kLeft[] = R"(
  UPDATE clip SET local_gone_at = $4
  FROM unnest($1::uuid[], $2::integer[], $3::timestamptz[]) AS chosen (run_id, sequence, start_at)
  WHERE clip.run_id = chosen.run_id AND clip.sequence = chosen.sequence AND clip.start_at = chosen.start_at
    AND clip.leaving_since IS NOT NULL AND clip.local_gone_at IS NULL)";

/// The key columns of clips, as arrays.
struct Keys {
  explicit Keys(const std::vector<MovingClip>& clips) {
    for (const MovingClip& clip : clips) {
      runs.Add(ToString(clip.id.run));
      sequences.Add(std::to_string(clip.id.sequence));
      starts.Add(TimeParameter(clip.start));
    }
  }
  ArrayParameter runs, sequences, starts;
};

std::vector<MovingClip> ClipsOf(const pqxx::result& rows) {
  std::vector<MovingClip> clips;
  for (const auto& row : rows) {
    MovingClip clip{
        .id = {.run = pg::IdOf<RunId>(row[0].c_str()), .sequence = row[1].as<std::uint32_t>()},
        .camera = pg::IdOf<CameraId>(row[2].c_str()),
        .start = TimeOf(row[3].c_str()),
        .end = TimeOf(row[4].c_str()),
        .bytes = row[5].as<std::uint64_t>()};
    const auto sha256 = pg::BytesOf(row[6].c_str());
    if (sha256.size() != clip.sha256.size()) throw std::domain_error("not a SHA-256");
    std::copy(sha256.begin(), sha256.end(), clip.sha256.begin());
    clips.push_back(clip);
  }
  return clips;
}

}  // namespace

std::vector<StoreId> ReadStores(pqxx::transaction_base& transaction) {
  std::vector<StoreId> stores;
  for (const auto& row : transaction.exec("SELECT id FROM object_store ORDER BY id")) {
    stores.push_back(pg::IdOf<StoreId>(row[0].c_str()));
  }
  return stores;
}

void NoteStore(pqxx::transaction_base& transaction, const StoreId& store,
               const std::string& address, WallTime now) {
  transaction.exec_params0(kNoteStore, ToString(store), address, TimeParameter(now));
}

void NoteCopied(pqxx::transaction_base& transaction, const StoreId& store, WallTime copied_until,
                WallTime now) {
  transaction.exec_params0(kNoteCopied, ToString(store), TimeParameter(copied_until),
                           TimeParameter(now));
}

void NoteFault(pqxx::transaction_base& transaction, const std::string& address,
               const std::string& fault) {
  transaction.exec_params0(kNoteFault, address, fault);
}

std::vector<MovingClip> ReadUncopied(pqxx::transaction_base& transaction, const VolumeId& volume,
                                     WallTime ended_by, const MovingClip* after,
                                     std::size_t limit) {
  const WallTime start = after != nullptr ? after->start : WallTime::min();
  const ClipId id = after != nullptr ? after->id : ClipId{};
  return ClipsOf(transaction.exec_params(kUncopied, ToString(volume), TimeParameter(ended_by),
                                         TimeParameter(start), ToString(id.run), id.sequence,
                                         limit));
}

std::vector<MovingClip> ClaimForCopy(pqxx::transaction_base& transaction,
                                     const std::vector<MovingClip>& clips, const StoreId& store) {
  const Keys keys(clips);
  return ClipsOf(transaction.exec_params(kClaim, keys.runs.Text(), keys.sequences.Text(),
                                         keys.starts.Text(), ToString(store)));
}

void MarkCopied(pqxx::transaction_base& transaction, const std::vector<MovingClip>& clips,
                WallTime now) {
  const Keys keys(clips);
  transaction.exec_params0(kCopied, keys.runs.Text(), keys.sequences.Text(), keys.starts.Text(),
                           TimeParameter(now));
}

void MarkCopyLost(pqxx::transaction_base& transaction, const std::vector<MovingClip>& clips) {
  const Keys keys(clips);
  transaction.exec_params0(kCopyLost, keys.runs.Text(), keys.sequences.Text(), keys.starts.Text());
}

std::vector<MovingClip> ReadMovable(pqxx::transaction_base& transaction, const VolumeId& volume,
                                    WallTime ended_by, std::size_t limit) {
  return ClipsOf(
      transaction.exec_params(kMovable, ToString(volume), TimeParameter(ended_by), limit));
}

void MarkLeaving(pqxx::transaction_base& transaction, const std::vector<MovingClip>& clips,
                 WallTime now) {
  const Keys keys(clips);
  transaction.exec1(kLockHolds);
  transaction.exec_params0(kLeaving, keys.runs.Text(), keys.sequences.Text(), keys.starts.Text(),
                           TimeParameter(now));
}

std::vector<MovingClip> ReadLeaving(pqxx::transaction_base& transaction, const VolumeId& volume,
                                    std::size_t limit) {
  return ClipsOf(transaction.exec_params(kReadLeaving, ToString(volume), limit));
}

void MarkLeft(pqxx::transaction_base& transaction, const std::vector<MovingClip>& clips,
              WallTime now) {
  const Keys keys(clips);
  transaction.exec_params0(kLeft, keys.runs.Text(), keys.sequences.Text(), keys.starts.Text(),
                           TimeParameter(now));
}

}  // namespace yagura::storage
