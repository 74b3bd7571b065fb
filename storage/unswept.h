#pragma once

#include <string>

#include "core/time.h"
#include "storage/files.h"

namespace yagura::storage {

/// Since when files may lie on the volumes that nobody knows (orphans.h): a small file that is
/// there from a start on until its sweep is done. So a recorder that dies before leaves the whole
/// time to the next one, however long the machine was away between. One thread at a time.
class Unswept {
 public:
  /// `files` outlives it.
  Unswept(Files& files, std::string path) : files_(files), path_(std::move(path)) {}

  /// A start that has to sweep what changed since `from`: gives that, or the earlier instant that
  /// another start left to be done. Durable on return; where it can't be, that is logged.
  [[nodiscard]] WallTime Begin(WallTime from);
  /// The sweep was done.
  void End();

 private:
  Files& files_;
  const std::string path_;
};

}  // namespace yagura::storage
