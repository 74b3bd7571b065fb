#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <system_error>

#include "app/clock_discipline_posix.h"
#include "app/crash_handler_posix.h"
#include "app/database_check.h"
#include "app/exclusive_lock_posix.h"
#include "app/known_cameras.h"
#include "app/metrics_listener.h"
#include "app/noted_cameras.h"
#include "app/picture_checks.h"
#include "app/recorder_metrics.h"
#include "app/recording.h"
#include "app/signals_posix.h"
#include "app/state_files.h"
#include "app/sub_streams.h"
#include "app/verbs.h"
#include "core/descriptor_limit_posix.h"
#include "core/log.h"
#include "core/worker_start_posix.h"
#include "storage/catalogue_pg.h"
#include "storage/files_posix.h"
#include "storage/live_relay.h"
#include "storage/retention_pg.h"
#include "storage/schema/office_zone_pg.h"

namespace yagura::app {
namespace {

/// Changes are looked for this often; a change takes effect 5 s after its entry at the earliest.
constexpr milliseconds kLookInterval{1000};
constexpr int kConnectionsMax = 4;

Result<ExclusiveLock> LockState(const StateFiles& state, VerbContext& context) {
  std::error_code error;
  std::filesystem::create_directories(state.folder(), error);
  std::filesystem::permissions(state.folder(), std::filesystem::perms::owner_all, error);
  auto lock = ExclusiveLock::Take(state.lock());
  if (!lock.has_value() && lock.error().code() == ErrorCode::kAlreadyExists) {
    return Failure(Refusal(ErrorCode::kFailedPrecondition,
                           context.say("record.runs", {{"path", state.folder().string()}}),
                           context.say("record.runs_next")));
  }
  return lock;
}

/// What is no volume, or isn't there at all, may be a disk that isn't mounted: only `yagura volume
/// format` makes one.
Result<void> CheckVolume(storage::Files& files, const std::string& root, VerbContext& context) {
  const auto volume = storage::Volume::Open(files, {.root = root});
  if (volume.has_value()) return {};
  log::Error("alarm: a volume can't be used", {{"path", root}, {"error", volume.error()}});
  return Failure(
      Refusal(ErrorCode::kFailedPrecondition, context.say("record.no_volume", {{"path", root}}),
              context.say("record.no_volume_next", {{"file", context.given.Get("config")}})));
}

/// At least one volume must be there; the recorder leaves the others out, with an alarm.
Result<std::vector<storage::VolumeOptions>> CheckVolumes(const Configuration& configuration,
                                                         storage::Files& files,
                                                         VerbContext& context) {
  std::vector<storage::VolumeOptions> volumes;
  Result<void> last;
  bool any = false;
  for (const VolumeConfiguration& volume : configuration.volumes) {
    volumes.push_back({.root = volume.path.string()});
    last = CheckVolume(files, volume.path.string(), context);
    any = any || last.has_value();
  }
  if (!any) return Failure(std::move(last).error());
  return volumes;
}

std::vector<storage::VolumeRegistration> Registrations(const Configuration& configuration,
                                                       storage::Files& files) {
  std::vector<storage::VolumeRegistration> registrations;
  for (const VolumeConfiguration& volume : configuration.volumes) {
    const auto open = storage::Volume::Open(files, {.root = volume.path.string()});
    if (!open.has_value()) continue;
    registrations.push_back({(*open)->id(), (*open)->root(), volume.limit_bytes});
  }
  return registrations;
}

/// Says, each hour, that the database isn't one that this program can work with. Recording goes on
/// into the journal.
class DatabaseAlarm {
 public:
  DatabaseAlarm(pg::Pool& pool, const Configuration& configuration, const VerbContext& context)
      : pool_(pool), configuration_(configuration), context_(context) {}

  /// As DatabaseFits, but asks no more once it fits; the error has been logged.
  Result<bool> Look() {
    if (fits_) return true;
    auto fits = DatabaseFits(pool_, configuration_, context_);
    fits_ = fits.value_or(false);
    const MonoTime now = context_.clock.Monotonic();
    if (!fits.has_value() && now >= next_) {
      next_ = now + std::chrono::hours(1);
      log::Error("alarm: the catalogue can't take what is recorded; the journal keeps it",
                 {{"why", fits.error().public_message()}});
    }
    return fits;
  }

