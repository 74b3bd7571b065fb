#include "storage/catalogue_pg.h"

#include <algorithm>
#include <pqxx/pqxx>
#include <set>
#include <utility>

#include "core/check.h"
#include "core/log.h"

namespace yagura::storage {
namespace {

constexpr char kRegisterVolume[] = R"(
  INSERT INTO volume (id, path, limit_bytes) VALUES ($1, $2, nullif($3::bigint, 0))
  ON CONFLICT (id) DO UPDATE SET path = EXCLUDED.path, limit_bytes = EXCLUDED.limit_bytes)";

/// The database's trouble, whatever the rows: try the same again later.
bool IsPassing(ErrorCode code) {
  return code == ErrorCode::kUnavailable || code == ErrorCode::kDeadlineExceeded ||
         code == ErrorCode::kAborted || code == ErrorCode::kResourceExhausted;
}

/// Certainly this row's fault: a value or a constraint.
bool IsTheRowsFault(ErrorCode code) {
  return code == ErrorCode::kInvalidArgument || code == ErrorCode::kFailedPrecondition ||
         code == ErrorCode::kAlreadyExists;
}

}  // namespace

CatalogueCommitter::CatalogueCommitter(Journal& journal, pg::Pool& pool, Files& files,
                                       const Clock& clock, Options options)
    : journal_(journal),
      pool_(pool),
      clock_(clock),
      options_(std::move(options)),
      set_aside_(files, options_.set_aside_path),
      position_(journal.committed()),
      checkpoint_(position_),
      checkpointed_at_(clock.Monotonic()),
      records_max_(options_.records_max) {
  CHECK(options_.records_max > 0);
  SetVolumes(options_.volumes);
}

CatalogueCommitter::~CatalogueCommitter() { Stop(); }

void CatalogueCommitter::Start() {
  CHECK(!thread_.joinable());
  thread_ = std::thread([this] { Loop(); });
}

void CatalogueCommitter::Stop() {
  if (!thread_.joinable()) return;
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void CatalogueCommitter::Loop() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    Drain();
    lock.lock();
    wake_.wait_for(lock, options_.interval, [this] { return stopping_; });
  }
  lock.unlock();
  Drain();
  Checkpoint(true);
}

/// Stores batch after batch until there is no whole one left.
void CatalogueCommitter::Drain() {
  while (true) {
    const auto stored = CommitOnce();
    if (!stored.has_value() || *stored < records_max_) return;
  }
}

Result<std::size_t> CatalogueCommitter::CommitOnce() {
  auto outcome = StoreNext();
  Note(outcome);
  if (outcome.has_value()) Checkpoint(false);
  return outcome;
}

Result<std::size_t> CatalogueCommitter::StoreNext() {
  RETURN_IF_ERROR(RegisterVolumes());
  auto read = journal_.ReadFrom(position_, records_max_);
  if (!read.has_value() && read.error().code() == ErrorCode::kDataLoss) {
    return PassDamage(read.error());
  }
  ASSIGN_OR_RETURN(const Journal::Batch batch, std::move(read));
  auto stored = StoreOrSetAside(batch.records);
  if (!stored.has_value()) {
    if (stored.error().code() == ErrorCode::kDeadlineExceeded) {
      records_max_ = std::max<std::size_t>(1, records_max_ / 2);
    }
    return Failure(std::move(stored).error());
  }
  position_ = batch.next;
  records_max_ = std::min(options_.records_max, records_max_ * 2);
  return batch.records.size();
}

/// Gives a whole batch's number of records: there is more to read.
Result<std::size_t> CatalogueCommitter::PassDamage(const Error& damage) {
  const std::vector<JournalRecord> open = journal_.state().Snapshot();
  RETURN_IF_ERROR(journal_.Sync());  // only what is durable may be stored
  RETURN_IF_ERROR(StoreOrSetAside(open));
  const JournalPosition behind = journal_.BehindDamage(position_);
  log::Error(
      "alarm: a part of the journal can't be read: clips that were closed and gaps that "
      "ended in it may be missing in the catalogue; next: yagura check",
      {{"why", damage},
       {"goes_on_in_segment", static_cast<std::int64_t>(behind.segment)},
       {"at", static_cast<std::int64_t>(behind.offset_bytes)}});
  position_ = behind;
  const std::scoped_lock lock(mutex_);
  ++status_.damages;
  return records_max_;
}

