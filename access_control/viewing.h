#pragma once

#include <string>
#include <vector>

#include "access_control/action.h"
#include "core/ids.h"
#include "core/result.h"
#include "core/time.h"

namespace yagura::access_control {

inline constexpr std::chrono::minutes kViewingMax{10};

/// That one person may be handed pictures of one camera's interval, stored before it exists. Only
/// the gate makes them (Permit::OpenViewing), and whoever sends bytes asks for one. A copyable
/// value; it ends when the interval has been left, when the session ends, or when Gate::Recheck
/// says so.
class Viewing {
 public:
  [[nodiscard]] ViewingId id() const { return id_; }
  [[nodiscard]] PersonId person() const { return person_; }
  [[nodiscard]] SessionId session() const { return session_; }
  [[nodiscard]] CameraId camera() const { return camera_; }
  /// Whose footage it is; of a staged camera that nobody is in charge of, zeros.
  [[nodiscard]] UnitId unit() const { return unit_; }
  [[nodiscard]] Action action() const { return action_; }
  [[nodiscard]] const WallRange& interval() const { return interval_; }
  /// Whether `footage` is of this camera and wholly inside the interval.
  [[nodiscard]] bool Covers(const Footage& footage) const {
    return footage.camera == camera_ && interval_.from <= footage.range.from &&
           footage.range.to <= interval_.to;
  }

 private:
  friend class Permit;
  Viewing() = default;
  ViewingId id_;
  PersonId person_;
  SessionId session_;
  CameraId camera_;
  UnitId unit_;
  Action action_ = Action::kFootagePlay;
  WallRange interval_;
};

/// What was really handed out under a viewing since the last report.
struct Delivery {
  ViewingId viewing;
  std::vector<WallRange> intervals;  // exact, in order, disjoint
  std::uint64_t bytes = 0;
  bool last = false;  // nothing more follows under this viewing
};

}  // namespace yagura::access_control
