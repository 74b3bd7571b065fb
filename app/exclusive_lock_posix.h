#pragma once

#include <string>

#include "core/result.h"

namespace yagura::app {

/// A file that one process at a time holds, as long as it lives.
class ExclusiveLock {
 public:
  /// Makes the file where there is none. kAlreadyExists: another process holds it; kUnavailable:
  /// the file can't be opened.
  [[nodiscard]] static Result<ExclusiveLock> Take(const std::string& path);

  ExclusiveLock(ExclusiveLock&& other) noexcept;
  ExclusiveLock& operator=(ExclusiveLock&& other) noexcept;
  ~ExclusiveLock();

 private:
  explicit ExclusiveLock(int fd) : fd_(fd) {}
  int fd_ = -1;
};

}  // namespace yagura::app
