#pragma once

#include <chrono>
#include <deque>
#include <mutex>
#include <vector>

#include "core/ids.h"
#include "core/result.h"
#include "core/time.h"

namespace yagura::api {

/// Who may wait for a picture: few at once, as each takes a worker of the server and of those that
/// decode, and of one person one. Nobody waits for a turn, which would take a worker too: who is
/// turned away asks again, and comes before everybody who was not turned away earlier. Thread-safe.
class PictureTurns {
 public:
  static constexpr std::size_t kAtOnce = 2;
  /// So long a place is kept for who was turned away: a little longer than Retry-After says.
  static constexpr std::chrono::seconds kClaimLasts{4};

  /// Outlived by `clock`.
  explicit PictureTurns(const Clock& clock) : clock_(clock) {}

  /// Given back when it ends.
  class Turn {
   public:
    Turn(PictureTurns& turns, PersonId person) : turns_(&turns), person_(person) {}
    Turn(Turn&& other) noexcept : turns_(other.turns_), person_(other.person_) {
      other.turns_ = nullptr;
    }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    Turn& operator=(Turn&&) = delete;
    ~Turn() {
      if (turns_ != nullptr) turns_->Leave(person_);
    }

   private:
    PictureTurns* turns_;
    PersonId person_;
  };
  /// kUnavailable: not now.
  [[nodiscard]] Result<Turn> Enter(PersonId person);

 private:
  struct Claim {
    PersonId person;
    MonoTime until;
  };
  void Leave(PersonId person);

  const Clock& clock_;
  std::mutex mutex_;               // guards the rest
  std::vector<PersonId> running_;  // at most kAtOnce
  std::deque<Claim> claims_;       // of who was turned away, the first one first
};

}  // namespace yagura::api
