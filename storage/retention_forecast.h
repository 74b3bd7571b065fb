#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/calendar.h"
#include "storage/retention_terms.h"

/// What terms of retention will take, day by day: pure.
namespace yagura::storage {

/// Clips of a camera on a floor that end within one hour, told by the latest end.
struct StoredHour {
  CameraId camera;
  FloorId floor;
  WallTime end{};
  std::uint64_t clips = 0;  // held ones apart
  std::uint64_t bytes = 0;
  std::uint64_t held_clips = 0;
};

/// What goes by age on one of the office's days.
struct DueDay {
  std::string date;
  std::uint64_t clips = 0;
  std::uint64_t bytes = 0;
  std::uint64_t sooner_clips = 0;  // of them, those that would stay longer without the change
  friend bool operator==(const DueDay&, const DueDay&) = default;
};

/// What of `stored` goes when by `terms`, in the order of days, and what of it goes sooner than by
/// `before`. Held clips go on no day.
[[nodiscard]] std::vector<DueDay> ForecastDeletions(const std::vector<StoredHour>& stored,
                                                    const RetentionTerms& before,
                                                    const RetentionTerms& terms, WallTime now,
                                                    const OfficeCalendar& calendar);

}  // namespace yagura::storage
