#include "storage/clip_mover_pg.h"

#include <algorithm>
#include <pqxx/pqxx>
#include <utility>

#include "core/check.h"
#include "core/log.h"
#include "storage/clip_path.h"
#include "storage/mounted_volumes_pg.h"
#include "storage/stored_object.h"

namespace yagura::storage {
namespace {

/// How often all clips are looked at anew: rows may come late, copies be lost, damaged files be
/// replaced. Between, only those of the last hour.
constexpr std::chrono::hours kLookAgain{1};
constexpr std::chrono::hours kAlarmInterval{1};

/// What is wrong with the file, not with the store (CopyToStore).
bool IsOfTheFile(const Error& error) { return error.code() == ErrorCode::kDataLoss; }

}  // namespace

ClipMover::ClipMover(pg::Pool& pool, Files& files, ObjectStore& store, CopiesUnderWay& under_way,
                     const Clock& clock, Options options)
    : pool_(pool),
      files_(files),
      store_(store),
      under_way_(under_way),
      clock_(clock),
      options_(std::move(options)) {}

ClipMover::~ClipMover() { Stop(); }

void ClipMover::Start() {
  CHECK(!thread_.joinable());
  thread_ = std::thread([this] { Loop(); });
}

void ClipMover::Stop() {
  if (!thread_.joinable()) return;
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void ClipMover::Loop() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    Round();
    lock.lock();
    wake_.wait_for(lock, options_.interval, [this] { return stopping_.load(); });
  }
}

void ClipMover::Round() {
  const auto outcome = Pass();
  if (outcome.has_value()) {
    if (outcome->copied + outcome->left == 0) return;
    return log::Info("clips moved",
                     {{"copied", static_cast<std::int64_t>(outcome->copied)},
                      {"copied_bytes", static_cast<std::int64_t>(outcome->copied_bytes)},
                      {"left_volume", static_cast<std::int64_t>(outcome->left)}});
  }
  if (stopping_) return;
  log::Warning("clips can't be moved", {{"why", outcome.error()}});
  (void)Write([&](pqxx::transaction_base& transaction) {  // it has been logged
    NoteFault(transaction, options_.address, ToString(outcome.error()));
  });
  if (clock_.Monotonic() < next_alarm_) return;
  next_alarm_ = clock_.Monotonic() + kAlarmInterval;
  log::Error("alarm: the object store takes no copies; clips stay where they are",
             {{"why", outcome.error()}});
}

Result<ClipMover::Outcome> ClipMover::Pass() {
  if (clock_.Monotonic() >= look_again_at_) {
    look_again_at_ = clock_.Monotonic() + kLookAgain;
    reached_.clear();
    not_copyable_.clear();
  }
  Outcome outcome;
  ASSIGN_OR_RETURN(store_id_, Recognise());
  ASSIGN_OR_RETURN(const auto volumes, MountedVolumes(pool_, files_));
  const WallTime begun = clock_.Now();
  for (const KnownVolume& volume : volumes) RETURN_IF_ERROR(CopyAll(volume, outcome));
  for (const KnownVolume& volume : volumes) RETURN_IF_ERROR(LetGo(volume, outcome));
  RETURN_IF_ERROR(Write([&](pqxx::transaction_base& transaction) {
    NoteCopied(transaction, store_id_, begun - options_.copy_after, clock_.Now());
  }));
  return outcome;
}

/// That the bucket is the one that the catalogue knows; an empty one is taken as a new one.
Result<StoreId> ClipMover::Recognise() {
  ASSIGN_OR_RETURN(const auto known,
                   pool_.ReadFor<std::vector<StoreId>>([](pqxx::transaction_base& transaction) {
                     return Result<std::vector<StoreId>>(ReadStores(transaction));
                   }));
  ASSIGN_OR_RETURN(const std::optional<StoreId> found, ReadStoreId(store_));
  if (!known.empty() && (!found || *found != known.front())) {
    return Failure(
        ErrorCode::kFailedPrecondition,
        "this is not the object store that the catalogue knows, " + ToString(known.front()));
  }
  StoreId id;
  if (found) {
    id = *found;
  } else {
    ASSIGN_OR_RETURN(id, FormatStore(store_));
  }
  RETURN_IF_ERROR(Write([&](pqxx::transaction_base& transaction) {
    NoteStore(transaction, id, options_.address, clock_.Now());
  }));
  return id;
}

Result<void> ClipMover::CopyAll(const KnownVolume& volume, Outcome& outcome) {
  // Rows of a minute come from many cameras, and may come late.
  const auto reached = reached_.find(volume.id);
  const WallTime recent = clock_.Now() - options_.copy_after - kLookAgain;
  if (reached != reached_.end() && reached->second.start > recent) {
    reached->second = MovingClip{.id = {}, .camera = {}, .start = recent};
  }
  for (int step = 0; step < options_.steps_max && !stopping_; ++step) {
    const auto clips = Claim(volume, clock_.Now() - options_.copy_after);
    const auto done =
        clips.has_value() && *clips ? CopyThese(volume, **clips, outcome) : Result<void>();
    under_way_.Clear();
    if (!clips.has_value()) return Failure(clips.error());
    RETURN_IF_ERROR(done);
    if (!*clips) return {};
  }
  return {};
}

