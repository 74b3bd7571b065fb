#include "simulate/camera_clock.h"

#include <chrono>
#include <cmath>

namespace yagura::simulate {
namespace {

using SecondsD = std::chrono::duration<double>;

/// Quotient rounded towards minus infinity, so that times before the origin keep even distances.
std::int64_t FloorDivide(std::int64_t dividend, std::int64_t divisor) {
  const std::int64_t quotient = dividend / divisor;
  return dividend % divisor < 0 ? quotient - 1 : quotient;
}

}  // namespace

MonoTime CameraClock::DueTime(std::uint64_t number) const {
  const SecondsD camera_time(static_cast<double>(number) * rate_.seconds / rate_.frames);
  return origin_ + std::chrono::round<std::chrono::nanoseconds>(camera_time / speed_);
}

std::uint64_t CameraClock::FirstDue(MonoTime now) const {
  if (now <= origin_) return 0;
  const SecondsD camera_time = SecondsD(now - origin_) * speed_;
  auto number =
      static_cast<std::uint64_t>(std::floor(camera_time.count() * rate_.frames / rate_.seconds));
  while (DueTime(number) < now) ++number;  // rounding, and the frame under way
  return number;
}

std::int64_t CameraClock::TicksAt(std::int64_t frames) const {
  return FloorDivide(frames * kMediaTimescale * rate_.seconds, rate_.frames);
}

std::int64_t CameraClock::TicksAt(MonoTime now) const {
  const SecondsD camera_time = SecondsD(now - origin_) * speed_;
  return static_cast<std::int64_t>(std::floor(camera_time.count() * kMediaTimescale));
}

microseconds CameraClock::LengthOf(std::int64_t frames) const {
  const SecondsD camera_time(static_cast<double>(frames) * rate_.seconds / rate_.frames);
  return std::chrono::round<microseconds>(camera_time / speed_);
}

}  // namespace yagura::simulate
