#include "tests/api/slow_disk_posix.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/fanotify.h>
#include <unistd.h>

#include <string>
#include <utility>

namespace yagura::api {

SlowDisk::SlowDisk(const std::filesystem::path& root, CameraId camera)
    : questions_(::fanotify_init(FAN_CLASS_CONTENT | FAN_CLOEXEC, O_RDONLY)) {
  EXPECT_GE(questions_, 0) << "fanotify: are you root?";
  int marked = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
    const std::string path = entry.path().string();
    if (!path.ends_with(".mp4") || path.find(ToString(camera)) == std::string::npos) continue;
    EXPECT_EQ(::fanotify_mark(questions_, FAN_MARK_ADD, FAN_OPEN_PERM, AT_FDCWD, path.c_str()), 0);
    ++marked;
  }
  EXPECT_GT(marked, 0);
}

/// Questions that nobody can answer any more are answered by yes.
void SlowDisk::Let() {
  if (questions_ >= 0) ::close(std::exchange(questions_, -1));
}

}  // namespace yagura::api
