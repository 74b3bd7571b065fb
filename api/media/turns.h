#pragma once

#include <chrono>
#include <deque>
#include <mutex>
#include <vector>

#include "core/ids.h"
#include "core/result.h"
#include "core/time.h"

namespace yagura::api {

/// Who may have something that takes a worker of the server for a while (a picture to be decoded,
/// an hour's clips to be read): few at once, and of one person fewer. Nobody waits for a turn,
/// which would take a worker too: who is turned away asks again, and comes before everybody who was
/// not turned away earlier. Thread-safe.
class Turns {
 public:
  struct Limits {
    std::size_t at_once = 2;
    std::size_t of_one = 1;  // person
  };
  /// So long a place is kept for who was turned away: a little longer than Retry-After says.
  static constexpr std::chrono::seconds kClaimLasts{4};

  /// Outlived by `clock`.
  explicit Turns(const Clock& clock) : Turns(clock, Limits()) {}
  Turns(const Clock& clock, Limits limits) : clock_(clock), limits_(limits) {}

  /// Given back when it ends.
  class Turn {
   public:
    Turn(Turns& turns, PersonId person) : turns_(&turns), person_(person) {}
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
    Turns* turns_;
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
  const Limits limits_;
  std::mutex mutex_;               // guards the rest
  std::vector<PersonId> running_;  // at most limits_.at_once
  std::deque<Claim> claims_;       // of who was turned away, the first one first
};

}  // namespace yagura::api
