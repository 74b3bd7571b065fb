#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <utility>
#include <vector>

#include "core/time.h"
#include "ingest/join_pace.h"

namespace yagura::ingest {

/// Whose pull worker may start next, over all cameras of a recorder: some together, then one after
/// the other, in the order in which they came. But whoever is expected to be there goes before
/// those that came to nothing last time, which nothing but a start tells to be back: while both
/// wait, these have each fourth turn, else all. Thread-safe.
class WorkerTurns {
 public:
  enum class Standing : std::uint8_t {
    kExpected,  // footage came of its last worker, or it had none
    kAbsent,
  };
  static constexpr std::size_t kExpectedInARow = 3;

  /// In the queue for as long as it stands, or until its turn was taken. The turns outlive it.
  class Place {
   public:
    Place(WorkerTurns& turns, Standing standing)
        : turns_(turns), standing_(standing), number_(turns.Enter(standing)) {}
    ~Place() { turns_.Leave(*this); }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

   private:
    friend class WorkerTurns;
    WorkerTurns& turns_;
    const Standing standing_;
    const std::uint64_t number_;
  };

  explicit WorkerTurns(JoinPace::Pace pace) : pace_(pace) {}

  /// Whether its turn has come; then it is taken, and the place is to be given up. To be asked
  /// again and again, at_once times `each` apart at most.
  [[nodiscard]] bool Take(const Place& place, MonoTime now) {
    const std::scoped_lock lock(mutex_);
    const MonoTime earliest = now - pace_.at_once * pace_.each;
    const auto turns = (now - std::max(last_, earliest)) / pace_.each;
    if (TurnsBefore(place) >= static_cast<std::size_t>(std::max<std::int64_t>(turns, 0)))
      return false;
    last_ = std::max(last_, earliest) + pace_.each;
    const bool expected = place.standing_ == Standing::kExpected;
    in_a_row_ = expected ? std::min(in_a_row_ + 1, kExpectedInARow) : 0;
    std::erase(Waiting(place.standing_), place.number_);
    return true;
  }
  /// Of turns that are taken from now on.
  void Set(JoinPace::Pace pace) {
    const std::scoped_lock lock(mutex_);
    pace_ = pace;
  }

 private:
  using Numbers = std::vector<std::uint64_t>;  // rising

  std::uint64_t Enter(Standing standing) {
    const std::scoped_lock lock(mutex_);
    Waiting(standing).push_back(++entered_);
    return entered_;
  }
  void Leave(const Place& place) {
    const std::scoped_lock lock(mutex_);
    std::erase(Waiting(place.standing_), place.number_);
  }
  [[nodiscard]] Numbers& Waiting(Standing standing) {
    return standing == Standing::kExpected ? expected_ : absent_;
  }
  /// Of others, before this one's.
  [[nodiscard]] std::size_t TurnsBefore(const Place& place) {
    const Numbers& same = Waiting(place.standing_);
    const auto ahead =
        static_cast<std::size_t>(std::ranges::lower_bound(same, place.number_) - same.begin());
    if (place.standing_ == Standing::kExpected)
      return ahead + std::min(absent_.size(), (ahead + in_a_row_) / kExpectedInARow);
    return ahead + std::min(expected_.size(), kExpectedInARow * (ahead + 1) - in_a_row_);
  }

  std::mutex mutex_;  // guards all
  JoinPace::Pace pace_;
  MonoTime last_{};  // the turn taken last
  std::uint64_t entered_ = 0;
  Numbers expected_;
  Numbers absent_;
  std::size_t in_a_row_ = 0;  // turns of expected ones, kExpectedInARow at most
};

}  // namespace yagura::ingest
