#pragma once

#include <deque>
#include <memory>
#include <mutex>

#include "storage/volume_command.h"

namespace yagura::storage {

class VolumeWriter;

/// The way of one stream's commands to the volume that records it. Another volume takes the stream
/// over only when the one before has dealt with all that it got, so that the stream's account of
/// time stays in order, whichever of the two is the slower. What comes meanwhile waits here; its
/// bytes count as in memory. Thread-safe; the volumes outlive it.
class StreamRoute {
 public:
  explicit StreamRoute(VolumeWriter& first) : at_(&first) {}
  void Send(VolumeCommand command);
  /// The volume that had the stream has dealt with `Leave`: it is `next`'s now.
  void Arrive(VolumeWriter& next);

 private:
  void Pass(VolumeCommand command);

  std::mutex mutex_;
  VolumeWriter* at_;
  bool leaving_ = false;  // at_ has a Leave before it
  std::deque<VolumeCommand> waiting_;
};

}  // namespace yagura::storage
