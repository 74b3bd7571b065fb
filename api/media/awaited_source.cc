#include "api/media/awaited_source.h"

#include <utility>

namespace yagura::api {

bool AwaitedSource::is_cut() const { return open_->is_cut() || clock_.Now() >= open_->ends_at(); }

LiveSource::Taken AwaitedSource::Take() {
  if (answered_ || is_cut()) return {State::kEnd, {}, {}};
  const bool ended = package_->ended();  // asked for first: what came last still goes out
  // Nobody is woken once it has ended.
  const State not_yet = ended ? State::kEnd : State::kWait;
  if (clock_.Monotonic() >= open_->trusted_until()) return {not_yet, {}, {}};
  auto answer = answer_();
  if (!answer) return {not_yet, {}, {}};
  if (answer->empty()) return {State::kEnd, {}, {}};
  answered_ = true;
  return {State::kPiece, *std::move(answer), {}};
}

void AwaitedSource::OnReady(std::function<void()> wake) {
  if (waiter_) package_->Forget(*waiter_);
  waiter_.reset();
  if (wake) waiter_ = package_->OnMore(std::move(wake));
}

}  // namespace yagura::api