/// T1, and where the next step goes on; nothing where there is nothing more to copy.
Result<std::optional<std::vector<MovingClip>>> ClipMover::Claim(const KnownVolume& volume,
                                                                WallTime ended_by) {
  using Claimed = std::optional<std::vector<MovingClip>>;
  MovingClip last;
  auto claimed = pool_.RunFor<Claimed>([&](pqxx::transaction_base& transaction) -> Result<Claimed> {
    const auto reached = reached_.find(volume.id);
    const MovingClip* after = reached == reached_.end() ? nullptr : &reached->second;
    const auto clips =
        ReadUncopied(transaction, volume.id, ended_by, after, options_.clips_per_step);
    if (clips.empty()) return Claimed();
    last = clips.back();
    for (const MovingClip& clip : clips) under_way_.Add(clip.id);
    return Claimed(ClaimForCopy(transaction, clips, store_id_));
  });
  if (claimed.has_value() && *claimed) reached_[volume.id] = last;
  return claimed;
}

/// T2.
Result<void> ClipMover::CopyThese(const KnownVolume& volume, const std::vector<MovingClip>& clips,
                                  Outcome& outcome) {
  const std::vector<Result<Copy>> results = Upload(volume, clips);
  std::vector<MovingClip> copied;
  std::vector<MovingClip> without_file;
  Result<void> first;
  for (std::size_t i = 0; i < clips.size(); ++i) {
    if (results[i].has_value()) {
      copied.push_back(clips[i]);
      if (*results[i] == Copy::kFound) without_file.push_back(clips[i]);
      outcome.copied_bytes += clips[i].bytes;
    } else if (IsOfTheFile(results[i].error())) {
      ++outcome.not_copyable;
      if (!not_copyable_.insert(clips[i].id).second) continue;
      log::Error("alarm: a clip can't be copied; its file stays",
                 {{"clip", ToString(clips[i].id)}, {"why", results[i].error()}});
    } else if (first.has_value()) {
      first = Failure(results[i].error());
    }
  }
  if (!first.has_value()) reached_.erase(volume.id);
  if (!copied.empty()) {
    RETURN_IF_ERROR(Write([&](pqxx::transaction_base& transaction) {
      MarkCopied(transaction, copied, clock_.Now());
      if (!without_file.empty()) MarkLeaving(transaction, without_file, clock_.Now());
    }));
  }
  outcome.copied += copied.size();
  return first;
}

/// A few at once; after a failure of the store no more are begun.
std::vector<Result<ClipMover::Copy>> ClipMover::Upload(const KnownVolume& volume,
                                                       const std::vector<MovingClip>& clips) {
  std::vector<Result<Copy>> results(
      clips.size(), Failure(ErrorCode::kAborted, "not begun: the object store fails"));
  std::atomic<std::size_t> next = 0;
  std::atomic<bool> fails = false;
  const auto work = [&] {
    for (std::size_t i = next++; i < clips.size() && !fails && !stopping_; i = next++) {
      results[i] = not_copyable_.contains(clips[i].id)
                       ? Result<Copy>(Failure(ErrorCode::kDataLoss, "looked at before"))
                       : CopyOne(volume, clips[i]);
      if (!results[i].has_value() && !IsOfTheFile(results[i].error())) fails = true;
    }
  };
  std::vector<std::thread> workers;
  const auto count =
      std::min<std::size_t>(static_cast<std::size_t>(options_.uploads_at_once), clips.size());
  for (std::size_t i = 0; i < count; ++i) workers.emplace_back(work);
  for (std::thread& worker : workers) worker.join();
  return results;
}

Result<ClipMover::Copy> ClipMover::CopyOne(const KnownVolume& volume, const MovingClip& clip) {
  const std::string name = NameOf(clip);
  const auto file = files_.OpenToRead(volume.path + "/" + name);
  if (!file.has_value() && file.error().code() == ErrorCode::kNotFound) return Find(clip);
  if (!file.has_value()) return Failure(ErrorCode::kDataLoss, file.error().message());
  const auto copied = CopyToStore(**file, clip.bytes, clip.sha256, store_, name);
  (*file)->DropFromCache(clip.bytes);
  if (!copied.has_value()) return Failure(copied.error());
  return Copy::kMade;
}

