#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "core/access_unit.h"
#include "storage/fragment.h"

namespace yagura::storage {

/// A fragment is cut before a frame with which it would last longer than this, so that with one
/// frame more in the reader's hands and the gathering of wake-ups a frame is in the kernel 1 s
/// after it came.
inline constexpr std::int64_t kFragmentSpanMax90k = 60'300;  // 0.67 s
/// Before a keyframe it is cut from this length on: players and playlists start at fragments. Where
/// every frame is one, no place is better than another.
inline constexpr std::int64_t kFragmentSpanMin90k = 36'000;  // 0.4 s
/// No fragment of several frames holds more bytes than this.
inline constexpr std::uint64_t kFragmentBytesMax = 4 * 1024 * 1024;

/// Gathers the access units of one stream into fragments. Pure; copies no frame, and reads each
/// once, for the fragment's checksum, as it comes: later it lies in memory only. A frame's duration
/// is the distance to the next DTS, so the last frame always waits for the next one. One thread.
class FragmentBuilder {
 public:
  /// What follows belongs to `run`. Nothing may be pending.
  void Begin(std::shared_ptr<const Run> run);

  /// Adds `unit`, whose DTS is after that of the one before. Where the fragment so far is full, or
  /// `boundary` asks for a cut before `unit`, that fragment comes back.
  [[nodiscard]] std::optional<Fragment> Add(AccessUnit unit, Boundary boundary);

  /// All that is pending; the last frame lasts until `next`.
  [[nodiscard]] std::optional<Fragment> FlushBefore(MediaTime next);
  /// All that is pending; the last frame lasts as long as the one before it.
  [[nodiscard]] std::optional<Fragment> FlushAll();
  /// All that is pending but the last frame, whose duration nobody knows yet.
  [[nodiscard]] std::optional<Fragment> FlushKnown();
  void Discard();

  [[nodiscard]] bool empty() const { return pending_.empty(); }

 private:
  [[nodiscard]] bool IsFull(const AccessUnit& next) const;
  [[nodiscard]] std::int64_t SpanMax() const;
  [[nodiscard]] std::uint32_t DurationOf(std::size_t index) const;
  void Push(AccessUnit unit);
  [[nodiscard]] Fragment Take(std::size_t count);
  void SetEnd(Fragment& fragment, std::span<const AccessUnit> units);

  std::shared_ptr<const Run> run_;
  std::vector<AccessUnit> pending_;
  std::vector<std::uint32_t> crcs_;           // CRC-32C of what is pending, up to and with each
  Boundary boundary_ = Boundary::kStartsRun;  // of the pending fragment
  std::uint64_t pending_bytes_ = 0;
  std::int64_t nominal_duration_90k_ = 0;
  std::uint32_t sequence_ = 0;    // of the last fragment, runs on through the run
  std::vector<MediaTime> ahead_;  // PTS of frames taken that lie at or after the next DTS
};

}  // namespace yagura::storage
