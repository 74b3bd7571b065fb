#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/frame_stamp.h"
#include "core/sent_log.h"
#include "core/time.h"
#include "simulate/camera_clock.h"
#include "simulate/habits.h"
#include "simulate/packet_loop.h"

namespace yagura::simulate {

/// How a camera differs from others. Immutable.
struct CameraModel {
  std::uint32_t number = 1;
  FrameRate rate;
  double drift_ppm = 0;
  double phase = 0;  // where in the loop it begins, 0 to 1
  std::shared_ptr<PacketLoop> loop;
  std::string sdp_format;  // a=rtpmap and a=fmtp
  const Habits* habits = &OrdinaryHabits();
};

/// One simulated camera: it produces frames by its clock from Start to Stop, whether or not
/// somebody is connected. Farm thread only.
class Camera {
 public:
  explicit Camera(CameraModel model) : model_(std::move(model)) {}

  /// Draws a new epoch; its frames begin at the camera's phase in the loop.
  void Start(MonoTime now, WallTime wall);
  void Stop() { running_ = false; }
  void Silence(bool silent) { silent_ = silent; }

  [[nodiscard]] bool running() const { return running_; }
  [[nodiscard]] bool silent() const { return silent_; }
  [[nodiscard]] std::uint32_t number() const { return model_.number; }
  [[nodiscard]] std::uint64_t epoch() const { return epoch_; }
  [[nodiscard]] const CameraClock& clock() const { return clock_; }
  [[nodiscard]] const Habits& habits() const { return *model_.habits; }
  [[nodiscard]] std::string path() const { return "/camera/" + std::to_string(model_.number); }
  /// RFC 4566; the control attributes are those of its habits, as these write them.
  [[nodiscard]] std::string Sdp() const;

  [[nodiscard]] const PacketLoop::Frame& FrameAt(std::uint64_t number) const;
  [[nodiscard]] FrameStamp StampOf(std::uint64_t number) const;
  /// The RTP timestamp of frame `number`: when it was captured, by the camera's clock. With
  /// B-frames that lies before the sending.
  [[nodiscard]] std::uint32_t RtpTimeOf(std::uint64_t number) const;
  /// The RTP clock at an instant, for sender reports.
  [[nodiscard]] std::uint32_t RtpTimeAt(MonoTime now) const;
  /// What the camera's own clock shows then: right at its start, and drifting.
  [[nodiscard]] WallTime OwnTimeAt(MonoTime now) const;
  /// Our instant of the capture.
  [[nodiscard]] MonoTime CapturedAt(std::uint64_t number) const;
  /// The frame's bytes for one client, valid until the next call for any camera of the same loop.
  [[nodiscard]] std::span<const std::uint8_t> Prepare(std::uint64_t number,
                                                      PacketFields fields) const;

 private:
  /// Frame intervals from the capture of frame `number` to its sending.
  [[nodiscard]] std::int64_t HeldBack(std::uint64_t number) const;

  CameraModel model_;
  CameraClock clock_{MonoTime{}, {1, 1}, 0};
  std::uint64_t epoch_ = 0;
  std::uint32_t rtp_base_ = 0;
  WallTime origin_own_time_{};  // the camera's clock at its clock's origin
  bool running_ = false;
  bool silent_ = false;
};

}  // namespace yagura::simulate
