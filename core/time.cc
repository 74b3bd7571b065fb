#include "core/time.h"

#include <array>
#include <cstdio>

namespace yagura {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::hh_mm_ss;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using std::chrono::year_month_day;

/// Takes characters from the front of a text; once something did not fit, `ok` stays false.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  int Digits(std::size_t count) {
    int value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const char c = Take();
      if (c < '0' || c > '9') ok_ = false;
      value = value * 10 + (c - '0');
    }
    return ok_ ? value : 0;
  }
  void Expect(std::string_view any_of) {
    if (any_of.find(Take()) == std::string_view::npos) ok_ = false;
  }
  char Take() {
    if (text_.empty()) {
      ok_ = false;
      return '\0';
    }
    const char c = text_.front();
    text_.remove_prefix(1);
    return c;
  }
  [[nodiscard]] char Peek() const { return text_.empty() ? '\0' : text_.front(); }
  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] bool done() const { return text_.empty(); }
  void Fail() { ok_ = false; }

 private:
  std::string_view text_;
  bool ok_ = true;
};

microseconds ScanFraction(Scanner& in) {
  if (in.Peek() != '.') return microseconds(0);
  in.Take();
  std::int64_t value = 0;
  int digits = 0;
  while (in.Peek() >= '0' && in.Peek() <= '9' && digits <= 9) {
    const int digit = in.Take() - '0';
    if (digits < 6) value = value * 10 + digit;
    ++digits;
  }
  if (digits == 0 || digits > 9) in.Fail();
  for (int i = digits; i < 6; ++i) value *= 10;
  return microseconds(value);
}

seconds ScanOffset(Scanner& in) {
  const char sign = in.Take();
  if (sign == 'Z' || sign == 'z') return seconds(0);
  if (sign != '+' && sign != '-') in.Fail();
  const int hour = in.Digits(2);
  in.Expect(":");
  const int minute = in.Digits(2);
  if (hour > 23 || minute > 59) in.Fail();
  const seconds offset = hours(hour) + minutes(minute);
  return sign == '-' ? -offset : offset;
}

}  // namespace

std::string FormatRfc3339(WallTime time) {
  const auto day = floor<days>(time);
  const year_month_day date(day);
  const hh_mm_ss<microseconds> clock(time - day);
  std::array<char, 48> text{};
  const int length = std::snprintf(
      text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%06dZ",
      static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
      static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
      static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()),
      static_cast<int>(clock.subseconds().count()));
  return {text.data(), static_cast<std::size_t>(length)};
}

Result<WallTime> ParseRfc3339(std::string_view text) {
  Scanner in(text);
  const int year = in.Digits(4);
  in.Expect("-");
  const int month = in.Digits(2);
  in.Expect("-");
  const int day = in.Digits(2);
  in.Expect("Tt ");
  const int hour = in.Digits(2);
  in.Expect(":");
  const int minute = in.Digits(2);
  in.Expect(":");
  const int second = in.Digits(2);
  const microseconds fraction = ScanFraction(in);
  const seconds offset = ScanOffset(in);
  const year_month_day date{std::chrono::year(year),
                            std::chrono::month(static_cast<unsigned>(month)),
                            std::chrono::day(static_cast<unsigned>(day))};
  if (!in.ok() || !in.done() || !date.ok() || hour > 23 || minute > 59 || second > 60) {
    return Failure(
        Error(ErrorCode::kInvalidArgument,
              "expected an RFC 3339 time with a zone, such as 2027-06-15T14:03:22+09:00")
            .WithPublicMessage(
                "expected an RFC 3339 time with a zone, such as 2027-06-15T14:03:22+09:00"));
  }
  return WallTime(std::chrono::sys_days(date)) + hours(hour) + minutes(minute) + seconds(second) +
         fraction - offset;
}

WallTime SystemClock::Now() const {
  return std::chrono::floor<microseconds>(std::chrono::system_clock::now());
}

MonoTime SystemClock::Monotonic() const { return std::chrono::steady_clock::now(); }

}  // namespace yagura
