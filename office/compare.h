#pragma once

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "core/time.h"
#include "office/office.h"
#include "office/problem.h"

namespace yagura::office {

/// A row that is new, or that is no more as it is stored.
struct RowChange {
  Sheet sheet;
  std::optional<Row> before;  // nothing: added
  Row after;
  std::vector<std::size_t> columns;  // which cells differ; none where it is added
};

struct Comparison {
  std::vector<RowChange> changes;  // by sheet, in the order of `wanted`
  /// Stored, but not wanted.
  std::vector<std::pair<Sheet, Row>> gone;
  [[nodiscard]] bool empty() const { return changes.empty() && gone.empty(); }
};

/// What it would take to make `stored` into `wanted`; both as CheckOffice wants them. A cell of a
/// column that its file lacks is what is stored, in a new row what an empty one would be. Pure.
[[nodiscard]] Comparison Compare(const Office& stored, const Office& wanted);

/// Why the comparison can't be carried out at `now`: what is stored is never taken back, and what
/// is past never rewritten. A stored camera's placements, charges and states change at the earliest
/// fleet::kEffectDelay from now; a camera that is new may have had any. Pure.
[[nodiscard]] Problems CheckComparison(const Comparison& comparison, const Office& stored,
                                       const Office& wanted, WallTime now);

/// The first instant, not before `now`, at which the recorder must know of one of the changes.
[[nodiscard]] std::optional<WallTime> FirstEffect(const Comparison& comparison, WallTime now);

}  // namespace yagura::office
