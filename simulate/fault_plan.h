#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "simulate/fault_script.h"

namespace yagura::simulate {

/// One end of a fault. Those without a length have only a beginning.
struct FaultStep {
  milliseconds at{};
  Fault fault;
  bool begins = true;
};

/// A script's steps in the order of time; at one instant ends come before beginnings, and otherwise
/// the script's order counts. Pure; one thread.
class FaultPlan {
 public:
  explicit FaultPlan(const std::vector<Fault>& faults);

  /// When the next step is due, since the farm's start; nothing: none is left.
  [[nodiscard]] std::optional<milliseconds> next() const;
  /// The steps due by `at`, each once.
  [[nodiscard]] std::vector<FaultStep> TakeDue(milliseconds at);

 private:
  std::vector<FaultStep> steps_;
  std::size_t done_ = 0;
};

}  // namespace yagura::simulate
