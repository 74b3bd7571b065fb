#include "storage/retention_pg.h"

#include <algorithm>
#include <map>
#include <pqxx/pqxx>
#include <set>
#include <utility>

#include "core/log.h"
#include "core/pg/values.h"
#include "storage/clip_path.h"
#include "storage/mounted_volumes_pg.h"
#include "storage/note_retention_pg.h"
#include "storage/retention_terms_pg.h"
#include "storage/volume.h"

namespace yagura::storage {
namespace {

constexpr char kFullVolumes[] = "SELECT id FROM volume WHERE full_since IS NOT NULL ORDER BY id";

/// How many hours before now must have something in the catalogue for the clock to be believed:
/// with a time service, and without one.
constexpr int kHoursToSettle = 2;
constexpr int kHoursToSettleAlone = 24;

/// What of the catalogue a plan has to see.
class CandidateSearch {
 public:
  CandidateSearch(pqxx::transaction_base& transaction, const RetentionTerms& terms, WallTime now)
      : transaction_(transaction), due_(ReadPairs(transaction)), beyond_minimum_(due_) {
    MayGoForAge(terms, now, due_);
    MayGoForSpace(terms, now, beyond_minimum_);
  }

  /// Up to `limit` clips of each volume, and of what has left volumes, for age; and again for
  /// space.
  void Read(std::size_t limit, RetentionSnapshot& snapshot) const {
    std::vector<VolumeId> volumes;
    for (const VolumeUsage& usage : snapshot.volumes) volumes.push_back(usage.volume);
    snapshot.oldest = ReadDue(transaction_, volumes, due_, limit * (volumes.size() + 1));
    for (const VolumeUsage& usage : snapshot.volumes) {
      if (!WantsSpace(usage)) continue;
      const auto oldest = ReadOldest(transaction_, usage.volume, beyond_minimum_, limit);
      if (oldest.size() == limit) snapshot.cut_short.push_back(usage.volume);
      snapshot.oldest.insert(snapshot.oldest.end(), oldest.begin(), oldest.end());
    }
    const auto place = [](const StoredClip& clip) { return std::pair(clip.start, clip.id); };
    std::ranges::sort(snapshot.oldest, {}, place);
    const auto is_same = [&](const auto& a, const auto& b) { return place(a) == place(b); };
    snapshot.oldest.erase(std::unique(snapshot.oldest.begin(), snapshot.oldest.end(), is_same),
                          snapshot.oldest.end());
  }

