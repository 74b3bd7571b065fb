#include "simulate/camera.h"

#include <algorithm>
#include <iterator>
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
  const auto frames = static_cast<double>(model_.scene.loop->frames().size());
  const std::chrono::duration<double> loop_length(frames * model_.rate.seconds /
                                                  model_.rate.frames);
  const auto phase = std::chrono::round<std::chrono::nanoseconds>(loop_length * model_.phase);
  clock_ = CameraClock(now - phase, model_.rate, model_.drift_ppm);
  origin_own_time_ = wall - ToMicroseconds(clock_.TicksAt(now));
  epoch_ = Random64();
  rtp_base_ = static_cast<std::uint32_t>(Random64());
  showings_ = {{0, model_.scene}};
  silent_ = false;
  running_ = true;
}

void Camera::Show(Scene scene, MonoTime now) {
  constexpr std::size_t kRemembered = 8;
  const std::uint64_t from = std::max(clock_.FirstDue(now), showings_.back().from) + 1;
  showings_.push_back({from, std::move(scene)});
  if (showings_.size() > kRemembered) showings_.erase(showings_.begin());
}

const Camera::Showing& Camera::ShowingAt(std::uint64_t number) const {
  const auto after = std::ranges::upper_bound(showings_, number, {}, &Showing::from);
  return after == showings_.begin() ? *after : *std::prev(after);
}

std::string Camera::Sdp() const {
  const std::string sdp = "v=0\r\no=- " + std::to_string(epoch_ >> 1) +
                          " 1 IN IP4 127.0.0.1\r\ns=camera " + std::to_string(model_.number) +
                          "\r\nc=IN IP4 0.0.0.0\r\nt=0 0\r\n" + Control(habits().session_control) +
                          "a=range:npt=now-\r\nm=video 0 RTP/AVP " +
                          std::to_string(PayloadFormatOf(codec()).payload_type) + "\r\n";
  return sdp + showings_.back().scene.sdp_format + Control(habits().track_control);
}

const PacketLoop::Frame& Camera::FrameAt(std::uint64_t number) const {
  const Showing& showing = ShowingAt(number);
  const auto& frames = showing.scene.loop->frames();
  return frames[(number - showing.from) % frames.size()];
}

FrameStamp Camera::StampOf(std::uint64_t number) const {
  const auto& frame = FrameAt(number);
  const Showing& showing = ShowingAt(number);
  const std::uint64_t loop_begin =
      number - (number - showing.from) % showing.scene.loop->frames().size();
  return {.camera = model_.number,
          .epoch = epoch_,
          .number = number,
          .presentation = loop_begin + frame.presentation,
          .crc = frame.crc};
}

std::int64_t Camera::HeldBack(std::uint64_t number) const {
  const Showing& showing = ShowingAt(number);
  const PacketLoop& loop = *showing.scene.loop;
  const auto at = static_cast<std::int64_t>((number - showing.from) % loop.frames().size());
  return at + loop.reorder_frames() - FrameAt(number).presentation;
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
  return ShowingAt(number).scene.loop->Prepare(FrameAt(number), fields, StampOf(number));
}

}  // namespace yagura::simulate
