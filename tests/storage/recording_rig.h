#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "storage/recorder_core.h"
#include "tests/storage/catalogue_model.h"
#include "tests/storage/fake_stream.h"
#include "tests/support/fake_clock.h"
#include "tests/support/memory_files.h"

namespace yagura::testing {

/// A recorder on files in memory, taken step by step, with cameras in front and a catalogue behind,
/// that can be killed at any moment and started again; and the judge of what is left.
class RecordingRig {
 public:
  explicit RecordingRig(FakeStream::Shape shape = {.fps = 2, .gop = 4}, int cameras = 2,
                        int volumes = 1);

  /// Another folder that is a volume, "/volume2", which the recorder is not told of.
  std::string AddFolder(int number);
  /// Starts recorder and streams. Errors are kept: see started().
  void Start();
  /// The same, but the clips of a crash are left to a later start, as by a slow disk.
  void StartUnrecovered();
  [[nodiscard]] bool started() const { return started_; }
  /// Lets `seconds` pass: cameras send, the writer writes, the syncs run, the catalogue reads. Does
  /// nothing for a recorder that isn't there.
  void Run(int seconds);
  void Interrupt(int camera, GapReason reason);
  void Reconnect(int camera, int pause_s);
  void SetOwners(std::vector<storage::OwnerSpan> spans);
  /// From now on, until GoOn, the `volume`-th volume's threads wait for their disk.
  void Hang(std::size_t volume) { hanging_ = volume; }
  void GoOn() { hanging_.reset(); }
  /// A clean stop.
  void Stop();
  /// From now on the `number`-th call that counts kills the machine: Start, Run and Stop then come
  /// back early, and down() is true.
  void DieAtCall(std::uint64_t number);
  [[nodiscard]] bool down() const { return down_; }
  /// The process is gone; the cameras send on for `seconds` to nobody.
  void Kill(int seconds);
  /// The power is gone, likewise.
  void CutPower(int seconds, MemoryFiles::Loss loss, std::uint32_t seed);

  /// Everything that is wrong now, one line each: rows without their bytes, frames stored twice or
  /// changed or neither stored nor in a gap, instants in no clip and no gap or in two, runs without
  /// an end. Call after Stop.
  [[nodiscard]] std::vector<std::string> Problems();
  /// The longest time before `instant` of which no frame is stored though one was sent: what a
  /// crash at `instant` cost.
  [[nodiscard]] microseconds LostBefore(WallTime instant) const;

  [[nodiscard]] MemoryFiles& files() { return files_; }
  [[nodiscard]] FakeClock& clock() { return clock_; }
  [[nodiscard]] CatalogueModel& catalogue() { return catalogue_; }
  [[nodiscard]] storage::RecorderCore* recorder() { return recorder_.get(); }
  [[nodiscard]] FakeStream& camera(int number) {
    return cameras_[static_cast<std::size_t>(number)].stream;
  }
  [[nodiscard]] static CameraId IdOf(int number) {
    return TestId<CameraId>(static_cast<std::uint8_t>(number + 1));
  }
  /// "recorder_restart 10.0-12.5" of a camera, in order.
  [[nodiscard]] std::vector<std::string> Gaps(int number) const;
  /// "0.0-60.0" of its clips, in order.
  [[nodiscard]] std::vector<std::string> Clips(int number) const;
  /// Where they lie: "12" where the first is on volume 1, the second on volume 2.
  [[nodiscard]] std::string VolumesOf(int number) const;

 private:
  struct Sent {
    WallTime wall{};
    std::vector<std::uint8_t> bytes;
  };
  struct Camera {
    FakeStream stream;
    std::shared_ptr<AccessUnitSink> sink;
    std::vector<Sent> sent;
    WallTime away_until{};
  };
  void SendUntil(WallTime now);
  void Step(bool sync);
  template <class Action>
  void UntilDown(Action&& action);
  void StartUp(bool leaves_recovery);
  void StopAll();
  void LetTimePass(int seconds);
  [[nodiscard]] std::vector<storage::VolumeOptions> Volumes() const;
  [[nodiscard]] bool GoesOn(const storage::ClipClosed& row) const;
  void CheckClips(std::vector<std::string>& problems);
  void CheckLeadIns(std::vector<std::string>& problems) const;
  void CheckFiles(std::vector<std::string>& problems) const;
  void CheckFrames(std::vector<std::string>& problems);
  void CheckTiling(std::vector<std::string>& problems) const;

  FakeClock clock_{kMorning};
  MemoryFiles files_{[this] { return clock_.Now(); }};
  OfficeCalendar calendar_ = *OfficeCalendar::Load("Asia/Tokyo");
  std::vector<storage::OwnerSpan> owners_ = {OwnedBy(1)};
  std::vector<Camera> cameras_;
  std::map<VolumeId, std::string> volumes_;  // and their roots
  std::vector<std::string> start_with_;      // of them
  CatalogueModel catalogue_;
  std::unique_ptr<storage::RecorderCore> recorder_;
  std::optional<std::size_t> hanging_;
  bool started_ = false;
  bool down_ = false;
  int quarters_ = 0;
  /// Frames found in files that rows name, by camera: wall time of the row's axis, and bytes.
  std::map<CameraId, std::vector<Sent>> stored_;
};

}  // namespace yagura::testing