 private:
  pqxx::transaction_base& transaction_;
  std::vector<RecordedPair> due_;
  std::vector<RecordedPair> beyond_minimum_;
};

/// Gone, now or before.
bool IsGone(const Result<void>& done) {
  return done.has_value() || done.error().code() == ErrorCode::kNotFound;
}

}  // namespace

Result<Retention::Outcome> Retention::Pass() {
  Outcome outcome;
  ASSIGN_OR_RETURN(const auto volumes, MountedVolumes(pool_, files_));
  RETURN_IF_ERROR(BeginStaged());
  for (const KnownVolume& volume : volumes) RETURN_IF_ERROR(FinishBegun(volume, outcome));
  for (int step = 0; step < options_.steps_max; ++step) {
    ASSIGN_OR_RETURN(const bool more, Step(volumes, outcome));
    if (!more) break;
  }
  RETURN_IF_ERROR(DeleteCopies(outcome));
  return outcome;
}

/// Plans and deletes once; false where there is nothing more to do.
Result<bool> Retention::Step(const std::vector<KnownVolume>& volumes, Outcome& outcome) {
  ASSIGN_OR_RETURN(const Snapshot snapshot, TakeSnapshot(volumes));
  ASSIGN_OR_RETURN(const DeletionPlan plan, Plan(snapshot, outcome));
  RETURN_IF_ERROR(Begin(plan));
  outcome.pressed = plan.pressed;
  if (plan.deletions.empty()) return false;
  const std::uint64_t unlinked_before = outcome.unlinked;
  for (const KnownVolume& volume : volumes) RETURN_IF_ERROR(FinishBegun(volume, outcome));
  return outcome.unlinked > unlinked_before;
}

Result<Retention::Snapshot> Retention::TakeSnapshot(const std::vector<KnownVolume>& volumes) {
  std::map<VolumeId, std::uint64_t> usable;
  for (const KnownVolume& volume : volumes) {
    ASSIGN_OR_RETURN(const Space space, files_.SpaceOf(volume.path));
    usable[volume.id] = UsableBytes(space, options_.reserve_bytes);
  }
  return pool_.ReadFor<Snapshot>([&](pqxx::transaction_base& transaction) -> Result<Snapshot> {
    Snapshot snapshot{.stored = {}, .terms = ReadTerms(transaction), .at = clock_.Now()};
    for (const auto& [volume, free_bytes] : usable) {
      snapshot.stored.volumes.push_back(ReadUsage(transaction, volume));
      snapshot.stored.volumes.back().free_bytes = free_bytes;
    }
    const CandidateSearch search(transaction, snapshot.terms, snapshot.at);
    search.Read(options_.clips_per_step, snapshot.stored);
    return snapshot;
  });
}

Result<DeletionPlan> Retention::Plan(const Snapshot& snapshot, Outcome& outcome) {
  DeletionPlan plan = PlanDeletions(snapshot.stored, snapshot.terms, snapshot.at);
  const bool any_by_age =
      std::any_of(plan.deletions.begin(), plan.deletions.end(),
                  [](const PlannedDeletion& one) { return one.rule == DeletionRule::kAge; });
  if (!any_by_age) return plan;
  ASSIGN_OR_RETURN(outcome.clock_in_doubt, ClockIsInDoubt());
  if (!outcome.clock_in_doubt) return plan;
  return PlanDeletions(snapshot.stored, snapshot.terms.WithoutAge(), snapshot.at);
}

/// Whether the time before now is one that nobody recorded, as far as the catalogue knows.
Result<bool> Retention::ClockIsInDoubt() {
  const bool kept = options_.clock_state() != ClockState::kUnsynchronised;
  const int hours = kept ? kHoursToSettle : kHoursToSettleAlone;
  return pool_.ReadFor<bool>([&](pqxx::transaction_base& transaction) -> Result<bool> {
    return HasEmptyHour(transaction, clock_.Now(), hours);
  });
}

Result<void> Retention::DeleteNotes() {
  ASSIGN_OR_RETURN(const bool in_doubt, ClockIsInDoubt());
  if (in_doubt) return {};
  return pool_.Run([&](pqxx::transaction_base& transaction) -> Result<void> {
    const WallTime now = clock_.Now();
    DeleteOldNotes(transaction, ReadRule(transaction, now), now);
    return {};
  });
}

/// D1, and which volumes are full.
Result<void> Retention::Begin(const DeletionPlan& plan) {
  for (const VolumeId& volume : plan.full) {
    log::Error("alarm: a volume is full and nothing on it may be deleted; recording on it stops",
               {{"volume", ToString(volume)}});
  }
  if (plan.deletions.empty() && plan.full.empty() && plan.relieved.empty()) return {};
  return pool_.Run([&](pqxx::transaction_base& transaction) -> Result<void> {
    MarkExpiring(transaction, plan.deletions, clock_.Now());
    SetFull(transaction, plan.full, plan.relieved, clock_.Now());
    return {};
  });
}

/// D1 for what was recorded while its camera was set up.
Result<void> Retention::BeginStaged() {
  std::size_t marked = options_.clips_per_step;
  for (int step = 0; step < options_.steps_max && marked == options_.clips_per_step; ++step) {
    ASSIGN_OR_RETURN(
        marked,
        pool_.RunFor<std::size_t>([&](pqxx::transaction_base& transaction) -> Result<std::size_t> {
          return MarkStaged(transaction, clock_.Now(), options_.clips_per_step);
        }));
  }
  return {};
}

/// D2 and D3 for all marked clips of the volume.
Result<void> Retention::FinishBegun(const KnownVolume& volume, Outcome& outcome) {
  std::vector<ExpiringClip> clips;
  do {
    const ExpiringClip last = clips.empty() ? ExpiringClip{} : clips.back();
    const ExpiringClip* after = clips.empty() ? nullptr : &last;
    ASSIGN_OR_RETURN(
        clips, pool_.ReadFor<std::vector<ExpiringClip>>([&](pqxx::transaction_base& transaction) {
          return Result<std::vector<ExpiringClip>>(
              ReadExpiring(transaction, volume.id, after, options_.clips_per_step));
        }));
    const std::vector<ExpiringClip> unlinked = Unlink(volume, clips);
    outcome.not_deletable += clips.size() - unlinked.size();
    outcome.unlinked += unlinked.size();
    if (unlinked.empty()) continue;
    std::vector<ExpiringClip> gone;
    std::vector<ExpiringClip> copied;
    for (const ExpiringClip& clip : unlinked)
      (clip.may_be_in_store ? copied : gone).push_back(clip);
    RETURN_IF_ERROR(Prove(gone, outcome));
    if (copied.empty()) continue;
    RETURN_IF_ERROR(pool_.Run([&](pqxx::transaction_base& transaction) -> Result<void> {
      MarkFileGone(transaction, copied, clock_.Now());
      return {};
    }));
  } while (clips.size() == options_.clips_per_step);
  return {};
}

/// D3.
Result<void> Retention::Prove(const std::vector<ExpiringClip>& clips, Outcome& outcome) {
  if (clips.empty()) return {};
  RETURN_IF_ERROR(pool_.Run([&](pqxx::transaction_base& transaction) -> Result<void> {
    ProveDeleted(transaction, clips, clock_.Now());
    return {};
  }));
  outcome.deleted += clips.size();
  for (const ExpiringClip& clip : clips) outcome.deleted_bytes += clip.bytes;
  return {};
}

/// The copies of clips whose file has gone, and D3 for them: last, since the store may be slow.
Result<void> Retention::DeleteCopies(Outcome& outcome) {
  std::vector<ExpiringClip> clips;
  bool answers = options_.store != nullptr;
  do {
    const ExpiringClip last = clips.empty() ? ExpiringClip{} : clips.back();
    const ExpiringClip* after = clips.empty() ? nullptr : &last;
    ASSIGN_OR_RETURN(
        clips, pool_.ReadFor<std::vector<ExpiringClip>>([&](pqxx::transaction_base& transaction) {
          return Result<std::vector<ExpiringClip>>(
              ReadExpiringCopies(transaction, after, options_.clips_per_step));
        }));
    std::vector<ExpiringClip> deleted;
    for (const ExpiringClip& clip : clips) answers = answers && DeleteCopy(clip, deleted);
    outcome.copies_left += clips.size() - deleted.size();
    RETURN_IF_ERROR(Prove(deleted, outcome));
  } while (clips.size() == options_.clips_per_step);
  return {};
}

bool Retention::DeleteCopy(const ExpiringClip& clip, std::vector<ExpiringClip>& deleted) {
  if (options_.under_way != nullptr && options_.under_way->Contains(clip.id)) return true;
  const auto done =
      options_.store->Delete(ClipPath(options_.calendar, clip.camera, clip.id, clip.start));
  if (done.has_value()) deleted.push_back(clip);
  if (!done.has_value()) log::Warning("a copy can't be deleted", {{"why", done.error()}});
  return done.has_value();
}

/// D2: gives those whose absence is durable.
std::vector<ExpiringClip> Retention::Unlink(const KnownVolume& volume,
                                            const std::vector<ExpiringClip>& clips) {
  std::map<std::string, std::vector<ExpiringClip>> by_folder;
  for (const ExpiringClip& clip : clips) {
    const std::string path =
        volume.path + "/" + ClipPath(options_.calendar, clip.camera, clip.id, clip.start);
    const auto unlinked = files_.Unlink(path);
    if (IsGone(unlinked)) {
      // A catalogue that was told again doesn't know yet what has left its volume.
      by_folder[FolderOf(path)].push_back(clip);
      by_folder[FolderOf(path)].back().may_be_in_store |=
          options_.store != nullptr && !unlinked.has_value();
    } else {
      log::Error("alarm: a clip can't be deleted",
                 {{"clip", ToString(clip.id)}, {"why", unlinked.error()}});
    }
  }
  std::vector<ExpiringClip> gone;
  for (const auto& [folder, unlinked] : by_folder) {
    const auto synced = files_.SyncFolder(folder);
    if (IsGone(synced)) gone.insert(gone.end(), unlinked.begin(), unlinked.end());
    if (!IsGone(synced)) log::Error("alarm: a folder can't be synced", {{"why", synced.error()}});
  }
  // Without the volume every file seems gone.
  return IsThere(files_, volume) ? gone : std::vector<ExpiringClip>();
}

Result<std::vector<VolumeId>> FullVolumes(pg::Pool& pool) {
  return pool.ReadFor<std::vector<VolumeId>>(
      [](pqxx::transaction_base& transaction) -> Result<std::vector<VolumeId>> {
        std::vector<VolumeId> volumes;
        for (const auto& row : transaction.exec(kFullVolumes)) {
          volumes.push_back(pg::IdOf<VolumeId>(row[0].c_str()));
        }
        return volumes;
      });
}

Result<std::vector<HeldClips>> HeldOnVolumes(pg::Pool& pool) {
  return pool.ReadFor<std::vector<HeldClips>>([](pqxx::transaction_base& transaction) {
    return Result<std::vector<HeldClips>>(ReadHeldClips(transaction));
  });
}

}  // namespace yagura::storage
