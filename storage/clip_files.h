#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "core/calendar.h"
#include "storage/folder_tree.h"
#include "storage/journal.h"
#include "storage/open_clip.h"
#include "storage/volume.h"

namespace yagura::storage {

/// The clip files that are being written on one volume, and their syncs. The writer thread opens
/// and forgets them, the sync thread runs the rounds. Order of a round, which is what makes a row
/// true after a power cut:
///   files (fsync for new and closing ones, else fdatasync), then the folders they are in, then the
///   journal with the rows of those closed.
class ClipFiles {
 public:
  ClipFiles(Files& files, Volume& volume, const OfficeCalendar& calendar, Journal& journal)
      : files_(files),
        volume_(volume),
        calendar_(calendar),
        journal_(journal),
        folders_(files, volume) {}

  /// Checks the volume's identity and makes the folders for `opened`, where they aren't known to be
  /// there. Errors as of Files and Volume.
  [[nodiscard]] Result<void> Prepare(const ClipOpened& opened);
  /// An empty file for `opened`, which is in the journal already: a file that the journal doesn't
  /// know can't be left by a kill.
  [[nodiscard]] Result<std::shared_ptr<OpenClip>> Create(std::shared_ptr<Recording> recording,
                                                         const ClipOpened& opened);
  /// The clip is accounted for otherwise: condemned, or void.
  void Forget(const std::shared_ptr<OpenClip>& clip);
  /// Takes the name of a void clip away; where the disk refuses, each round tries again.
  void Unlink(const OpenClip& clip);

  /// One round. Gives the clips that failed in it; they stay until forgotten.
  [[nodiscard]] std::vector<std::shared_ptr<OpenClip>> SyncRound();

  [[nodiscard]] std::size_t size() const;

 private:
  struct Marked {
    std::shared_ptr<OpenClip> clip;
    OpenClip::Mark mark;
  };
  [[nodiscard]] std::vector<Marked> SyncFiles();
  [[nodiscard]] bool SyncFolders();
  void UnlinkVoid();
  static void Advance(const std::vector<Marked>& synced);
  void RecordClosed(const std::vector<Marked>& synced);
  [[nodiscard]] std::vector<std::shared_ptr<OpenClip>> Clips() const;

  Files& files_;
  Volume& volume_;
  const OfficeCalendar& calendar_;
  Journal& journal_;
  mutable std::mutex mutex_;
  FolderTree folders_;
  std::vector<std::shared_ptr<OpenClip>> clips_;
  std::vector<std::string> to_unlink_;  // full paths
};

}  // namespace yagura::storage
