#include "storage/stream_route.h"

#include <utility>

#include "storage/volume_writer.h"

namespace yagura::storage {

void StreamRoute::Send(VolumeCommand command) {
  const std::scoped_lock lock(mutex_);
  if (leaving_) {
    waiting_.push_back(std::move(command));
  } else {
    Pass(std::move(command));
  }
}

/// The mutex is held.
void StreamRoute::Pass(VolumeCommand command) {
  leaving_ = std::holds_alternative<LeaveVolume>(command.what);
  at_->Enqueue(std::move(command));
}

void StreamRoute::Arrive(VolumeWriter& next) {
  const std::scoped_lock lock(mutex_);
  at_ = &next;
  leaving_ = false;
  while (!waiting_.empty() && !leaving_) {
    Pass(std::move(waiting_.front()));
    waiting_.pop_front();
  }
}

}  // namespace yagura::storage
