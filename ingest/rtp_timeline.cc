#include "ingest/rtp_timeline.h"

#include <algorithm>

namespace yagura::ingest {
namespace {

constexpr std::int64_t kMaxBackTicks = 2 * kMediaTimescale;
/// A burst after a stall delivers frames without time between them; a frame further ahead of its
/// arrival than this has jumped.
constexpr std::int64_t kMaxAheadTicks = kMediaTimescale;
/// Timestamps may lag: frames that wait in queues come late. This late, the watchdog would have
/// ended the session.
constexpr std::int64_t kMaxBehindTicks = 10 * kMediaTimescale;
/// More than the longest wait in a queue; and a clock that errs by 2000 ppm is broken.
constexpr std::int64_t kMaxAstrayTicks = 15 * kMediaTimescale;
constexpr std::int64_t kDriftDivisor = 500;
constexpr std::int64_t kMaxUsualTicks = 5 * kMediaTimescale;
constexpr std::int64_t kMaxReportTicks = 60 * kMediaTimescale;

std::int64_t Signed(RtpTime to, RtpTime from) {
  return static_cast<std::int32_t>(to.ticks - from.ticks);
}

std::int64_t Ticks(MonoTime::duration duration) { return duration.count() / 1'000 * 9 / 100; }

}  // namespace

bool RtpTimeline::MakesSense(std::int64_t delta, std::int64_t passed,
                             std::uint32_t reorder_depth) const {
  if (delta <= 0) return reorder_depth > 0 && delta != 0 && delta >= -kMaxBackTicks;
  return delta - passed <= kMaxAheadTicks + 4 * usual_delta_ && passed - delta <= kMaxBehindTicks;
}

bool RtpTimeline::RunsAway(std::int64_t ticks, MonoTime arrival) const {
  const std::int64_t passed = Ticks(arrival - paired_arrival_);
  const std::int64_t astray = std::abs(ticks - paired_ticks_ - passed);
  return astray > kMaxAstrayTicks + passed / kDriftDivisor;
}

void RtpTimeline::Pair() {
  paired_ticks_ = last_ticks_;
  paired_arrival_ = last_arrival_;
}

RtpTimeline::Position RtpTimeline::Place(RtpTime time, MonoTime arrival,
                                         std::uint32_t reorder_depth) {
  if (!started_) {
    started_ = true;
    last_ = time;
    last_arrival_ = arrival;
    Pair();
    return {};
  }
  const std::int64_t passed = Ticks(arrival - last_arrival_);
  std::int64_t delta = Signed(time, last_);
  const bool jumped =
      !MakesSense(delta, passed, reorder_depth) || RunsAway(last_ticks_ + delta, arrival);
  if (jumped) {
    delta = std::max<std::int64_t>(passed, 1);
  } else {
    usual_delta_ = std::clamp(std::abs(delta), usual_delta_ - usual_delta_ / 16, kMaxUsualTicks);
  }
  last_ = time;
  last_arrival_ = arrival;
  last_ticks_ += delta;
  return {last_ticks_, jumped};
}

std::optional<std::int64_t> RtpTimeline::Locate(RtpTime time) const {
  if (!started_ || std::abs(Signed(time, last_)) > kMaxReportTicks) return std::nullopt;
  return last_ticks_ + Signed(time, last_);
}

}  // namespace yagura::ingest
