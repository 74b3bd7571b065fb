#include "simulate/fault_plan.h"

#include <algorithm>
#include <utility>

namespace yagura::simulate {

FaultPlan::FaultPlan(const std::vector<Fault>& faults) {
  for (const Fault& fault : faults) {
    steps_.push_back({fault.at, fault, true});
    if (fault.length > milliseconds(0)) steps_.push_back({fault.at + fault.length, fault, false});
  }
  std::ranges::stable_sort(steps_, {},
                           [](const FaultStep& step) { return std::pair(step.at, step.begins); });
}

std::optional<milliseconds> FaultPlan::next() const {
  return done_ < steps_.size() ? std::optional(steps_[done_].at) : std::nullopt;
}

std::vector<FaultStep> FaultPlan::TakeDue(milliseconds at) {
  std::vector<FaultStep> due;
  while (done_ < steps_.size() && steps_[done_].at <= at) due.push_back(steps_[done_++]);
  return due;
}

}  // namespace yagura::simulate
