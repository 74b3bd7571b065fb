#include "app/exclusive_lock_posix.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace yagura::app {

Result<ExclusiveLock> ExclusiveLock::Take(const std::string& path) {
  const int fd = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0)
    return Failure(ErrorCode::kUnavailable, "can't open " + path + ": " + std::strerror(errno));
  ExclusiveLock lock(fd);
  if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
    return Failure(ErrorCode::kAlreadyExists, path + " is held by another process");
  }
  return lock;
}

ExclusiveLock::ExclusiveLock(ExclusiveLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

ExclusiveLock& ExclusiveLock::operator=(ExclusiveLock&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

ExclusiveLock::~ExclusiveLock() {
  if (fd_ >= 0) close(fd_);
}

}  // namespace yagura::app
