#pragma once

#include <filesystem>

#include "core/ids.h"

namespace yagura::api {

/// Whoever opens one of a camera's clip files under `root` waits until Let(), as on a disk that
/// doesn't answer. By the kernel's questions about opens (fanotify): asks for CAP_SYS_ADMIN.
class SlowDisk {
 public:
  SlowDisk(const std::filesystem::path& root, CameraId camera);
  ~SlowDisk() { Let(); }
  SlowDisk(const SlowDisk&) = delete;
  SlowDisk& operator=(const SlowDisk&) = delete;

  void Let();

 private:
  int questions_ = -1;
};

}  // namespace yagura::api
