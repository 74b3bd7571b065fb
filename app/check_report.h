#pragma once

#include <string>
#include <vector>

#include "app/agreement.h"
#include "app/messages.h"
#include "app/sent_check.h"
#include "core/json.h"

namespace yagura::app {

/// What `yagura check` found.
struct CheckReport {
  AgreementCounts counts;
  microseconds due{};
  microseconds recorded{};
  microseconds in_gaps{};
  bool with_sent_log = false;
  SentVerdict sent;  // summed over all cameras
  std::vector<Disagreement> disagreements;
};

/// {"rows", "files", …, "disagreements": how many, "found": the first hundred of them}.
[[nodiscard]] Json ToJson(const CheckReport& report);
/// The same for a person, a line each, the disagreements after the counts.
[[nodiscard]] std::string ToText(const CheckReport& report, const Messages& say);

}  // namespace yagura::app
