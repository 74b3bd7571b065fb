#pragma once

#include <cstdint>
#include <optional>

#include "core/access_unit.h"

namespace yagura::ingest {

/// What one camera's sink is told, over all its sessions: access units and, between them, why there
/// are none. Sees to it that recorded time and interruptions tile: an interruption begins where the
/// last delivered frame ended, each reason is told once, where it begins. One thread.
class Delivery {
 public:
  /// The camera is due from `since` on.
  Delivery(AccessUnitSink& sink, WallTime since) : sink_(sink), last_from_(since) {}

  /// The next access unit begins a timeline of this number.
  [[nodiscard]] std::uint32_t BeginTimeline();
  /// `interval`: how long the frame is expected to be shown.
  void Deliver(AccessUnit unit, microseconds interval);
  /// Media stopped, or the reason for its absence changed. `at` matters only where no media flows:
  /// then the reason holds from there on.
  void Interrupt(GapReason reason, WallTime at);

  /// The last thing told was an access unit.
  [[nodiscard]] bool flowing() const { return flowing_; }
  /// The end of the frame shown last, of those delivered in this timeline.
  [[nodiscard]] WallTime media_end() const { return media_end_; }
  [[nodiscard]] std::optional<GapReason> reason() const { return reason_; }
  /// Nothing was told yet.
  [[nodiscard]] bool fresh() const { return !flowing_ && !reason_; }
  [[nodiscard]] WallTime last_from() const { return last_from_; }

 private:
  AccessUnitSink& sink_;
  bool flowing_ = false;
  bool new_timeline_ = false;
  std::uint32_t timeline_ = 0;
  WallTime media_end_{};
  std::optional<GapReason> reason_;
  WallTime last_from_;
};

}  // namespace yagura::ingest
