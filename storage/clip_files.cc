#include "storage/clip_files.h"

#include <algorithm>
#include <utility>

#include "core/log.h"
#include "storage/clip_path.h"
#include "storage/stream_account.h"

namespace yagura::storage {

Result<void> ClipFiles::Prepare(const ClipOpened& opened) {
  const std::scoped_lock lock(mutex_);
  return folders_.Prepare(FolderOf(ClipPath(calendar_, opened)));
}

Result<std::shared_ptr<OpenClip>> ClipFiles::Create(std::shared_ptr<Recording> recording,
                                                    const ClipOpened& opened) {
  const std::string path = ClipPath(calendar_, opened);
  const std::scoped_lock lock(mutex_);
  auto file = files_.Create(volume_.PathOf(path));
  if (!file.has_value()) {
    folders_.Forget();  // perhaps they are gone
    return Failure(std::move(file).error());
  }
  folders_.Touch(FolderOf(path));
  auto clip = std::make_shared<OpenClip>(std::move(recording), opened, *std::move(file));
  clips_.push_back(clip);
  ++clip->recording()->account->open_clips;
  return clip;
}

void ClipFiles::Forget(const std::shared_ptr<OpenClip>& clip) {
  const std::scoped_lock lock(mutex_);
  if (std::erase(clips_, clip) > 0) --clip->recording()->account->open_clips;
}

void ClipFiles::Unlink(const OpenClip& clip) {
  const std::scoped_lock lock(mutex_);
  to_unlink_.push_back(volume_.PathOf(ClipPath(calendar_, clip.opened())));
}

void ClipFiles::UnlinkVoid() {
  const std::scoped_lock lock(mutex_);
  std::erase_if(to_unlink_, [this](const std::string& path) {
    const auto unlinked = files_.Unlink(path);
    const bool gone = unlinked.has_value() || unlinked.error().code() == ErrorCode::kNotFound;
    if (!gone) volume_.CountFailure();
    return gone;
  });
}

std::vector<std::shared_ptr<OpenClip>> ClipFiles::SyncRound() {
  UnlinkVoid();
  std::vector<Marked> synced = SyncFiles();
  if (SyncFolders()) {
    Advance(synced);
    RecordClosed(synced);
  } else {
    // Which of these names are durable nobody can say.
    for (const Marked& marked : synced) marked.clip->Condemn();
  }
  if (auto written = journal_.Sync(); !written.has_value()) {
    log::Error("alarm: the journal can't be written; records wait in memory",
               {{"why", written.error()}});
  }
  std::vector<std::shared_ptr<OpenClip>> condemned = Clips();
  std::erase_if(condemned, [](const auto& clip) { return !clip->condemned(); });
  return condemned;
}

/// Marked newest first, as the writer goes on closing clips meanwhile: where one is closed by then,
/// those before it are too, and so no row is written before that of an older clip. A crash between
/// the two would leave the older one open, and a start that looks for what is behind it.
std::vector<ClipFiles::Marked> ClipFiles::SyncFiles() {
  std::vector<Marked> marked;
  const auto clips = Clips();
  for (auto clip = clips.rbegin(); clip != clips.rend(); ++clip) {
    if (const auto mark = (*clip)->BeginSync()) marked.push_back({*clip, *mark});
  }
  std::reverse(marked.begin(), marked.end());
  std::erase_if(marked, [](const Marked& one) {
    const auto synced = one.clip->SyncFile(one.mark);
    if (!synced.has_value()) {
      log::Error("a clip file failed to sync",
                 {{"clip", ToString(one.clip->opened().clip)}, {"why", synced.error()}});
    }
    return !synced.has_value();
  });
  return marked;
}

bool ClipFiles::SyncFolders() {
  std::vector<std::string> folders;
  {
    const std::scoped_lock lock(mutex_);
    folders = folders_.TakeUnsynced();
  }
  bool all_synced = true;
  for (const std::string& folder : folders) {
    auto done = files_.SyncFolder(folder);
    if (done.has_value()) continue;
    log::Error("a folder failed to sync", {{"folder", folder}, {"why", done.error()}});
    volume_.CountFailure();
    all_synced = false;
  }
  if (!all_synced) {
    const std::scoped_lock lock(mutex_);
    folders_.Forget();
  }
  return all_synced;
}

/// All clips of a round are hashed at once: side by side they cost less.
void ClipFiles::Advance(const std::vector<Marked>& synced) {
  std::vector<OpenClip::Unhashed> unhashed;
  std::vector<HashJob> jobs;
  std::vector<OpenClip*> hashed;
  for (const auto& [clip, mark] : synced) {
    auto more = clip->Advance(mark);
    if (!more) continue;
    jobs.push_back(std::move(more->job));
    unhashed.push_back(*std::move(more));
    hashed.push_back(clip.get());
  }
  HashSideBySide(jobs);
  for (OpenClip* clip : hashed) clip->NoteHashed();
}

void ClipFiles::RecordClosed(const std::vector<Marked>& synced) {
  for (const auto& [clip, mark] : synced) {
    if (!mark.closing || clip->condemned()) continue;
    std::vector<JournalRecord> records{clip->Record()};
    const ClipEnding ending = clip->ending().value_or(ClipEnding{});
    if (ending.ends_run) {
      records.emplace_back(RunEnded{.run = clip->opened().clip.run,
                                    .media_end = ending.media_end,
                                    .wall_end = ending.wall_end});
    }
    journal_.Append(records);
    clip->DropFromCache();
    Forget(clip);
  }
}

std::vector<std::shared_ptr<OpenClip>> ClipFiles::Clips() const {
  const std::scoped_lock lock(mutex_);
  return clips_;
}

std::size_t ClipFiles::size() const {
  const std::scoped_lock lock(mutex_);
  return clips_.size();
}

}  // namespace yagura::storage
