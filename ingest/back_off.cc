#include "ingest/back_off.h"

#include <algorithm>

namespace yagura::ingest {
namespace {

using std::chrono::milliseconds;

struct Pace {
  milliseconds first;
  milliseconds most;
  int growth = 2;  // from one to the next
};

Pace PaceFor(GapReason reason) {
  switch (reason) {
    case GapReason::kAuthenticationFailed:
      return {milliseconds(20'000), milliseconds(20'000)};
    case GapReason::kCameraRefused:
    case GapReason::kWorkerFailed:
    case GapReason::kCertificateChanged:
      return {milliseconds(500), milliseconds(16'000), 4};
    case GapReason::kProtocolError:
    case GapReason::kUnsupportedStream:
      return {milliseconds(1'000), milliseconds(30'000)};
    default:
      return {milliseconds(100), milliseconds(1'250)};
  }
}

}  // namespace

milliseconds BackOff::Next(GapReason reason) {
  if (reason != last_reason_) failures_ = 0;
  last_reason_ = reason;
  const Pace pace = PaceFor(reason);
  milliseconds wait = pace.first;
  for (int i = 0; i < failures_ && wait < pace.most; ++i) wait *= pace.growth;
  wait = std::min(wait, pace.most);
  ++failures_;
  const auto jitter =
      static_cast<std::int64_t>(Random() % static_cast<std::uint64_t>(wait.count() / 5 + 1));
  return wait + milliseconds(jitter);
}

/// xorshift64: spreads attempts, hides nothing.
std::uint64_t BackOff::Random() {
  random_ ^= random_ << 13;
  random_ ^= random_ >> 7;
  random_ ^= random_ << 17;
  return random_;
}

}  // namespace yagura::ingest
