#pragma once

#include <optional>
#include <vector>

#include "api/route.h"
#include "core/gap_reason.h"
#include "core/time.h"

namespace yagura::api {

/// What became of one stretch of a camera's time, as far as one may know.
struct CoverageItem {
  enum class Kind { kRecorded, kGap, kNoFootage } kind = Kind::kNoFootage;
  WallRange range;
  std::optional<GapReason> reason;  // of a gap
  int copies = 1;  // of a recorded stretch; more where our clock was set back: a time lived twice
  friend bool operator==(const CoverageItem&, const CoverageItem&) = default;
};

struct VisibleGap {
  WallRange range;
  GapReason reason;
};

/// Fills `range` without holes: recorded goes before gap, and what is neither is kNoFootage,
/// whatever the reason for that: not to be seen, expired, not due, not yet closed. Where
/// recorded stretches overlap by half a second or more, their number is told. Neighbours differ.
/// Pure.
[[nodiscard]] std::vector<CoverageItem> DescribeTime(const std::vector<WallRange>& recorded,
                                                     std::vector<VisibleGap> gaps, WallRange range);

/// GET /v1/cameras/{id}/coverage
[[nodiscard]] Result<Response> ShowCoverage(const Call& call, const access_control::Permit& permit);

}  // namespace yagura::api
