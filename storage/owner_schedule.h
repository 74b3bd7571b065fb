#pragma once

#include <optional>
#include <vector>

#include "core/calendar.h"
#include "core/time.h"
#include "storage/journal_records.h"

namespace yagura::storage {

/// From `from` on, until the next span begins, footage of the camera is this unit's and floor's.
struct OwnerSpan {
  WallTime from{};
  UnitId unit;
  FloorId floor;
  friend bool operator==(const OwnerSpan&, const OwnerSpan&) = default;
};

/// Whose footage a camera records at each instant, and when that or the office's day changes.
/// Immutable.
class OwnerSchedule {
 public:
  /// `spans` in any order; of two that begin at the same instant the later in the list counts.
  OwnerSchedule(std::vector<OwnerSpan> spans, OfficeCalendar calendar);

  /// Nothing before the first span: the camera is not due yet.
  [[nodiscard]] std::optional<Owner> At(WallTime time) const;
  /// The first instant after `time` at which the owner changes or a day begins: runs are rolled and
  /// gaps are split there.
  [[nodiscard]] WallTime NextChange(WallTime time) const;
  /// The first span; nothing without spans.
  [[nodiscard]] std::optional<OwnerSpan> First() const;

 private:
  std::vector<OwnerSpan> spans_;  // by `from`; neighbours differ
  OfficeCalendar calendar_;
};

}  // namespace yagura::storage
