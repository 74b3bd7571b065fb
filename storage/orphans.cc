#include "storage/orphans.h"

#include <optional>
#include <set>
#include <string>
#include <variant>

#include "core/log.h"
#include "storage/clip_path.h"
#include "storage/clip_reader.h"

namespace yagura::storage {
namespace {

/// The first sign of life that the journal still holds may be older than its first segment by this:
/// a clip opened and closed in between would be in none.
constexpr std::chrono::seconds kAliveSlack{10};
/// Shorter than any day.
constexpr std::chrono::hours kHalfADay{12};

/// What the journal says of clips now.
struct KnownClips {
  std::set<ClipId> kept;
  std::set<ClipId> voided;
  /// How far back its segments reach: every clip changed from here on is in one of the sets. Older
  /// ones may be known to the catalogue alone.
  std::optional<WallTime> since;

  [[nodiscard]] bool MustKnow(WallTime changed_at) const { return since && *since <= changed_at; }
};

/// What is open at the call is known as well as what is open at its return: a clip that is opened
/// and closed beside it may be in the segments only as far as they aren't synced yet.
KnownClips ReadKnown(Journal& journal) {
  KnownClips known;
  const JournalState before = journal.state();
  if (journal.remembers_all()) known.since = WallTime::min();
  for (JournalPosition position;;) {
    const auto batch = journal.ReadFrom(position, 1000);
    if (!batch.has_value()) known.since.reset();  // it might have known any of them
    if (!batch.has_value() || batch->next == position) break;
    for (const JournalRecord& record : batch->records) {
      if (const auto* clip = std::get_if<ClipOpened>(&record)) known.kept.insert(clip->clip);
      if (const auto* clip = std::get_if<ClipClosed>(&record)) known.kept.insert(clip->opened.clip);
      if (const auto* clip = std::get_if<ClipVoided>(&record)) known.voided.insert(clip->clip);
      if (const auto* alive = std::get_if<Alive>(&record); alive != nullptr && !known.since) {
        known.since = alive->at + kAliveSlack;
      }
    }
    position = batch->next;
  }
  for (const ClipId& clip : known.voided) known.kept.erase(clip);
  const JournalState after = journal.state();
  for (const ClipOpened& clip : before.clips()) known.kept.insert(clip.clip);
  for (const ClipOpened& clip : after.clips()) known.kept.insert(clip.clip);
  return known;
}

bool HoldsFragments(Files& files, const std::string& path) {
  const auto file = files.OpenToRead(path);
  if (!file.has_value()) return true;  // nobody removes what can't be read
  const auto bytes = (*file)->Size();
  const auto index = ReadClipIndex(**file, bytes.value_or(0));
  if (!index.has_value()) return index.error().code() != ErrorCode::kDataLoss;
  return !index->fragments.empty();
}

class Sweep {
 public:
  Sweep(Files& files, const Volume& volume, Journal& journal, const WallRange& changed)
      : files_(files), volume_(volume), journal_(journal), changed_(changed) {}

  void Day(const std::string& folder) {
    const auto cameras = files_.List(volume_.PathOf(folder));
    if (!cameras.has_value()) return;  // nothing was recorded that day
    for (const FolderEntry& camera : *cameras) {
      if (camera.is_folder) Camera(folder + "/" + camera.name);
    }
  }
  [[nodiscard]] const OrphanSweep& outcome() const { return outcome_; }

 private:
  void Camera(const std::string& folder) {
    const auto entries = files_.List(volume_.PathOf(folder));
    if (!entries.has_value()) return;
    for (const FolderEntry& entry : *entries) {
      const auto clip = ParseClipFileName(entry.name);
      const std::string path = volume_.PathOf(folder + "/" + entry.name);
      const auto at = files_.ModifiedAt(path);
      if (!clip || !at.has_value() || *at < changed_.from || changed_.to <= *at) continue;
      if (known_.kept.contains(*clip)) continue;
      // Read for each of the few that seem unknown: what is open changes while we look.
      known_ = ReadKnown(journal_);
      if (known_.kept.contains(*clip) || !known_.MustKnow(*at)) continue;
      Judge(known_, *clip, path, entry.name);
    }
  }

  void Judge(const KnownClips& known, const ClipId& clip, const std::string& path,
             const std::string& name) {
    if (known.voided.contains(clip) || !HoldsFragments(files_, path)) {
      Count(files_.Unlink(path), path, outcome_.removed);
    } else {
      Count(SetAside(path, name), path, outcome_.set_aside);
    }
  }

  Result<void> SetAside(const std::string& path, const std::string& name) {
    const std::string aside = volume_.PathOf(kAsideFolder);
    RETURN_IF_ERROR(files_.MakeFolder(aside));
    RETURN_IF_ERROR(files_.Rename(path, aside + "/" + name));
    return files_.SyncFolder(aside);
  }

  static void Count(const Result<void>& done, const std::string& path, std::size_t& counter) {
    if (done.has_value()) {
      ++counter;
    } else {
      log::Warning("a file that nobody knows stays", {{"path", path}, {"why", done.error()}});
    }
  }

  Files& files_;
  const Volume& volume_;
  Journal& journal_;
  const WallRange changed_;
  KnownClips known_;  // as of when a file was last looked for in vain
  OrphanSweep outcome_;
};

}  // namespace

OrphanSweep SweepOrphans(Files& files, const std::vector<const Volume*>& volumes,
                         const OfficeCalendar& calendar, Journal& journal,
                         const WallRange& changed) {
  std::set<std::string> dates{calendar.Date(changed.to)};
  for (WallTime at = changed.from; at < changed.to; at += kHalfADay)
    dates.insert(calendar.Date(at));
  OrphanSweep total;
  for (const Volume* volume : volumes) {
    Sweep sweep(files, *volume, journal, changed);
    for (const std::string& date : dates) sweep.Day("clips/" + date);
    total.removed += sweep.outcome().removed;
    total.set_aside += sweep.outcome().set_aside;
  }
  if (total.set_aside > 0) {
    log::Error("files that nobody knew were set aside",
               {{"files", static_cast<std::int64_t>(total.set_aside)}});
  }
  return total;
}

}  // namespace yagura::storage
