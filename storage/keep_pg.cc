#include "storage/keep_pg.h"

#include <pqxx/pqxx>
#include <utility>

#include "core/check.h"
#include "core/log.h"

namespace yagura::storage {
namespace {

constexpr std::chrono::hours kAlarmInterval{1};  // of the same alarm
constexpr std::chrono::hours kNotesInterval{1};

// From two days ago on: the recorder may still have rows of yesterday.
constexpr char kMakePartitions[] =
    "SELECT ensure_clip_partitions($1::date - 2, $1::date + 1 + $2::integer, $3)";
constexpr char kDropPartitions[] = "SELECT drop_empty_clip_partitions($1::date - 2)";

/// -1 where that can't be told now.
std::int64_t HeldBytesOn(pg::Pool& pool, const VolumeId& volume) {
  const auto held = HeldOnVolumes(pool);
  if (!held.has_value()) return -1;
  for (const HeldClips& one : *held) {
    if (one.volume == volume) return static_cast<std::int64_t>(one.bytes);
  }
  return 0;
}

}  // namespace

Keep::Keep(pg::Pool& pool, Files& files, const Clock& clock, Options options)
    : pool_(pool),
      clock_(clock),
      options_(std::move(options)),
      retention_(pool, files, clock,
                 {.calendar = options_.days.calendar,
                  .reserve_bytes = options_.reserve_bytes,
                  .clock_state = options_.clock_state,
                  .store = options_.store,
                  .under_way = options_.under_way}),
      volumes_(pool, files, clock, options_.reserve_bytes),
      set_aside_(files, options_.set_aside_path) {}

Keep::~Keep() { Stop(); }

void Keep::Start() {
  CHECK(!thread_.joinable());
  thread_ = std::thread([this] { Loop(); });
}

void Keep::Stop() {
  if (!thread_.joinable()) return;
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void Keep::Loop() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    (void)Round();  // what failed has been logged, and comes again
    lock.lock();
    wake_.wait_for(lock, options_.interval, [this] { return stopping_; });
  }
}

Result<void> Keep::Round() {
  const std::string today = options_.days.calendar.Date(clock_.Now());
  Result<void> first;
  const auto take = [&first](std::string_view part, Result<void> done) {
    if (done.has_value()) return;
    log::Warning("housekeeping failed", {{"part", part}, {"why", done.error()}});
    if (first.has_value()) first = std::move(done);
  };
  take("make partitions", MakePartitions(today));
  take("delete", Delete());
  take("delete notes", DeleteNotes());
  take("look at volumes", volumes_.Look());
  take("drop partitions", DropPartitions(today));
  take("records set aside", LookAtSetAside());
  return first;
}

Result<void> Keep::MakePartitions(const std::string& today) {
  if (made_on_ == today) return {};
  RETURN_IF_ERROR(pool_.Run([&](pqxx::transaction_base& transaction) -> Result<void> {
    transaction.exec_params1(kMakePartitions, today, options_.partition_days_ahead,
                             options_.days.zone);
    return {};
  }));
  made_on_ = today;
  return {};
}

Result<void> Keep::DropPartitions(const std::string& today) {
  if (dropped_on_ == today) return {};
  RETURN_IF_ERROR(pool_.Run([&](pqxx::transaction_base& transaction) -> Result<void> {
    transaction.exec_params1(kDropPartitions, today);
    return {};
  }));
  dropped_on_ = today;
  return {};
}

Result<void> Keep::Delete() {
  ASSIGN_OR_RETURN(const auto outcome, retention_.Pass());
  if (!outcome.pressed.empty() && AlarmIsDue(next_space_alarm_)) {
    const VolumeId volume = outcome.pressed.front();
    log::Error("alarm: a volume is nearly full, and nothing more on it may be deleted",
               {{"volume", ToString(volume)}, {"held_bytes", HeldBytesOn(pool_, volume)}});
  }
  if (outcome.clock_in_doubt && AlarmIsDue(next_clock_alarm_)) {
    log::Error(
        "alarm: nothing is deleted by age: shortly before now the catalogue has nothing, so "
        "this machine's clock may be wrong; next: look at the clock (chronyc tracking)",
        {{"now", FormatRfc3339(clock_.Now())}});
  }
  if (outcome.copies_left > 0 && AlarmIsDue(next_copies_alarm_)) {
    log::Error("alarm: copies of deleted clips can't be deleted from the object store",
               {{"copies", static_cast<std::int64_t>(outcome.copies_left)}});
  }
  if (outcome.deleted == 0) return {};
  log::Info("clips deleted", {{"clips", static_cast<std::int64_t>(outcome.deleted)},
                              {"bytes", static_cast<std::int64_t>(outcome.deleted_bytes)}});
  return {};
}

Result<void> Keep::DeleteNotes() {
  if (clock_.Monotonic() < next_notes_) return {};
  RETURN_IF_ERROR(retention_.DeleteNotes());
  next_notes_ = clock_.Monotonic() + kNotesInterval;
  return {};
}

Result<void> Keep::LookAtSetAside() {
  ASSIGN_OR_RETURN(const std::size_t records, set_aside_.Count());
  if (records == 0 || !AlarmIsDue(next_set_aside_alarm_)) return {};
  log::Error("alarm: records are set aside that the catalogue refused",
             {{"records", static_cast<std::int64_t>(records)}, {"file", options_.set_aside_path}});
  return {};
}

bool Keep::AlarmIsDue(MonoTime& next) const {
  const MonoTime now = clock_.Monotonic();
  if (now < next) return false;
  next = now + kAlarmInterval;
  return true;
}

}  // namespace yagura::storage
