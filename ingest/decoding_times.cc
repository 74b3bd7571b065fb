#include "ingest/decoding_times.h"

#include <algorithm>

#include "core/check.h"

namespace yagura::ingest {

void DecodingTimes::Start(std::uint32_t reorder_depth, MediaTime first_pts,
                          std::int64_t usual_interval_90k) {
  CHECK(reorder_depth <= kMaxReorderDepth);
  depth_ = reorder_depth;
  interval_ = usual_interval_90k;
  waiting_count_ = 0;
  next_before_first_ = first_pts.ticks_90k - static_cast<std::int64_t>(depth_) * interval_;
  last_ = INT64_MIN;
}

MediaTime DecodingTimes::Next(MediaTime pts) {
  const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(waiting_count_);
  const auto place = std::upper_bound(waiting_.begin(), end, pts.ticks_90k);
  std::move_backward(place, end, end + 1);
  *place = pts.ticks_90k;
  ++waiting_count_;
  std::int64_t dts = next_before_first_;
  if (waiting_count_ > depth_) {
    dts = waiting_.front();
    std::move(waiting_.begin() + 1, end + 1, waiting_.begin());
    --waiting_count_;
  } else {
    next_before_first_ += interval_;
  }
  if (last_ != INT64_MIN) dts = std::max(dts, last_ + 1);
  last_ = dts;
  return MediaTime{dts};
}

}  // namespace yagura::ingest
