#pragma once

#include <chrono>

#include "app/verb.h"

namespace yagura::app {

/// Tells who waits for a long command how far it is: every few seconds, beside what is printed.
class Progress {
 public:
  explicit Progress(const VerbContext& context)
      : context_(context), next_(context.clock.Monotonic() + kEach) {}

  /// A line with what `how_far` gives, where it is time for one.
  template <class HowFar>
  void Tell(const HowFar& how_far) {
    const MonoTime now = context_.clock.Monotonic();
    if (now < next_) return;
    next_ = now + kEach;
    context_.Note(how_far());
  }

 private:
  static constexpr std::chrono::seconds kEach{5};
  const VerbContext& context_;
  MonoTime next_;
};

}  // namespace yagura::app
