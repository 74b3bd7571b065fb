#pragma once

#include <functional>
#include <string>
#include <vector>

#include "app/fact_change.h"
#include "office/office.h"

/// Who gains or loses which cameras by a change of people and their posts, as `yagura office
/// import` says it of a whole office.
namespace yagura::app {

[[nodiscard]] Result<office::Office> ReadOffice(const FactChange& facts);

/// What `alter` does to `stored`, in lines for people.
using Alteration = std::function<void(office::Office&)>;
[[nodiscard]] Result<std::vector<std::string>> TellReachOf(const office::Office& stored,
                                                           const Alteration& alter,
                                                           const FactChange& facts);

/// Prints the lines, and that nothing was changed.
[[nodiscard]] int TellPreview(const VerbContext& context, const std::vector<std::string>& reach);

/// Whether a row of the sheet has `key` in its first cell.
[[nodiscard]] bool Knows(const office::Office& office, office::Sheet sheet, const std::string& key);

// Alterations.
[[nodiscard]] Alteration WithAssignment(std::vector<std::string> person_post_unit, WallRange valid);
/// The assignment that begins at `from` ends at `at`.
[[nodiscard]] Alteration WithAssignmentEnded(std::vector<std::string> person_post_unit,
                                             WallTime from, WallTime at);
[[nodiscard]] Alteration WithPersonDisabled(std::string username);

}  // namespace yagura::app
