#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/access_unit.h"
#include "core/frame_stamp.h"
#include "core/sent_log.h"
#include "core/time.h"
#include "simulate/camera_clock.h"
#include "simulate/habits.h"
#include "simulate/packet_loop.h"

namespace yagura::simulate {

/// Something to show: a loop as it goes over the wire, and what the SDP says of it.
struct Scene {
  std::shared_ptr<PacketLoop> loop;
  std::string sdp_format;  // a=rtpmap and a=fmtp
};

/// How a camera differs from others. Immutable.
struct CameraModel {
  std::uint32_t number = 1;
  FrameRate rate;
  double drift_ppm = 0;
  double phase = 0;  // where in the loop it begins, 0 to 1
  Scene scene;
  const Habits* habits = &OrdinaryHabits();
};

/// An error that a camera answers with, by script.
struct CannedAnswer {
  std::string method;  // empty: to any request but OPTIONS
  unsigned status = 0;
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
  /// Until the next call; null: its own answers.
  void AnswerWith(std::optional<CannedAnswer> answer) { answer_ = std::move(answer); }
  /// From the next frame on it shows `scene`, from that one's beginning; frame numbers go on. Of
  /// the same codec, and neither of the two reordered.
  void Show(Scene scene, MonoTime now);
  void ShowItsOwn(MonoTime now) { Show(model_.scene, now); }
  /// Its own clock is set forward or back.
  void SetClock(microseconds step) { origin_own_time_ += step; }
  /// Its RTP timestamps jump forward or back, at all clients.
  void JumpTimestamps(std::int64_t ticks) { rtp_base_ += static_cast<std::uint32_t>(ticks); }

  [[nodiscard]] bool running() const { return running_; }
  [[nodiscard]] bool silent() const { return silent_; }
  [[nodiscard]] const std::optional<CannedAnswer>& answer() const { return answer_; }
  [[nodiscard]] bool reorders() const { return model_.scene.loop->reorder_frames() > 0; }
  [[nodiscard]] Codec codec() const { return model_.scene.loop->codec(); }
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

  /// What is shown from a frame number on.
  struct Showing {
    std::uint64_t from = 0;
    Scene scene;
  };
  [[nodiscard]] const Showing& ShowingAt(std::uint64_t number) const;

  CameraModel model_;
  std::vector<Showing> showings_;  // a few: clients may be some frames behind
  CameraClock clock_{MonoTime{}, {1, 1}, 0};
  std::uint64_t epoch_ = 0;
  std::uint32_t rtp_base_ = 0;
  WallTime origin_own_time_{};  // the camera's clock at its clock's origin
  bool running_ = false;
  bool silent_ = false;
  std::optional<CannedAnswer> answer_;
};

}  // namespace yagura::simulate
