#include "storage/rebuild_pg.h"

#include <algorithm>
#include <pqxx/pqxx>
#include <utility>

#include "storage/catalogue_insert_pg.h"
#include "storage/clip_path.h"
#include "storage/journal_segment.h"
#include "storage/store_files.h"

namespace yagura::storage {
namespace {

constexpr std::size_t kProblemsMax = 1000;
/// By so much a file may seem older than it is.
constexpr std::chrono::seconds kClockSlack{10};

/// What leaves a row of its own. Clips are told by their files: one that the journal knows may be
/// deleted since.
bool IsOfJournal(const JournalRecord& record) {
  return !std::holds_alternative<Alive>(record) && !std::holds_alternative<ClipOpened>(record) &&
         !std::holds_alternative<ClipClosed>(record) && !std::holds_alternative<ClipVoided>(record);
}

/// The record's fault, not the database's.
bool IsRefusal(ErrorCode code) {
  return code == ErrorCode::kInvalidArgument || code == ErrorCode::kFailedPrecondition ||
         code == ErrorCode::kAlreadyExists;
}

std::vector<ClipVolume> ClipVolumes(const std::vector<VolumeRegistration>& registrations,
                                    bool with_store) {
  std::vector<ClipVolume> volumes;
  for (const VolumeRegistration& volume : registrations)
    volumes.push_back({volume.id, volume.path});
  // Last: what lies on a volume is told from there.
  if (with_store) volumes.push_back({{}, kStoreRoot, true});
  return volumes;
}

/// The next clip of the same run, where there is one.
ClipFolders::FoundFiles::const_iterator NextOfRun(ClipFolders::FoundFiles::const_iterator file,
                                                  const ClipFolders::FoundFiles& files) {
  const auto next = std::next(file);
  return next == files.end() || next->first.run != file->first.run ? files.end() : next;
}

}  // namespace

CatalogueRebuild::CatalogueRebuild(pg::Pool& pool, Files& files, const Clock& clock,
                                   Options options)
    : pool_(pool),
      files_(files),
      clock_(clock),
      options_(std::move(options)),
      folders_(files, ClipVolumes(options_.volumes, options_.with_store), options_.days.calendar,
               [this](std::string what) { Problem(std::move(what)); }) {}

Result<RebuildReport> CatalogueRebuild::Run() {
  ASSIGN_OR_RETURN(facts_, pool_.ReadFor<KnownFacts>([](pqxx::transaction_base& transaction) {
    return Result<KnownFacts>(ReadKnownFacts(transaction));
  }));
  RETURN_IF_ERROR(pool_.Run([this](pqxx::transaction_base& transaction) -> Result<void> {
    AddVolumes(transaction, options_.volumes);
    return {};
  }));
  // Twice: what ended between the first reading and its storing ended for a row that wasn't there.
  RETURN_IF_ERROR(TellJournal());
  RETURN_IF_ERROR(TellJournal());
  ASSIGN_OR_RETURN(const std::vector<Day> days, folders_.Days());
  report_.days_left = days.size();
  for (const Day& day : days) {
    RETURN_IF_ERROR(TellDay(day));
    --report_.days_left;
  }
  RETURN_IF_ERROR(EndWhatNobodyEnds());
  for (const auto& [what, clips] : unknown_) {
    Problem("the database knows no " + what + ": " + std::to_string(clips) + " clips have no row");
  }
  return report_;
}

/// Runs, gaps and notes that the journal still has.
Result<void> CatalogueRebuild::TellJournal() {
  ASSIGN_OR_RETURN(std::vector<JournalRecord> rows, ReadJournal());
  report_.journal_records = rows.size();
  for (JournalRecord& row : rows) {
    if (const auto unknown = Unknown(row)) {
      unknown_.try_emplace(*unknown, 0);
    } else {
      RETURN_IF_ERROR(Add({std::move(row)}));
    }
  }
  return Flush();
}

Result<std::vector<JournalRecord>> CatalogueRebuild::ReadJournal() {
  journal_ = {};
  journal_read_at_ = clock_.Now();
  std::vector<JournalRecord> rows;
  RETURN_IF_ERROR(VisitJournal(files_, options_.journal_folder, [&](const JournalRecord& record) {
    journal_.Apply(record);
    if (const auto* clip = std::get_if<ClipVoided>(&record)) voided_.insert(clip->clip);
    if (IsOfJournal(record)) rows.push_back(record);
  }));
  return rows;
}

Result<void> CatalogueRebuild::TellDay(const Day& day) {
  report_.day = day.date;
  ASSIGN_OR_RETURN(const std::set<CameraId> cameras, folders_.CamerasOf(day));
  for (const CameraId& camera : cameras) {
    RETURN_IF_ERROR(TellCameraDay(day, camera));
    if (options_.on_folder) options_.on_folder(report_);
  }
  return {};
}

Result<void> CatalogueRebuild::TellCameraDay(const Day& day, const CameraId& camera) {
  ASSIGN_OR_RETURN(FoundFiles files, folders_.FilesOf(day, camera));
  report_.files += files.size();
  RETURN_IF_ERROR(LeaveToRecorder(files));
  if (files.empty()) return {};
  std::set<RunId> runs;
  for (const auto& [id, file] : files) runs.insert(id.run);
  ASSIGN_OR_RETURN(const KnownClipRows known,
                   pool_.ReadFor<KnownClipRows>([&](pqxx::transaction_base& transaction) {
                     return Result<KnownClipRows>(ReadKnownClipRows(transaction, runs, day.range));
                   }));
  RETURN_IF_ERROR(TellClips(day, files, known));
  return Flush();
}

bool CatalogueRebuild::IsTheRecorders(const ClipId& clip) const {
  const auto& open = journal_.clips();
  return voided_.contains(clip) ||
         std::any_of(open.begin(), open.end(), [&](const auto& one) { return one.clip == clip; });
}

bool CatalogueRebuild::GoesOn(const RunId& run) const {
  const auto& open = journal_.runs();
  return std::any_of(open.begin(), open.end(), [&](const auto& one) { return one.run == run; });
}

/// Takes out what the journal has open or void. It is read anew where a file may have been begun
/// since: the journal knows each file before there is one.
Result<void> CatalogueRebuild::LeaveToRecorder(FoundFiles& files) {
  const bool any_newer = std::any_of(files.begin(), files.end(), [&](const auto& file) {
    if (IsTheRecorders(file.first)) return false;
    const auto changed_at = files_.ModifiedAt(file.second.path);
    return changed_at.has_value() && *changed_at >= journal_read_at_ - kClockSlack;
  });
  if (any_newer) RETURN_IF_ERROR(ReadJournal());
  report_.in_journal +=
      std::erase_if(files, [&](const auto& file) { return IsTheRecorders(file.first); });
  return {};
}

Result<void> CatalogueRebuild::TellClips(const Day& day, const FoundFiles& files,
                                         const KnownClipRows& known) {
  std::optional<RunId> run_told;
  for (auto file = files.begin(); file != files.end(); ++file) {
    const ClipId id = file->first;
    if (known.clips.contains(id)) {
      ++report_.known;
      continue;
    }
    const auto told = Tell(file, files);
    if (!told) continue;
    std::vector<JournalRecord> records;
    if (run_told != id.run && !known.runs.contains(id.run)) {
      ASSIGN_OR_RETURN(RunOpened run, RunOfFirst(day, *told));
      records.emplace_back(std::move(run));
    }
    run_told = id.run;
    records.emplace_back(told->clip);
    if (NextOfRun(file, files) == files.end() && !GoesOn(id.run)) {
      records.emplace_back(RunEnded{
          .run = id.run, .media_end = told->clip.media_end, .wall_end = told->clip.wall_end});
    }
    RETURN_IF_ERROR(Add(std::move(records)));
  }
  return {};
}

/// Nothing, and a problem, where the file says nothing, or something else than its name.
std::optional<ToldClip> CatalogueRebuild::Tell(FoundFiles::const_iterator file,
                                               const FoundFiles& files) {
  const auto& [path, volume] = file->second;
  const auto next = NextOfRun(file, files);
  auto told =
      TellClip(files_, path, next == files.end() ? std::nullopt : std::optional(next->second.path));
  if (!told.has_value()) {
    // Otherwise it was deleted meanwhile.
    if (told.error().code() != ErrorCode::kNotFound) Problem(path + ": " + told.error().message());
    return std::nullopt;
  }
  ClipOpened& opened = told->clip.opened;
  const std::string its_path = ClipPath(options_.days.calendar, opened);
  if (!path.ends_with("/" + its_path)) {
    Problem(path + ": says that it is " + its_path);
    return std::nullopt;
  }
  if (const auto unknown = Unknown(opened.camera, opened.owner)) {
    ++unknown_[*unknown];
    return std::nullopt;
  }
  if (told->damaged_fragments > 0) {
    Problem(path + ": damaged fragments: " + std::to_string(told->damaged_fragments));
  }
  opened.volume = path.starts_with(kStoreRoot) ? VolumeLeft(opened.volume) : volume;
  return *std::move(told);
}

/// The one that a clip lay on; another one where that is no more: a row must name one.
VolumeId CatalogueRebuild::VolumeLeft(const VolumeId& volume) const {
  const auto& volumes = options_.volumes;
  const bool there = std::any_of(volumes.begin(), volumes.end(),
                                 [&](const auto& one) { return one.id == volume; });
  return there || volumes.empty() ? volume : volumes.front().id;
}

/// The run's own record, by its first clip: `earliest`, or one of the day before.
Result<RunOpened> CatalogueRebuild::RunOfFirst(const Day& day, const ToldClip& earliest) {
  const ClipOpened& opened = earliest.clip.opened;
  if (opened.clip.sequence == 0) return earliest.run;
  ASSIGN_OR_RETURN(const FoundFiles files,
                   folders_.FilesOf(folders_.DayBefore(day), opened.camera));
  const auto first = files.lower_bound(ClipId{opened.clip.run, 0});
  if (first == files.end() || first->first.run != opened.clip.run) return earliest.run;
  const auto file = files_.OpenToRead(first->second.path);
  if (!file.has_value()) return earliest.run;
  const auto head = ReadClipHead(**file);
  return head.has_value() ? RunOf(*head) : earliest.run;
}

/// Open rows are asked for before the journal is read and stored: what ends meanwhile, it says.
Result<void> CatalogueRebuild::EndWhatNobodyEnds() {
  ASSIGN_OR_RETURN(OpenRows open, pool_.ReadFor<OpenRows>([](pqxx::transaction_base& transaction) {
    return Result<OpenRows>(ReadOpenRows(transaction));
  }));
  RETURN_IF_ERROR(TellJournal());
  for (const RunOpened& run : journal_.runs()) std::erase(open.runs, run.run);
  for (const GapOpened& gap : journal_.gaps()) std::erase(open.gaps, gap.gap);
  ASSIGN_OR_RETURN(report_.ended,
                   pool_.RunFor<std::size_t>([&](pqxx::transaction_base& transaction) {
                     return Result<std::size_t>(EndRows(transaction, open));
                   }));
  return {};
}

/// "camera 0f8f…", where the database doesn't know it.
std::optional<std::string> CatalogueRebuild::Unknown(const CameraId& camera,
                                                     const Owner& owner) const {
  if (!facts_.cameras.contains(camera)) return "camera " + ToString(camera);
  if (!facts_.units.contains(owner.unit)) return "unit " + ToString(owner.unit);
  if (!facts_.floors.contains(owner.floor)) return "floor " + ToString(owner.floor);
  return std::nullopt;
}

std::optional<std::string> CatalogueRebuild::Unknown(const JournalRecord& record) const {
  if (const auto* run = std::get_if<RunOpened>(&record)) return Unknown(run->camera, run->owner);
  if (const auto* gap = std::get_if<GapOpened>(&record)) return Unknown(gap->camera, gap->owner);
  const auto* clock = std::get_if<CameraClockNoted>(&record);
  const auto* noted = std::get_if<ReceptionNoted>(&record);
  if (clock == nullptr && noted == nullptr) return std::nullopt;
  const CameraId& camera = clock != nullptr ? clock->camera : noted->camera;
  if (facts_.cameras.contains(camera)) return std::nullopt;
  return "camera " + ToString(camera);
}

/// Keeps together what must be told in one transaction.
Result<void> CatalogueRebuild::Add(std::vector<JournalRecord> records) {
  std::ranges::move(records, std::back_inserter(batch_));
  return batch_.size() < options_.records_max ? Result<void>() : Flush();
}

Result<void> CatalogueRebuild::Store(std::span<const JournalRecord> records) {
  return pool_.Run([&](pqxx::transaction_base& transaction) -> Result<void> {
    InsertRecords(transaction, records, options_.days);
    return {};
  });
}

/// All at once; where they are refused, one by one.
Result<void> CatalogueRebuild::Flush() {
  const std::vector<JournalRecord> batch = std::exchange(batch_, {});
  if (batch.empty()) return {};
  const auto stored = Store(batch);
  if (!stored.has_value() && !IsRefusal(stored.error().code())) return stored;
  for (const JournalRecord& record : batch) {
    const auto* clip = std::get_if<ClipClosed>(&record);
    const auto alone = stored.has_value() ? Result<void>() : Store({&record, 1});
    if (!alone.has_value()) {
      if (!IsRefusal(alone.error().code())) return alone;
      Problem(ToJson(record).Dump() + ": " + ToString(alone.error()));
    } else if (clip != nullptr) {
      ++report_.told;
      report_.told_bytes += clip->bytes;
    }
  }
  return {};
}

void CatalogueRebuild::Problem(std::string what) {
  ++report_.problem_count;
  if (report_.problems.size() < kProblemsMax) report_.problems.push_back(std::move(what));
}

}  // namespace yagura::storage
