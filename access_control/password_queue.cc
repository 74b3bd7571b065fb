#include "access_control/password_queue.h"

namespace yagura::access_control {
namespace {

tl::unexpected<Error> Full(std::string message) {
  return Failure(Error(ErrorCode::kResourceExhausted, std::move(message))
                     .WithPublicMessage("too many sign-ins at once"));
}

}  // namespace

Result<PasswordQueue::Place> PasswordQueue::Enter(Lane lane) {
  std::unique_lock lock(mutex_);
  int& waiting = waiting_[static_cast<std::size_t>(lane)];
  if (!MayRun(lane) && waiting >= limits_.waiting_max) return Full("too many sign-ins wait");
  ++waiting;
  const bool came = left_.wait_for(lock, limits_.wait_max, [&] { return MayRun(lane); });
  --waiting;
  left_.notify_all();  // strangers wait for the last known one too
  if (!came) return Full("waited too long to sign in");
  ++running_;
  return Place(*this);
}

int PasswordQueue::Waiting(Lane lane) {
  const std::scoped_lock lock(mutex_);
  return waiting_[static_cast<std::size_t>(lane)];
}

bool PasswordQueue::MayRun(Lane lane) const {
  const bool known_wait = waiting_[static_cast<std::size_t>(Lane::kKnown)] > 0;
  return running_ < limits_.running_max && (lane == Lane::kKnown || !known_wait);
}

void PasswordQueue::Leave() {
  {
    const std::scoped_lock lock(mutex_);
    --running_;
  }
  left_.notify_all();
}

PasswordQueue::Place::~Place() {
  if (queue_ != nullptr) queue_->Leave();
}

}  // namespace yagura::access_control
