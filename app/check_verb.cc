#include <charconv>
#include <optional>

#include "app/check_report.h"
#include "app/evidence_pg.h"
#include "app/object_check.h"
#include "app/progress.h"
#include "app/second_tier.h"
#include "app/state_files.h"
#include "app/stored_frames.h"
#include "app/verbs.h"
#include "storage/files_posix.h"
#include "storage/s3_store.h"
#include "storage/store_files.h"

namespace yagura::app {
namespace {

/// What was sent, or was due, this long ago must be on the disk and in the catalogue while all is
/// well: a fragment, its sync, and the committer's next round.
constexpr std::chrono::seconds kSettled{5};
constexpr int kDisagree = 1;

/// The object store, where one is configured.
struct Store {
  std::unique_ptr<storage::ObjectStore> objects;
  std::optional<FoundObjects> found;
  OfficeCalendar calendar;
};

struct Evidence {
  CatalogueEvidence catalogue;
  JournalEvidence journal;
  FoundClips found;
  WallTime settled_until;
};

/// The journal first, the catalogue last: what moves on from one to the other meanwhile is seen
/// twice, not never.
Result<Evidence> Collect(const Configuration& configuration, storage::Files& files,
                         const Clock& clock) {
  const StateFiles state(configuration.state_directory);
  Evidence evidence;
  evidence.settled_until = clock.Now() - kSettled;
  ASSIGN_OR_RETURN(evidence.journal, ReadJournalEvidence(files, state.journal()));
  for (const VolumeConfiguration& volume : configuration.volumes) {
    ASSIGN_OR_RETURN(FoundClips found, FindClips(files, volume.path.string()));
    evidence.found.clips.merge(found.clips);
    evidence.found.strangers.insert(evidence.found.strangers.end(), found.strangers.begin(),
                                    found.strangers.end());
  }
  pg::ConnectOptions options = configuration.DatabaseAs("yagura_record");
  options.statement_timeout = milliseconds(120'000);
  pg::Pool pool(options, 1);
  ASSIGN_OR_RETURN(evidence.catalogue, ReadCatalogueEvidence(pool));
  return evidence;
}

/// Files that were begun, and gaps that ended, while we looked are in the journal by now.
Result<void> LookAgainAtJournal(Evidence& evidence, const Configuration& configuration,
                                storage::Files& files) {
  ASSIGN_OR_RETURN(JournalEvidence later,
                   ReadJournalEvidence(files, StateFiles(configuration.state_directory).journal()));
  later.closed.merge(evidence.journal.closed);
  later.voided.merge(evidence.journal.voided);
  later.gaps.merge(evidence.journal.gaps);
  evidence.journal = std::move(later);
  AddGapsOf(evidence.journal, evidence.catalogue);
  return {};
}

/// The number in rtsp://…/camera/<number>.
std::optional<std::uint32_t> SimulatedNumber(const std::string& url) {
  constexpr std::string_view kPath = "/camera/";
  const std::size_t at = url.rfind(kPath);
  if (at == std::string::npos) return std::nullopt;
  const std::string_view digits = std::string_view(url).substr(at + kPath.size());
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return number;
}

/// How much of a file counts: what its row, or the journal, says; all of one that is still open.
std::uint64_t CountingBytes(const ClipId& id, const FoundClip& clip, const Evidence& evidence) {
  const auto rows = evidence.catalogue.clips.find(clip.camera);
  if (rows != evidence.catalogue.clips.end()) {
    for (const storage::ClipRow& row : rows->second) {
      if (row.id == id) return row.bytes;
    }
  }
  const auto closed = evidence.journal.closed.find(id);
  return closed == evidence.journal.closed.end() ? clip.bytes : closed->second.bytes;
}

void ReadFrames(CameraEvidence& camera, CameraId id, const Evidence& evidence,
                storage::Files& files, std::vector<Disagreement>& disagreements) {
  for (const auto& [clip_id, clip] : evidence.found.clips) {
    const bool is_of = clip.camera == id && clip.readable && clip.identity.stream == Stream::kMain;
    if (!is_of || evidence.journal.voided.contains(clip_id)) continue;
    auto frames = ReadStoredFrames(files, clip, CountingBytes(clip_id, clip, evidence));
    if (!frames.has_value()) {
      disagreements.push_back(
          {DisagreementKind::kFrames, camera.name + ": " + ToString(frames.error())});
      continue;
    }
    camera.stored.insert(camera.stored.end(), frames->begin(), frames->end());
  }
}

CameraEvidence EvidenceOf(const fleet::RecordedCamera& camera, std::uint32_t number,
                          const Evidence& evidence) {
  CameraEvidence about{.number = number,
                       .name = "camera " + camera.code,
                       .stored = {},
                       .gaps = {},
                       .due = camera.due};
  about.settled_until = evidence.settled_until;
  for (const storage::GapRow& gap : evidence.catalogue.gaps.at(camera.id)) {
    about.gaps.push_back({gap.start, gap.end.value_or(WallTime::max() - kInstantTolerance * 100)});
  }
  // What retention took was recorded; its frames are not missed.
  const auto deleted = evidence.catalogue.deleted.find(camera.id);
  if (deleted != evidence.catalogue.deleted.end()) {
    about.gaps.insert(about.gaps.end(), deleted->second.begin(), deleted->second.end());
  }
  return about;
}

void Add(SentVerdict& sum, SentVerdict&& one, std::vector<Disagreement>& disagreements) {
  sum.sent += one.sent;
  sum.stored += one.stored;
  sum.in_gaps += one.in_gaps;
  sum.unsettled += one.unsettled;
  sum.lost += one.lost;
  sum.broken += one.broken;
  for (std::string& what : one.disagreements)
    disagreements.push_back({DisagreementKind::kFrames, std::move(what)});
}

void CompareSent(const SentLog& log, const Evidence& evidence, storage::Files& files,
                 CheckReport& report) {
  report.with_sent_log = true;
  for (const fleet::RecordedCamera& camera : evidence.catalogue.view.cameras) {
    const auto number = SimulatedNumber(camera.url);
    if (!number) continue;
    CameraEvidence about = EvidenceOf(camera, *number, evidence);
    ReadFrames(about, camera.id, evidence, files, report.disagreements);
    Add(report.sent, JudgeSentFrames(log, about), report.disagreements);
  }
}

/// Listed before the catalogue is read: copies that come meanwhile are asked for once more.
Result<Store> OpenStore(const VerbContext& context, const Configuration& configuration) {
  ASSIGN_OR_RETURN(OfficeCalendar calendar, OfficeCalendar::Load(configuration.time_zone));
  Store store{nullptr, std::nullopt, std::move(calendar)};
  if (!configuration.object_store) return store;
  ASSIGN_OR_RETURN(auto options, StoreOptions(context, *configuration.object_store));
  store.objects = storage::OpenS3(std::move(options));
  ASSIGN_OR_RETURN(store.found, FindObjects(*store.objects));
  return store;
}

void CompareStore(const Store& store, const Evidence& evidence, CheckReport& report) {
  if (store.objects) {
    auto found = CompareObjects(evidence.catalogue, *store.found, store.calendar, *store.objects);
    report.disagreements.insert(report.disagreements.end(), found.begin(), found.end());
    report.objects = store.found->clips.size();
    return;
  }
  for (const auto& [camera, rows] : evidence.catalogue.clips) {
    for (const storage::ClipRow& row : rows) {
      if (row.on_volume) continue;
      report.disagreements.push_back(
          {DisagreementKind::kFileMissing,
           "clip " + ToString(row.id) +
               ": it has left its volume, and no object store is configured"});
    }
  }
}

CheckReport Compare(const Evidence& evidence) {
  CheckReport report;
  report.disagreements =
      CompareFiles(evidence.catalogue, evidence.journal, evidence.found, report.counts);
  for (const fleet::RecordedCamera& camera : evidence.catalogue.view.cameras) {
    CoverageCheck coverage =
        CompareCoverage(camera, evidence.catalogue, evidence.journal, evidence.settled_until);
    report.due += coverage.due;
    report.recorded += coverage.recorded;
    report.in_gaps += coverage.in_gaps;
    report.disagreements.insert(report.disagreements.end(), coverage.disagreements.begin(),
                                coverage.disagreements.end());
  }
  return report;
}

/// Says on the error stream how far it is, so that the report can go to a file.
std::function<void(const ReadSoFar&)> HowFar(const VerbContext& context, const ReadSoFar& all) {
  return [&context, all, progress = Progress(context)](const ReadSoFar& read) mutable {
    progress.Tell([&] {
      return context.say("check.progress",
                         {{"clips", std::to_string(read.clips)},
                          {"all", std::to_string(all.clips)},
                          {"percent", std::to_string(read.bytes * 100 / all.bytes)}});
    });
  };
}

void ReadChecksums(const VerbContext& context, const Evidence& evidence, storage::Files& files,
                   const Store& store, CheckReport& report) {
  ChecksumCheck check =
      CompareChecksums(evidence.catalogue, evidence.found, files,
                       HowFar(context, ToRead(evidence.catalogue, evidence.found)));
  report.checksums = check.read;
  report.disagreements.insert(report.disagreements.end(), check.disagreements.begin(),
                              check.disagreements.end());
  if (!store.objects) return;
  check = CompareCopies(evidence.catalogue, store.calendar, *store.objects,
                        HowFar(context, CopiesToRead(evidence.catalogue)));
  report.checksums->clips += check.read.clips;
  report.checksums->bytes += check.read.bytes;
  report.disagreements.insert(report.disagreements.end(), check.disagreements.begin(),
                              check.disagreements.end());
}

Result<int> RunCheck(VerbContext& context) {
  ASSIGN_OR_RETURN(const Configuration configuration, context.LoadConfiguration());
  storage::PosixFiles files;
  ASSIGN_OR_RETURN(const Store store, OpenStore(context, configuration));
  ASSIGN_OR_RETURN(Evidence evidence, Collect(configuration, files, context.clock));
  RETURN_IF_ERROR(LookAgainAtJournal(evidence, configuration, files));
  CheckReport report = Compare(evidence);
  CompareStore(store, evidence, report);
  if (context.given.Has("checksums")) ReadChecksums(context, evidence, files, store, report);
  if (const auto path = context.given.Find("sent")) {
    ASSIGN_OR_RETURN(const SentLog log, LoadSentLog(*path));
    if (store.objects) {
      storage::StoreFiles both(files, *store.objects);
      AddMovedClips(evidence.catalogue, store.calendar, both, evidence.found);
      CompareSent(log, evidence, both, report);
    } else {
      CompareSent(log, evidence, files, report);
    }
  }
  context.Tell(context.given.Has("json") ? ToJson(report).Dump(1) : ToText(report, context.say));
  return report.disagreements.empty() ? 0 : kDisagree;
}

}  // namespace

Verb CheckVerb(const Messages& say) {
  return {.command = {.words = {"check"},
                      .summary = say("check"),
                      .description = say("check.about"),
                      .examples = {"yagura check", "yagura check --checksums",
                                   "yagura check --sent sent.log"},
                      .options = {Flag("checksums", say("check.checksums")),
                                  Optional("sent", say("value.file"), say("check.sent")),
                                  Flag("json", say("check.json"))}},
          .run = RunCheck};
}

}  // namespace yagura::app
