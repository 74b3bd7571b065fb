#pragma once

#include <set>
#include <string>
#include <vector>

#include "storage/files.h"
#include "storage/volume.h"

namespace yagura::storage {

/// Makes the folders of a volume as clips need them and remembers which names have to be made
/// durable. What a former process made is synced once more: nobody knows whether it had come that
/// far. One thread at a time.
class FolderTree {
 public:
  FolderTree(Files& files, Volume& volume) : files_(files), volume_(volume) {}

  /// Makes `folder` (below the volume's root) and those above it, unless known. The volume's
  /// identity is checked each time: kFailedPrecondition where another disk, or none, is mounted
  /// there; another volume of this recorder has folders of the same names.
  [[nodiscard]] Result<void> Prepare(const std::string& folder);
  /// A name in `folder` was made: it is not durable yet.
  void Touch(const std::string& folder) { unsynced_.insert(volume_.PathOf(folder)); }

  /// Full paths of the folders to sync, each once, no longer remembered.
  [[nodiscard]] std::vector<std::string> TakeUnsynced();
  /// A sync failed, or a folder was gone: nothing is known any more.
  void Forget() { known_.clear(); }

 private:
  Files& files_;
  Volume& volume_;
  std::set<std::string> known_;     // relative
  std::set<std::string> unsynced_;  // full paths
};

}  // namespace yagura::storage
