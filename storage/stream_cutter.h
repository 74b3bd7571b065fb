#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <variant>
#include <vector>

#include "core/access_unit.h"
#include "storage/fragment.h"
#include "storage/fragment_builder.h"
#include "storage/lived_time.h"
#include "storage/owner_schedule.h"

namespace yagura::storage {

/// A clip ends before the first keyframe from this length on (half a second early: GOPs rarely
/// divide a minute exactly) ...
inline constexpr std::int64_t kClipTarget90k = 90'000 * 59 + 45'000;
/// ... and with none by this length, at a fragment. 110 s and the longest frame stay under 120 s.
inline constexpr std::int64_t kClipMax90k = 90'000 * 110;
/// A change of owner or day that finds no keyframe for this long takes effect between two
/// keyframes.
inline constexpr microseconds kRollPatience = std::chrono::seconds(10);
/// No frame lasts longer: what comes after such a pause is a new run.
inline constexpr std::int64_t kFrameMax90k = 90'000 * 8;

/// From `from` (or the end of what is stored, where that is later known) nothing is recorded.
struct Interruption {
  GapReason reason = GapReason::kWaitingForKeyframe;
  WallTime from{};
  friend bool operator==(const Interruption&, const Interruption&) = default;
};

/// What a stream comes to: a fragment that starts a run goes on where the run before ended, unless
/// there was an interruption between.
using StreamEvent = std::variant<Fragment, Interruption>;

/// Cuts one stream into runs, clips and fragments, by the rules of docs/design/clip-format.md:
/// - a run ends at an interruption, a change of timeline or format (keyframe), of owner or day
///   (first keyframe at or after it; after 10 s without one, at the next frame);
/// - a clip ends with its run, before the first keyframe from 59.5 s on, or at 110 s;
/// - a run starts with a keyframe, except where it goes on from another after 10 s.
///
/// Pure but for run ids. One thread.
class StreamCutter {
 public:
  struct Options {
    CameraId camera;
    Stream stream = Stream::kMain;
    std::function<RunId()> new_run_id;
    std::function<ClockState()> clock_state;
  };
  /// `recorded_until`: the end of what is stored of this stream already. Runs that begin, and
  /// clips that lie, in a time with footage are marked as repeated time.
  StreamCutter(Options options, OwnerSchedule owners, WallTime recorded_until);

  using Events = std::vector<StreamEvent>;
  void OnAccessUnit(AccessUnit unit, Events& events);
  void OnInterruption(GapReason reason, WallTime from, Events& events);
  void SetOwners(OwnerSchedule owners);

  /// The stream ends: hands out all frames.
  void Finish(Events& events);
  /// Hands out all frames whose duration is known.
  void FlushKnown(Events& events);
  /// Another run begins, without a gap, at the next keyframe; with none within 10 s, at the next
  /// frame.
  void RollRun();
  /// What is pending is lost, the run is over, and whoever calls has seen to the gap: the next run
  /// starts at the next keyframe.
  void AbandonRun();
  /// 0 outside a run.
  [[nodiscard]] std::uint64_t run_ordinal() const { return run_ ? run_->ordinal : 0; }

 private:
  enum class Next { kContinue, kNewClip, kNewRun, kBreak };
  [[nodiscard]] std::optional<Owner> OwnerAt(WallTime time) const;
  [[nodiscard]] Next Decide(const AccessUnit& unit) const;
  [[nodiscard]] bool GoesOn(const AccessUnit& unit) const;
  [[nodiscard]] bool IsRepeated(WallTime clip_start) const;
  void StartRun(const AccessUnit& unit, const Owner& owner);
  void Append(AccessUnit unit, Boundary boundary, Events& events);
  void Wait(const AccessUnit& unit, Events& events);
  void Emit(std::optional<Fragment> fragment, Events& events);

  Options options_;
  OwnerSchedule owners_;
  FragmentBuilder builder_;
  std::shared_ptr<const Run> run_;
  std::shared_ptr<const StreamFormat> format_;  // of the run, as ingest gave it
  std::uint64_t last_ordinal_ = 0;
  std::uint32_t timeline_ = 0;
  MediaTime last_dts_;
  WallTime last_wall_{};
  MediaTime clip_dts_;   // first of the clip
  WallTime run_wall_{};  // first of the run
  WallTime roll_at_{};   // when the run's owner or day ends
  LivedTime lived_;
  bool waiting_ = false;  // for a keyframe, and said so
};

}  // namespace yagura::storage
