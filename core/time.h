#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/result.h"

namespace yagura {

using std::chrono::microseconds;
using std::chrono::milliseconds;

/// Our UTC, what PostgreSQL keeps (timestamptz). Ranges of it are half-open: [from, to).
using WallTime = std::chrono::sys_time<microseconds>;

/// The monotonic clock, for timeouts and for measuring; never stored, never compared across
/// processes.
using MonoTime = std::chrono::time_point<std::chrono::steady_clock, std::chrono::nanoseconds>;

/// Time on a run's own axis, unwrapped, in ticks of 1/90000 s (every video stream that we record
/// uses this timescale). Never added to a wall time: a clip's row pairs one with the other.
struct MediaTime {
  std::int64_t ticks_90k = 0;
  friend auto operator<=>(const MediaTime&, const MediaTime&) = default;
};
inline constexpr std::uint32_t kMediaTimescale = 90'000;

/// Length of [from, to) in microseconds, rounded down.
[[nodiscard]] constexpr microseconds Between(MediaTime from, MediaTime to) {
  return microseconds((to.ticks_90k - from.ticks_90k) * 100 / 9);
}
/// `time` moved by `by`, rounded to the nearest tick.
[[nodiscard]] constexpr MediaTime Advance(MediaTime time, microseconds by) {
  const std::int64_t scaled = by.count() * 9;
  return MediaTime{time.ticks_90k + (scaled >= 0 ? scaled + 50 : scaled - 50) / 100};
}

/// Half-open stretch of wall time.
struct WallRange {
  WallTime from;
  WallTime to;
  friend bool operator==(const WallRange&, const WallRange&) = default;
};
[[nodiscard]] constexpr bool Overlaps(const WallRange& a, const WallRange& b) {
  return a.from < b.to && b.from < a.to;
}

/// "2027-06-15T05:03:22.120000Z": RFC 3339, UTC, always six decimals.
[[nodiscard]] std::string FormatRfc3339(WallTime time);
/// Reads RFC 3339 section 5.6 date-time with any offset and up to nine decimals (cut to
/// microseconds); a time without a zone is kInvalidArgument.
[[nodiscard]] Result<WallTime> ParseRfc3339(std::string_view text);

/// Where time comes from. Passed in, never global. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual WallTime Now() const = 0;
  [[nodiscard]] virtual MonoTime Monotonic() const = 0;
};

/// The machine's clocks.
class SystemClock final : public Clock {
 public:
  [[nodiscard]] WallTime Now() const override;
  [[nodiscard]] MonoTime Monotonic() const override;
};

}  // namespace yagura