void CatalogueCommitter::SetVolumes(std::vector<VolumeRegistration> volumes) {
  const std::scoped_lock lock(mutex_);
  to_register_ = std::move(volumes);
}

Result<void> CatalogueCommitter::RegisterVolumes() {
  std::vector<VolumeRegistration> volumes;
  {
    const std::scoped_lock lock(mutex_);
    volumes.swap(to_register_);
  }
  if (volumes.empty()) return {};
  auto registered = pool_.Run([&](pqxx::transaction_base& transaction) -> Result<void> {
    for (const VolumeRegistration& volume : volumes) {
      transaction.exec_params0(kRegisterVolume, ToString(volume.id), volume.path,
                               volume.limit_bytes.value_or(0));
    }
    return {};
  });
  if (registered.has_value()) return {};
  const std::scoped_lock lock(mutex_);
  if (to_register_.empty()) to_register_ = std::move(volumes);
  return registered;
}

Result<void> CatalogueCommitter::Store(std::span<const JournalRecord> records) {
  if (records.empty()) return {};
  return pool_.Run([&](pqxx::transaction_base& transaction) -> Result<void> {
    InsertRecords(transaction, records, options_.days);
    return {};
  });
}

/// All at once; where they are refused, one by one.
Result<void> CatalogueCommitter::StoreOrSetAside(std::span<const JournalRecord> records) {
  auto stored = Store(records);
  if (stored.has_value() || IsPassing(stored.error().code())) return stored;
  return StoreOneByOne(records);
}

/// Finds out which records are refused. A refusal that may have another reason (a schema not
/// migrated, a right not granted) is a record's fault only where another one of its kind is taken.
Result<void> CatalogueCommitter::StoreOneByOne(std::span<const JournalRecord> records) {
  std::set<std::size_t> kinds_taken;
  std::vector<std::pair<const JournalRecord*, Error>> refused;
  for (const JournalRecord& record : records) {
    auto stored = Store({&record, 1});
    if (stored.has_value()) {
      kinds_taken.insert(record.index());
    } else if (IsPassing(stored.error().code())) {
      return stored;
    } else {
      refused.emplace_back(&record, std::move(stored).error());
    }
  }
  for (const auto& [record, why] : refused) {
    if (!IsTheRowsFault(why.code()) && !kinds_taken.contains(record->index())) return Failure(why);
    RETURN_IF_ERROR(SetAside(*record, why));
  }
  return {};
}

Result<void> CatalogueCommitter::SetAside(const JournalRecord& record, const Error& why) {
  RETURN_IF_ERROR(set_aside_.Add(record, why, clock_.Now()));
  log::Error("alarm: the catalogue refuses a record; it is set aside",
             {{"type", ToJson(record).Get("type").AsString().value_or("")},
              {"file", options_.set_aside_path},
              {"why", why}});
  const std::scoped_lock lock(mutex_);
  ++status_.records_set_aside;
  return {};
}

void CatalogueCommitter::Checkpoint(bool at_once) {
  const MonoTime now = clock_.Monotonic();
  if (position_ == checkpoint_) return;
  if (!at_once && now - checkpointed_at_ < options_.checkpoint_interval) return;
  if (const auto done = journal_.Commit(position_); !done.has_value()) {
    log::Warning("the journal's checkpoint can't be written", {{"why", done.error()}});
    return;
  }
  checkpoint_ = position_;
  checkpointed_at_ = now;
}

void CatalogueCommitter::Note(const Result<std::size_t>& outcome) {
  const std::scoped_lock lock(mutex_);
  status_.stored = position_;
  if (outcome.has_value()) {
    if (status_.last_error) log::Info("the catalogue takes records again");
    status_.last_error.reset();
    if (*outcome == 0) status_.caught_up_at = clock_.Now();
  } else {
    if (!status_.last_error) {
      log::Warning("the catalogue takes no records; the journal keeps them",
                   {{"why", outcome.error()}});
    }
    status_.last_error = outcome.error();
  }
}

CatalogueCommitter::Status CatalogueCommitter::GetStatus() const {
  const std::scoped_lock lock(mutex_);
  return status_;
}

}  // namespace yagura::storage
