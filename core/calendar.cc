#include "core/calendar.h"

#include <date/tz.h>

#include <array>
#include <cstdio>
#include <exception>

namespace yagura {

struct OfficeCalendar::Zone {
  const date::time_zone* tz;

  [[nodiscard]] date::local_days DayOf(WallTime time) const {
    return date::floor<date::days>(tz->to_local(time));
  }
  [[nodiscard]] WallTime StartOf(date::local_days day) const {
    return std::chrono::time_point_cast<microseconds>(tz->to_sys(day, date::choose::earliest));
  }
};

Result<OfficeCalendar> OfficeCalendar::Load(const std::string& zone) {
  try {
    return OfficeCalendar(std::make_shared<const Zone>(Zone{date::locate_zone(zone)}));
  } catch (const std::exception&) {
    return Failure(ErrorCode::kInvalidArgument, "no time zone \"" + zone + "\" on this machine");
  }
}

WallTime OfficeCalendar::MidnightBefore(WallTime time) const {
  return zone_->StartOf(zone_->DayOf(time));
}

WallTime OfficeCalendar::MidnightAfter(WallTime time) const {
  return zone_->StartOf(zone_->DayOf(time) + date::days(1));
}

std::string OfficeCalendar::Date(WallTime time) const {
  const date::year_month_day day(zone_->DayOf(time));
  std::array<char, 32> text{};
  const int length =
      std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", static_cast<int>(day.year()),
                    static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
  return {text.data(), static_cast<std::size_t>(length)};
}

}  // namespace yagura
