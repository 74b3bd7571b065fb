#include "simulate/camera.h"

#include <random>

namespace yagura::simulate {
namespace {

std::uint64_t Random64() {
  std::random_device device;
  return std::uint64_t{device()} << 32 | device();
}

std::string Control(std::string_view where) {
  return where.empty() ? "" : "a=control:" + std::string(where) + "\r\n";
}

microseconds ToMicroseconds(std::int64_t ticks) { return Between({0}, {ticks}); }

}  // namespace

void Camera::Start(MonoTime now, WallTime wall) {
  const auto frames = static_cast<double>(model_.loop->frames().size());
  const std::chrono::duration<double> loop_length(frames * model_.rate.seconds /
                                                  model_.rate.frames);
  const auto phase = std::chrono::round<std::chrono::nanoseconds>(loop_length * model_.phase);
  clock_ = CameraClock(now - phase, model_.rate, model_.drift_ppm);
  origin_own_time_ = wall - ToMicroseconds(clock_.TicksAt(now));
  epoch_ = Random64();
  rtp_base_ = static_cast<std::uint32_t>(Random64());
  running_ = true;
}

std::string Camera::Sdp() const {
  const std::string sdp = "v=0\r\no=- " + std::to_string(epoch_ >> 1) +
                          " 1 IN IP4 127.0.0.1\r\ns=camera " + std::to_string(model_.number) +
                          "\r\nc=IN IP4 0.0.0.0\r\nt=0 0\r\n" + Control(habits().session_control) +
                          "a=range:npt=now-\r\nm=video 0 RTP/AVP 96\r\n";
  return sdp + model_.sdp_format + Control(habits().track_control);
}

const PacketLoop::Frame& Camera::FrameAt(std::uint64_t number) const {
  const auto& frames = model_.loop->frames();
  return frames[number % frames.size()];
}

FrameStamp Camera::StampOf(std::uint64_t number) const {
  const auto& frame = FrameAt(number);
  const std::uint64_t loop_begin = number - number % model_.loop->frames().size();
  return {.camera = model_.number,
          .epoch = epoch_,
          .number = number,
          .presentation = loop_begin + frame.presentation,
          .crc = frame.crc};
}

std::int64_t Camera::HeldBack(std::uint64_t number) const {
  const auto at = static_cast<std::int64_t>(number % model_.loop->frames().size());
  return at + model_.loop->reorder_frames() - FrameAt(number).presentation;
}

std::uint32_t Camera::RtpTimeOf(std::uint64_t number) const {
  const std::int64_t captured = static_cast<std::int64_t>(number) - HeldBack(number);
  return rtp_base_ + static_cast<std::uint32_t>(clock_.TicksAt(captured));
}

std::uint32_t Camera::RtpTimeAt(MonoTime now) const {
  return rtp_base_ + static_cast<std::uint32_t>(clock_.TicksAt(now));
}

WallTime Camera::OwnTimeAt(MonoTime now) const {
  return origin_own_time_ + ToMicroseconds(clock_.TicksAt(now));
}

MonoTime Camera::CapturedAt(std::uint64_t number) const {
  return clock_.DueTime(number) - clock_.LengthOf(HeldBack(number));
}

std::span<const std::uint8_t> Camera::Prepare(std::uint64_t number, PacketFields fields) const {
  fields.rtp_time = RtpTimeOf(number);
  return model_.loop->Prepare(FrameAt(number), fields, StampOf(number));
}

}  // namespace yagura::simulate
