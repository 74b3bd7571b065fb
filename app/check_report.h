#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/agreement.h"
#include "app/checksum_check.h"
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
  std::optional<std::size_t> objects;  // clips in the object store; nothing: there is none
  std::optional<ReadSoFar> checksums;  // nothing: they were not asked for
  bool with_sent_log = false;
  SentVerdict sent;  // summed over all cameras
  std::vector<Disagreement> disagreements;
};

/// {"rows", "files", …, "disagreements": how many, "kinds": how many of each,
/// "found": the first hundred of them}.
[[nodiscard]] Json ToJson(const CheckReport& report);
/// The same for a person, a line each; after the counts the disagreements, of each kind the first
/// twenty, and what to do about them.
[[nodiscard]] std::string ToText(const CheckReport& report, const Messages& say);

}  // namespace yagura::app
