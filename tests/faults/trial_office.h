#pragma once

#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "core/access_unit.h"
#include "core/ids.h"
#include "core/time.h"
#include "storage/owner_schedule.h"
#include "tests/faults/trial_log_posix.h"

namespace yagura::testing {

/// Draws that are the same everywhere.
class Draws {
 public:
  explicit Draws(std::uint64_t seed) : engine_(seed) {}
  /// In [least, most].
  std::int64_t Between(std::int64_t least, std::int64_t most) {
    return least +
           static_cast<std::int64_t>(engine_() % static_cast<std::uint64_t>(most - least + 1));
  }
  bool OneIn(std::int64_t count) { return Between(1, count) == 1; }

 private:
  std::mt19937_64 engine_;
};

/// One camera of a trial. Each frame's bytes are its own and follow from camera and number:
/// tests/faults/frames.py makes the same ones.
class TrialCamera {
 public:
  TrialCamera(int number, std::uint64_t seed, WallTime begin);

  [[nodiscard]] int number() const { return number_; }
  [[nodiscard]] CameraId id() const;
  /// Who is in charge, as far as it is known at `now`.
  [[nodiscard]] std::vector<storage::OwnerSpan> OwnersKnownAt(WallTime now) const;
  /// A recorder begins at `now`; its frames are numbered from `first_frame` on.
  void Connect(std::shared_ptr<AccessUnitSink> sink, WallTime now, int first_frame);
  /// Sends what was captured until `now`, and is away when it is; each frame is told to the log
  /// first, and once the recorder lets go of it.
  void SendUntil(WallTime now, const TrialLog& log);

 private:
  struct Away {
    WallTime from{};
    WallTime to{};
  };
  struct OwnerChange {
    storage::OwnerSpan span;
    WallTime known_at{};
  };
  void Plan(Draws& draws);
  void BeginSession(WallTime at);
  [[nodiscard]] std::size_t SizeOf(int frame, bool keyframe) const;
  [[nodiscard]] AccessUnit Next(const TrialLog& log);
  [[nodiscard]] WallTime WallOfNext() const;

  const int number_;
  const WallTime begin_;
  int fps_ = 10;
  int gop_ = 10;
  std::size_t keyframe_bytes_ = 1000;
  std::size_t frame_bytes_ = 300;
  std::vector<Away> aways_;
  std::vector<OwnerChange> owners_;

  std::shared_ptr<AccessUnitSink> sink_;
  std::shared_ptr<const StreamFormat> format_;
  std::size_t next_away_ = 0;
  bool is_away_ = false;
  int next_frame_ = 0;
  int in_session_ = 0;
  WallTime session_{};
  std::uint32_t timeline_ = 0;
};

/// The cameras of the trial of this seed: four to eight, two in three trials with one whose frames
/// are large, as those that go past the page cache are.
[[nodiscard]] std::vector<TrialCamera> CamerasOf(std::uint64_t seed, WallTime begin);

}  // namespace yagura::testing
