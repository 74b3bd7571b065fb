#include "storage/volume_standing.h"

#include <algorithm>

namespace yagura::storage {
namespace {

/// From there on the oldest goes for space (kHighMarkPermille).
constexpr double kShareKeptFree = 0.05;

double Seconds(microseconds time) { return std::chrono::duration<double>(time).count(); }

WallTime After(WallTime now, double seconds) {
  return now + std::chrono::round<std::chrono::seconds>(std::chrono::duration<double>(seconds));
}

/// Whether that share of the capacity is exceeded.
bool IsAbove(std::uint64_t used_bytes, std::uint64_t capacity_bytes, int percent) {
  return static_cast<double>(used_bytes) * 100 > static_cast<double>(capacity_bytes) * percent;
}

}  // namespace

int FillMark(std::uint64_t used_bytes, std::uint64_t capacity_bytes, int before) {
  int mark = 0;
  for (const int percent : kFillMarks) {
    const int limit = percent <= before ? percent - kFillMarkSlack : percent;
    if (IsAbove(used_bytes, capacity_bytes, limit)) mark = percent;
  }
  return mark;
}

std::vector<int> MarksPassed(int before, int now) {
  std::vector<int> passed;
  std::copy_if(kFillMarks.begin(), kFillMarks.end(), std::back_inserter(passed),
               [&](int mark) { return before < mark && mark <= now; });
  return passed;
}

std::optional<WallTime> FullAt(const Filling& filling, WallTime now) {
  const double room = static_cast<double>(filling.free_bytes) -
                      static_cast<double>(filling.capacity_bytes) * kShareKeptFree;
  const double in_per_s = static_cast<double>(filling.bytes_per_day) / 86'400;
  if (room <= 0) return now;
  if (in_per_s <= 0) return std::nullopt;
  const microseconds age = filling.oldest ? now - *filling.oldest : microseconds(0);
  // Until the oldest reaches its term nothing goes; then as fast as it came.
  const double until_term_s = std::max(0.0, Seconds(filling.keep - age));
  if (room <= in_per_s * until_term_s) return After(now, room / in_per_s);
  const double age_s = std::max(1.0, Seconds(age));
  const double net_per_s = in_per_s - static_cast<double>(filling.stored_bytes) / age_s;
  if (net_per_s <= 0) return std::nullopt;
  const double more_s = (room - in_per_s * until_term_s) / net_per_s;
  if (more_s >= age_s) return std::nullopt;  // by then what goes is what comes now
  return After(now, until_term_s + more_s);
}

}  // namespace yagura::storage