 private:
  pg::Pool& pool_;
  const Configuration& configuration_;
  const VerbContext& context_;
  bool fits_ = false;
  MonoTime next_{};
};

/// A zone that is known to be another's is refused: files would lie where nobody looks for them.
/// Whom the database keeps waiting, it doesn't keep from recording.
Result<void> CheckZone(const Configuration& configuration, const VerbContext& context) {
  pg::ConnectOptions options = configuration.DatabaseAs("yagura_record");
  options.connect_timeout = options.transaction_timeout = milliseconds(500);
  pg::Pool pool(std::move(options), 1);
  const auto zone = storage::schema::ReadOfficeZone(pool);
  if (!zone.has_value() || !zone->has_value()) return {};
  return ZoneFits(**zone, configuration, context);
}

/// Recording goes on without it.
void OfferLive(storage::LiveRelay& relay) {
  if (const auto started = relay.Start(); !started.has_value())
    log::Error("live pictures can't be offered", {{"error", started.error()}});
}

/// Where the configuration says so. Recording goes on without it.
void TellMetrics(MetricsListener& metrics, const Configuration& configuration) {
  if (!configuration.record_metrics) return;
  if (const auto started = metrics.Start(*configuration.record_metrics); !started.has_value())
    log::Error("metrics can't be told", {{"error", started.error()}});
}

void WarnOfClock() {
  if (ClockDiscipline() != storage::ClockState::kUnsynchronised) return;
  log::Warning("this machine's clock is kept by no time service; next: start one (chrony)", {});
}

/// Until the process is asked to stop: look for changes, and bring the recording in line with them
/// and with the time.
void Follow(KnownCameras& cameras, Recording& recording, storage::Recorder& recorder,
            pg::Pool& pool, DatabaseAlarm& alarm, WorkerDeaths& deaths, NotedCameras& noted,
            StopSignals& signals) {
  do {
    (void)alarm.Look();
    cameras.Refresh();
    recording.NoteWorkerDeaths(deaths.Take());
    if (cameras.view().has_value()) recording.Apply(*cameras.view());
    // While the database is away nothing can be deleted, and the last word on limits stands.
    if (const auto full = storage::FullVolumes(pool); full.has_value())
      recorder.SetOverLimit(*full);
    noted.Look();
  } while (!signals.Await(kLookInterval));
  noted.Finish();
}

/// Who is named where it crashes on a thread, and where a worker does.
ingest::Supervisor::Options ReadersOf(std::span<ingest::ParsingNote> notes, CrashHandler& handler,
                                      WorkerDeaths& deaths) {
  return {.threads = static_cast<unsigned>(notes.size()),
          .parsing_notes = notes,
          .on_thread_start = [&handler, notes](unsigned thread) { handler.Attach(notes[thread]); },
          // This very program, also where another version has taken its place on disk meanwhile.
          .pull_worker = WorkerCommand{"/proc/self/exe", {"pull-worker"}},
          .on_worker_signal = [&deaths](CameraStream of, int signal) { deaths.Add(of, signal); }};
}

/// A sub stream comes and goes with who watches it; a main one is handed on at once while somebody
/// does. `subs` is there before the relay starts.
std::function<void(CameraStream of, bool watched)> TellWatched(ingest::Supervisor& supervisor,
                                                               std::optional<SubStreams>& subs) {
  return [&](CameraStream of, bool watched) {
    if (of.stream == Stream::kSub) {
      subs->OnWatched(of.camera, watched);
    } else {
      supervisor.SetWatched(of, watched);
    }
  };
}

Result<int> RunRecord(VerbContext& context) {
  StopSignals signals;
  log::Configure("record", log::Level::kInfo);
  RaiseDescriptorLimit();
  ASSIGN_OR_RETURN(const Configuration configuration, context.LoadConfiguration());
  ASSIGN_OR_RETURN(const OfficeCalendar calendar, OfficeCalendar::Load(configuration.time_zone));
  const StateFiles state(configuration.state_directory);
  ASSIGN_OR_RETURN(const ExclusiveLock lock, LockState(state, context));
  storage::PosixFiles files;
  ASSIGN_OR_RETURN(const fleet::SealingKey key,
                   fleet::SealingKey::LoadOrCreate(state.sealing_key()));
  ASSIGN_OR_RETURN(auto volumes, CheckVolumes(configuration, files, context));

  pg::Pool pool(configuration.DatabaseAs("yagura_record"), kConnectionsMax);
  RETURN_IF_ERROR(CheckZone(configuration, context));
  KnownCameras cameras(pool, files, context.clock, state.last_cameras(), key.public_key());
  cameras.LoadLast();

  WarnOfClock();
  storage::Recorder recorder({.state_folder = state.folder().string(),
                              .volumes = std::move(volumes),
                              .clock_state = ClockDiscipline},
                             files, context.clock, calendar);
  RETURN_IF_ERROR(recorder.Start());
  CrashFile crashes(files, state.crash_book());
  std::vector<ingest::ParsingNote> notes(static_cast<std::size_t>(configuration.reader_threads));
  WorkerDeaths deaths;
  CrashHandler crash_handler(crashes.descriptor(), ThisBoot());
  ingest::Supervisor supervisor(context.clock, ReadersOf(notes, crash_handler, deaths));
  std::optional<SubStreams> subs;  // it and the relay know each other
  storage::LiveRelay relay({.socket_path = configuration.live_socket.string()}, context.clock,
                           TellWatched(supervisor, subs));
  Parking parking(crashes, context.clock);
  PictureChecks checks("/proc/self/exe", pool);
  subs.emplace(supervisor, recorder, relay, parking, key, context.clock);
  OfferLive(relay);
  Recording recording(supervisor, recorder, relay, parking, checks, *subs, key, pool,
                      context.clock);
  if (cameras.view().has_value()) recording.Apply(*cameras.view());
  storage::CatalogueCommitter committer(recorder.journal(), pool, files, context.clock,
                                        {.days = {calendar, configuration.time_zone},
                                         .volumes = Registrations(configuration, files),
                                         .set_aside_path = state.set_aside()});
  committer.Start();
  checks.Start();
  DatabaseAlarm alarm(pool, configuration, context);
  MetricsListener metrics([&] {
    return RecorderMetrics(supervisor.Status(), recording.left_out(), checks.faults(),
                           recorder.status(), recording.workers_failing());
  });
  TellMetrics(metrics, configuration);
  NotedCameras noted(supervisor, recorder, pool, context.clock);
  Follow(cameras, recording, recorder, pool, alarm, deaths, noted, signals);
  metrics.Stop();
  relay.Stop();
  supervisor.Stop();
  checks.Stop();
  recorder.Stop();
  committer.Stop();
  return 0;
}

}  // namespace

Verb RecordVerb(const Messages& say) {
  return {.command = {.words = {"record"},
                      .summary = say("record"),
                      .description = say("record.about"),
                      .examples = {"yagura record --config /etc/yagura/yagura.toml"}},
          .run = RunRecord};
}

}  // namespace yagura::app
