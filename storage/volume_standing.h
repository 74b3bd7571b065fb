#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/ids.h"
#include "core/time.h"

/// How full a volume is, and when it will be: pure. Whoever measures: volume_standing_pg.h.
namespace yagura::storage {

/// In percent of what a volume can hold: whoever looks after it is told when it comes above each.
inline constexpr std::array<int, 3> kFillMarks{70, 85, 95};
/// A mark is behind again only this much below it.
inline constexpr int kFillMarkSlack = 2;

/// The highest mark that a volume is above, 0 below all. `before`: what this said last.
[[nodiscard]] int FillMark(std::uint64_t used_bytes, std::uint64_t capacity_bytes, int before);
/// The marks from `before`, exclusive, to `now`, lowest first: one alarm each.
[[nodiscard]] std::vector<int> MarksPassed(int before, int now);

/// What a forecast goes by.
struct Filling {
  std::uint64_t stored_bytes = 0;
  std::uint64_t capacity_bytes = 0;
  std::uint64_t free_bytes = 0;     // of the capacity
  std::uint64_t bytes_per_day = 0;  // recorded there
  std::optional<WallTime> oldest;   // of its footage
  microseconds keep{};              // the term
};

/// When footage will have to go there before its term is over (95 % are taken then), if what is
/// recorded goes on as it was measured; nothing: it is enough for the term. Taken to be spread
/// evenly is what lies there by now.
[[nodiscard]] std::optional<WallTime> FullAt(const Filling& filling, WallTime now);

struct VolumeStanding {
  VolumeId id;
  std::string path;
  std::uint64_t stored_bytes = 0;
  std::uint64_t stored_clips = 0;
  /// As `yagura keep` saw it last; nothing: it has not seen it yet.
  std::optional<std::uint64_t> capacity_bytes;
  std::optional<std::uint64_t> free_bytes;  // of it
  std::optional<std::uint64_t> bytes_per_day;
  std::optional<WallTime> seen_at;
  int mark_percent = 0;  // FillMark
  std::optional<WallTime> full_since;
  std::optional<WallTime> oldest;   // start of its oldest clip
  std::optional<WallTime> full_at;  // FullAt, where capacity and rate are known
};

}  // namespace yagura::storage