/// A catalogue that was told again, or a restored one, knows nothing of copies whose file has gone.
Result<ClipMover::Copy> ClipMover::Find(const MovingClip& clip) {
  const auto whole = ReadBack(store_, NameOf(clip), clip.bytes, clip.sha256);
  if (whole.has_value()) return Copy::kFound;
  if (whole.error().code() != ErrorCode::kNotFound) return Failure(whole.error());
  return Failure(ErrorCode::kDataLoss, "its file is missing, and there is no copy");
}

Result<void> ClipMover::LetGo(const KnownVolume& volume, Outcome& outcome) {
  RETURN_IF_ERROR(FinishLeaving(volume, outcome));
  bool more = options_.keep_files_for.has_value();
  for (int step = 0; more && step < options_.steps_max && !stopping_; ++step) {
    ASSIGN_OR_RETURN(more, BeginLeaving(volume, outcome));
    RETURN_IF_ERROR(FinishLeaving(volume, outcome));
  }
  return {};
}

/// T3; false where there is nothing more to do.
Result<bool> ClipMover::BeginLeaving(const KnownVolume& volume, Outcome& outcome) {
  const WallTime ended_by = clock_.Now() - *options_.keep_files_for;
  ASSIGN_OR_RETURN(const auto clips,
                   pool_.ReadFor<std::vector<MovingClip>>([&](pqxx::transaction_base& transaction) {
                     return Result<std::vector<MovingClip>>(
                         ReadMovable(transaction, volume.id, ended_by, options_.clips_per_step));
                   }));
  std::vector<MovingClip> there;
  std::vector<MovingClip> lost;
  for (const MovingClip& clip : clips) {
    const auto size_bytes = store_.SizeOf(NameOf(clip));
    const bool unknown =
        !size_bytes.has_value() && size_bytes.error().code() != ErrorCode::kNotFound;
    if (unknown) return Failure(size_bytes.error());
    (size_bytes.has_value() && *size_bytes == clip.bytes ? there : lost).push_back(clip);
  }
  for (const MovingClip& clip : lost) {
    log::Error("alarm: a copy has vanished from the object store; the clip is copied again",
               {{"clip", ToString(clip.id)}});
  }
  if (!lost.empty()) reached_.erase(volume.id);
  outcome.copies_lost += lost.size();
  RETURN_IF_ERROR(Write([&](pqxx::transaction_base& transaction) {
    if (!lost.empty()) MarkCopyLost(transaction, lost);
    if (!there.empty()) MarkLeaving(transaction, there, clock_.Now());
  }));
  return !there.empty();
}

/// T4, for all that have begun to leave.
Result<void> ClipMover::FinishLeaving(const KnownVolume& volume, Outcome& outcome) {
  for (bool more = true; more && !stopping_;) {
    ASSIGN_OR_RETURN(const auto clips, pool_.ReadFor<std::vector<MovingClip>>(
                                           [&](pqxx::transaction_base& transaction) {
                                             return Result<std::vector<MovingClip>>(ReadLeaving(
                                                 transaction, volume.id, options_.clips_per_step));
                                           }));
    const std::vector<MovingClip> left = Unlink(volume, clips);
    more = !left.empty();
    if (!more) break;
    RETURN_IF_ERROR(Write(
        [&](pqxx::transaction_base& transaction) { MarkLeft(transaction, left, clock_.Now()); }));
    outcome.left += left.size();
  }
  return {};
}

/// Gives those whose absence is durable.
std::vector<MovingClip> ClipMover::Unlink(const KnownVolume& volume,
                                          const std::vector<MovingClip>& clips) {
  std::map<std::string, std::vector<MovingClip>> by_folder;
  for (const MovingClip& clip : clips) {
    const std::string path = volume.path + "/" + NameOf(clip);
    const auto unlinked = files_.Unlink(path);
    if (unlinked.has_value() || unlinked.error().code() == ErrorCode::kNotFound) {
      by_folder[FolderOf(path)].push_back(clip);
    } else {
      log::Error("alarm: a file that has a copy can't be unlinked",
                 {{"clip", ToString(clip.id)}, {"why", unlinked.error()}});
    }
  }
  std::vector<MovingClip> gone;
  for (const auto& [folder, unlinked] : by_folder) {
    const auto synced = files_.SyncFolder(folder);
    if (synced.has_value() || synced.error().code() == ErrorCode::kNotFound) {
      gone.insert(gone.end(), unlinked.begin(), unlinked.end());
    } else {
      log::Error("alarm: a folder can't be synced", {{"why", synced.error()}});
    }
  }
  // Without the volume every file seems gone.
  return IsThere(files_, volume) ? gone : std::vector<MovingClip>();
}

std::string ClipMover::NameOf(const MovingClip& clip) const {
  return ClipPath(options_.calendar, clip.camera, clip.id, clip.start);
}

Result<void> ClipMover::Write(const std::function<void(pqxx::transaction_base&)>& write) {
  return pool_.Run([&](pqxx::transaction_base& transaction) -> Result<void> {
    write(transaction);
    return {};
  });
}

}  // namespace yagura::storage
