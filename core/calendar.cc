#include "core/calendar.h"

#include <date/tz.h>

#include <array>
#include <cstdio>
#include <cstdlib>
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

std::optional<WallTime> OfficeCalendar::At(int year, unsigned month, unsigned day,
                                           std::chrono::seconds of_day) const {
  const date::year_month_day when{date::year(year), date::month(month), date::day(day)};
  if (!when.ok()) return std::nullopt;
  const auto local = date::local_days(when) + of_day;
  if (zone_->tz->get_info(local).result == date::local_info::nonexistent) return std::nullopt;
  return std::chrono::time_point_cast<microseconds>(
      zone_->tz->to_sys(local, date::choose::earliest));
}

std::string OfficeCalendar::Date(WallTime time) const {
  const date::year_month_day day(zone_->DayOf(time));
  std::array<char, 32> text{};
  const int length =
      std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", static_cast<int>(day.year()),
                    static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
  return {text.data(), static_cast<std::size_t>(length)};
}

std::string OfficeCalendar::Rfc3339(WallTime time) const {
  const auto seconds = date::floor<std::chrono::seconds>(time);
  const auto offset = zone_->tz->get_info(seconds).offset;
  const date::hh_mm_ss clock(zone_->tz->to_local(seconds) - zone_->DayOf(time));
  const auto offset_min = std::chrono::duration_cast<std::chrono::minutes>(offset).count();
  std::array<char, 32> text{};
  const int length = std::snprintf(
      text.data(), text.size(), "T%02d:%02d:%02d%c%02d:%02d",
      static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
      static_cast<int>(clock.seconds().count()), offset_min < 0 ? '-' : '+',
      static_cast<int>(std::abs(offset_min) / 60), static_cast<int>(std::abs(offset_min) % 60));
  return Date(time) + std::string(text.data(), static_cast<std::size_t>(length));
}

}  // namespace yagura
