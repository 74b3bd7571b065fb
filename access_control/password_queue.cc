#include "access_control/password_queue.h"

namespace yagura::access_control {
namespace {

tl::unexpected<Error> Full(std::string message) {
  return Failure(Error(ErrorCode::kResourceExhausted, std::move(message))
                     .WithPublicMessage("too many sign-ins at once"));
}

}  // namespace

Result<PasswordQueue::Place> PasswordQueue::Enter() {
  std::unique_lock lock(mutex_);
  if (running_ >= limits_.running_max && waiting_ >= limits_.waiting_max)
    return Full("too many sign-ins wait");
  ++waiting_;
  const bool came =
      left_.wait_for(lock, limits_.wait_max, [&] { return running_ < limits_.running_max; });
  --waiting_;
  if (!came) return Full("waited too long to sign in");
  ++running_;
  return Place(*this);
}

void PasswordQueue::Leave() {
  {
    const std::scoped_lock lock(mutex_);
    --running_;
  }
  left_.notify_one();
}

PasswordQueue::Place::~Place() {
  if (queue_ != nullptr) queue_->Leave();
}

}  // namespace yagura::access_control
