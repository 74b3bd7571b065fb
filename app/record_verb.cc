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
#include "app/recorded_volumes.h"
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

/// What is known before anything is recorded.
struct Ground {
  Configuration configuration;
  OfficeCalendar calendar;
  StateFiles state;
  fleet::SealingKey key;
  std::vector<storage::VolumeOptions> volumes;
};

/// All that goes on in `yagura record`. Made, and given its calls, by main's thread.
class RecordProcess {
 public:
  /// All must outlive it.
  RecordProcess(const Ground& ground, storage::Files& files, pg::Pool& pool,
                const VerbContext& context);
  /// As storage::Recorder::Start.
  Result<void> Start();
  /// Until the process is asked to stop: looks for changes, and brings the recording in line with
  /// them and with the time.
  void Follow(StopSignals& signals);
  void Stop();

 private:
  void Look();

  const Ground& ground_;
  storage::Files& files_;
  pg::Pool& pool_;
  const VerbContext& context_;
  KnownCameras cameras_;
  storage::Recorder recorder_;
  CrashFile crashes_;
  std::vector<ingest::ParsingNote> notes_;
  WorkerDeaths deaths_;
  CrashHandler crash_handler_;
  ingest::Supervisor supervisor_;
  std::optional<SubStreams> subs_;  // it and the relay know each other
  storage::LiveRelay relay_;
  Parking parking_;
  PictureChecks checks_;
  std::optional<Recording> recording_;                    // it knows the sub streams
  std::optional<storage::CatalogueCommitter> committer_;  // reads the journal of a started recorder
  DatabaseAlarm alarm_;
  MetricsListener metrics_;
  NotedCameras noted_;
};

RecordProcess::RecordProcess(const Ground& ground, storage::Files& files, pg::Pool& pool,
                             const VerbContext& context)
    : ground_(ground),
      files_(files),
      pool_(pool),
      context_(context),
      cameras_(pool, files, context.clock, ground.state.last_cameras(), ground.key.public_key()),
      recorder_({.state_folder = ground.state.folder().string(),
                 .volumes = ground.volumes,
                 .clock_state = ClockDiscipline},
                files, context.clock, ground.calendar),
      crashes_(files, ground.state.crash_book()),
      notes_(static_cast<std::size_t>(ground.configuration.reader_threads)),
      crash_handler_(crashes_.descriptor(), ThisBoot()),
      supervisor_(context.clock, ReadersOf(notes_, crash_handler_, deaths_)),
      relay_({.socket_path = ground.configuration.live_socket.string()}, context.clock,
             TellWatched(supervisor_, subs_)),
      parking_(crashes_, context.clock),
      checks_("/proc/self/exe", pool),
      alarm_(pool, ground.configuration, context),
      metrics_([this] {
        return RecorderMetrics(supervisor_.Status(), recording_->left_out(), checks_.faults(),
                               recorder_.status(), recording_->workers_failing());
      }),
      noted_(supervisor_, recorder_, pool, context.clock) {
  cameras_.LoadLast();
}

Result<void> RecordProcess::Start() {
  RETURN_IF_ERROR(recorder_.Start());
  subs_.emplace(supervisor_, recorder_, relay_, parking_, ground_.key, context_.clock);
  OfferLive(relay_);
  recording_.emplace(supervisor_, recorder_, relay_, parking_, checks_, *subs_, ground_.key, pool_,
                     context_.clock);
  if (cameras_.view().has_value()) recording_->Apply(*cameras_.view());
  committer_.emplace(recorder_.journal(), pool_, files_, context_.clock,
                     storage::CatalogueCommitter::Options{
                         .days = {ground_.calendar, ground_.configuration.time_zone},
                         .volumes = Registrations(ground_.configuration, files_),
                         .set_aside_path = ground_.state.set_aside()});
  committer_->Start();
  checks_.Start();
  TellMetrics(metrics_, ground_.configuration);
  return {};
}

void RecordProcess::Follow(StopSignals& signals) {
  do {
    if (signals.TakeReload()) ReloadVolumes(context_, files_, *committer_, recorder_);
    Look();
  } while (!signals.Await(kLookInterval));
  noted_.Finish();
}

void RecordProcess::Look() {
  (void)alarm_.Look();
  cameras_.Refresh();
  recording_->NoteWorkerDeaths(deaths_.Take());
  if (cameras_.view().has_value()) recording_->Apply(*cameras_.view());
  // While the database is away nothing can be deleted, and the last word on limits stands.
  if (const auto full = storage::FullVolumes(pool_); full.has_value())
    recorder_.SetOverLimit(*full);
  noted_.Look();
}

void RecordProcess::Stop() {
  metrics_.Stop();
  relay_.Stop();
  supervisor_.Stop();
  checks_.Stop();
  recorder_.Stop();
  committer_->Stop();
}

Result<int> RunRecord(VerbContext& context) {
  StopSignals signals(StopSignals::AlsoWake::kReload);
  log::Configure("record", log::Level::kInfo);
  RaiseDescriptorLimit();
  ASSIGN_OR_RETURN(const Configuration configuration, context.LoadConfiguration());
  ASSIGN_OR_RETURN(OfficeCalendar calendar, OfficeCalendar::Load(configuration.time_zone));
  const StateFiles state(configuration.state_directory);
  ASSIGN_OR_RETURN(const ExclusiveLock lock, LockState(state, context));
  storage::PosixFiles files;
  ASSIGN_OR_RETURN(auto key, fleet::SealingKey::LoadOrCreate(state.sealing_key()));
  ASSIGN_OR_RETURN(auto volumes, CheckVolumes(configuration, files, context));
  const Ground ground{configuration, std::move(calendar), state, std::move(key),
                      std::move(volumes)};
  pg::Pool pool(configuration.DatabaseAs("yagura_record"), kConnectionsMax);
  RETURN_IF_ERROR(CheckZone(configuration, context));
  WarnOfClock();
  RecordProcess process(ground, files, pool, context);
  RETURN_IF_ERROR(process.Start());
  process.Follow(signals);
  process.Stop();
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
