#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "core/result.h"
#include "core/time.h"

namespace yagura {

/// The office's days. Days, partitions and midnights go by its time zone; instants stay UTC.
/// Immutable, thread-safe.
class OfficeCalendar {
 public:
  /// `zone`: a name of the tz database, such as "Asia/Tokyo"; kInvalidArgument where there is no
  /// such zone.
  [[nodiscard]] static Result<OfficeCalendar> Load(const std::string& zone);

  /// The midnight at or before `time`, and the first one after it.
  [[nodiscard]] WallTime MidnightBefore(WallTime time) const;
  [[nodiscard]] WallTime MidnightAfter(WallTime time) const;
  /// The instant at which the office's clocks show this date and time of day, the first of two
  /// where they were set back; nothing where there is no such date, or they were set past it.
  [[nodiscard]] std::optional<WallTime> At(int year, unsigned month, unsigned day,
                                           std::chrono::seconds of_day) const;
  /// "2027-06-15", the office's date at `time`.
  [[nodiscard]] std::string Date(WallTime time) const;
  /// "2027-06-15T14:03:22+09:00", for people: the office's time of day, cut to seconds.
  [[nodiscard]] std::string Rfc3339(WallTime time) const;

 private:
  struct Zone;
  explicit OfficeCalendar(std::shared_ptr<const Zone> zone) : zone_(std::move(zone)) {}
  std::shared_ptr<const Zone> zone_;
};

}  // namespace yagura
