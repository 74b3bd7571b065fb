#include <charconv>
#include <cstdio>
#include <optional>
#include <vector>

#include "office/office.h"

namespace yagura::office {
namespace {

constexpr std::size_t kInstantSizeMax = 40;
constexpr int kYearMin = 1900;
constexpr int kYearMax = 2999;

/// Reads 1 to `digits_max` digits off the front.
std::optional<unsigned> TakeNumber(std::string_view& text, std::size_t digits_max) {
  unsigned value = 0;
  const auto [end, failure] =
      std::from_chars(text.data(), text.data() + std::min(text.size(), digits_max), value);
  if (failure != std::errc()) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

bool Take(std::string_view& text, char expected) {
  if (!text.starts_with(expected)) return false;
  text.remove_prefix(1);
  return true;
}

/// "9:30" or "09:30:15", to its end.
std::optional<std::chrono::seconds> ReadTimeOfDay(std::string_view text) {
  const auto hour = TakeNumber(text, 2);
  if (!hour || !Take(text, ':')) return std::nullopt;
  const auto minute = TakeNumber(text, 2);
  const auto second = Take(text, ':') ? TakeNumber(text, 2) : std::optional(0U);
  if (!minute || !second || !text.empty() || *hour > 23 || *minute > 59 || *second > 59) {
    return std::nullopt;
  }
  return std::chrono::hours(*hour) + std::chrono::minutes(*minute) + std::chrono::seconds(*second);
}

/// A date, and perhaps a time of day, of the office.
std::optional<WallTime> ReadLocal(std::string_view text, const OfficeCalendar& calendar) {
  const auto year = TakeNumber(text, 4);
  if (!year || *year < kYearMin || *year > kYearMax || text.empty()) return std::nullopt;
  const char between = text.front();
  if (between != '-' && between != '/') return std::nullopt;
  text.remove_prefix(1);
  const auto month = TakeNumber(text, 2);
  if (!month || !Take(text, between)) return std::nullopt;
  const auto day = TakeNumber(text, 2);
  if (!day) return std::nullopt;
  std::optional<std::chrono::seconds> of_day(0);
  if (!text.empty()) of_day = Take(text, ' ') ? ReadTimeOfDay(text) : std::nullopt;
  if (!of_day) return std::nullopt;
  return calendar.At(static_cast<int>(*year), *month, *day, *of_day);
}

bool IsInRange(WallTime time) {
  using std::chrono::year;
  return time >= std::chrono::sys_days(year(kYearMin) / 1 / 1) &&
         time < std::chrono::sys_days(year(kYearMax + 1) / 1 / 1);
}

}  // namespace

std::string WriteInstant(WallTime time, const OfficeCalendar& calendar) {
  if (time == WallTime::min() || time == WallTime::max()) return "";
  if (calendar.MidnightBefore(time) == time) return calendar.Date(time);
  std::string text = calendar.Rfc3339(time);
  const auto fraction = time - std::chrono::floor<std::chrono::seconds>(time);
  if (fraction.count() == 0) return text;
  std::string digits = std::to_string(1'000'000 + fraction.count());
  digits.front() = '.';
  return text.insert(text.find('T') + std::string_view("T00:00:00").size(), digits);
}

std::optional<WallTime> ReadInstant(std::string_view text, const OfficeCalendar& calendar) {
  if (text.size() > kInstantSizeMax) return std::nullopt;
  if (text.find('T') == std::string_view::npos) return ReadLocal(text, calendar);
  const auto read = ParseRfc3339(text);
  if (!read.has_value() || !IsInRange(*read)) return std::nullopt;
  return *read;
}

}  // namespace yagura::office
