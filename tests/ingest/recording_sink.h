#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>
#include <ostream>
#include <utility>
#include <variant>
#include <vector>

#include "core/access_unit.h"

namespace yagura {

/// For GoogleTest's messages.
inline void PrintTo(GapReason reason, std::ostream* out) { *out << ToString(reason); }

}  // namespace yagura

namespace yagura::testing {

struct Interruption {
  GapReason reason;
  WallTime from;
};

/// What has to come some time: longer than any machine is busy.
inline constexpr std::chrono::seconds kPatience{60};

/// Keeps all that a camera's sink is told. Thread-safe.
class RecordingSink final : public AccessUnitSink {
 public:
  using Event = std::variant<AccessUnit, Interruption>;

  void OnAccessUnit(AccessUnit unit) override { Add(std::move(unit)); }
  void OnInterruption(GapReason reason, WallTime from) override { Add(Interruption{reason, from}); }

  [[nodiscard]] std::vector<Event> events() const {
    const std::scoped_lock lock(mutex_);
    return events_;
  }
  [[nodiscard]] std::vector<AccessUnit> units() const { return Only<AccessUnit>(); }
  [[nodiscard]] std::vector<Interruption> interruptions() const { return Only<Interruption>(); }
  [[nodiscard]] std::vector<GapReason> reasons() const {
    std::vector<GapReason> reasons;
    for (const Interruption& interruption : interruptions()) reasons.push_back(interruption.reason);
    return reasons;
  }

  /// Waits until the events satisfy `condition`; false where they do not in time.
  [[nodiscard]] bool WaitUntil(const std::function<bool(const std::vector<Event>&)>& condition,
                               std::chrono::seconds timeout = kPatience) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, timeout, [&] { return condition(events_); });
  }
  /// Waits for `count` more access units than there are now.
  [[nodiscard]] bool WaitForMoreUnits(std::size_t count) {
    return WaitForUnits(units().size() + count);
  }
  [[nodiscard]] bool WaitForUnits(std::size_t wanted) {
    return WaitUntil([wanted](const std::vector<Event>& events) {
      std::size_t units = 0;
      for (const Event& event : events) units += std::holds_alternative<AccessUnit>(event) ? 1 : 0;
      return units >= wanted;
    });
  }
  [[nodiscard]] bool WaitForReason(GapReason reason, std::chrono::seconds timeout = kPatience) {
    return WaitForReasons(reason, 1, timeout);
  }
  /// Waits until this reason was told `count` times in all.
  [[nodiscard]] bool WaitForReasons(GapReason reason, std::size_t count,
                                    std::chrono::seconds timeout = kPatience) {
    const auto is_it = [reason](const Event& event) {
      const auto* interruption = std::get_if<Interruption>(&event);
      return interruption != nullptr && interruption->reason == reason;
    };
    return WaitUntil(
        [&](const std::vector<Event>& events) {
          return static_cast<std::size_t>(std::count_if(events.begin(), events.end(), is_it)) >=
                 count;
        },
        timeout);
  }

 private:
  void Add(Event event) {
    const std::scoped_lock lock(mutex_);
    events_.push_back(std::move(event));
    changed_.notify_all();
  }
  template <class T>
  [[nodiscard]] std::vector<T> Only() const {
    const std::scoped_lock lock(mutex_);
    std::vector<T> found;
    for (const Event& event : events_) {
      if (const T* wanted = std::get_if<T>(&event)) found.push_back(*wanted);
    }
    return found;
  }

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Event> events_;
};

}  // namespace yagura::testing
