#pragma once

#include <map>
#include <string>
#include <vector>

namespace yagura::app {

/// One family of what a process tells Prometheus, as its text format (version 0.0.4) knows them.
/// Names end in their unit; those of counters in "_total".
struct Metric {
  enum class Kind { kGauge, kCounter };
  struct Sample {
    std::map<std::string, std::string> labels;  // ids and names of states; nothing of people
    double value = 0;
  };
  std::string name;
  std::string help;
  Kind kind = Kind::kGauge;
  std::vector<Sample> samples;
};

}  // namespace yagura::app
