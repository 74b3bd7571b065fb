#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ingest/video_track.h"
#include "storage/recorder_core.h"
#include "tests/ingest/h264_stream.h"
#include "tests/storage/catalogue_model.h"
#include "tests/support/fake_clock.h"
#include "tests/support/memory_files.h"

namespace yagura::testing {

/// Ingest and storage joined as the program joins them, on files in memory and a clock that a test
/// sets; cameras of ten frames a second in front, a catalogue behind, and the judge of what is
/// left.
class SteppedOffice {
 public:
  explicit SteppedOffice(int cameras);

  /// Time passes: cameras send, all is recorded.
  void Run(milliseconds time);
  /// Somebody sets our clock.
  void StepOurs(microseconds by) { clock_.StepWall(by); }
  /// Somebody sets a camera's clock: RTP timestamps and sender reports jump.
  void StepCameras(int camera, microseconds by);
  /// A camera's clock is off by `by` for its sender reports, and runs fast.
  void SetCamera(int camera, microseconds off, double drift_ppm);
  /// The camera goes away, until Join().
  void Leave(int camera);
  void Join(int camera);
  void Stop();

  /// What is wrong, one line each: frames not stored exactly once, rows without their bytes,
  /// durations below zero, clips of a run that overlap or leave holes, footage of a time lived
  /// twice that isn't marked so, marks without a reason, time between first and last row that
  /// nothing accounts for.
  [[nodiscard]] std::vector<std::string> Problems();

  struct Counts {
    std::size_t frames = 0;
    std::size_t runs = 0;
    std::size_t clips = 0;
    std::size_t repeated_clips = 0;
    std::size_t gaps = 0;
  };
  [[nodiscard]] Counts counts() const;
  /// "camera_unreachable 10.0-12.5" of a camera, in the order in which they were told.
  [[nodiscard]] std::vector<std::string> Gaps(int camera) const;
  [[nodiscard]] FakeClock& clock() { return clock_; }

 private:
  struct Camera {
    CameraId id;
    std::shared_ptr<AccessUnitSink> sink;
    std::unique_ptr<ingest::Delivery> delivery;
    std::unique_ptr<ingest::VideoTrack> track;  // nothing while it is away
    RtpWriter rtp;
    MonoTime next_frame{};
    int frame = 0;
    double ahead_us = 0;  // of its clock, with drift
    double drift_ppm = 0;
    std::map<Bytes, int> sent;  // while it was there, and how often stored
  };
  void Send(Camera& camera);
  void CheckFrames(std::vector<std::string>& problems);
  void CheckRuns(std::vector<std::string>& problems) const;
  void CheckMarks(const Camera& camera, std::vector<std::string>& problems) const;
  void CheckTiling(const Camera& camera, std::vector<std::string>& problems) const;
  [[nodiscard]] std::string Text(const WallRange& range) const;
  void ReadRows();

  FakeClock clock_;
  const WallTime begun_ = clock_.Now();
  MemoryFiles files_{[this] { return clock_.Now(); }};
  OfficeCalendar calendar_ = *OfficeCalendar::Load("Asia/Tokyo");
  std::unique_ptr<storage::RecorderCore> recorder_;
  CatalogueModel catalogue_;
  std::vector<storage::ClipOpened> opened_;  // in the order of the journal
  std::vector<storage::GapOpened> gaps_opened_;
  storage::JournalPosition position_;
  std::vector<Camera> cameras_;
  int ticks_ = 0;
};

}  // namespace yagura::testing
