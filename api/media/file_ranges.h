#pragma once

#include <vector>

#include "api/media/footage_plan.h"

namespace yagura::api {

/// At most so much time is in one file: the tables of two hours at 30 frames a second take some
/// 3 MB while they are sent.
inline constexpr std::chrono::hours kFileMax{2};

/// One track has one format.
[[nodiscard]] bool HasOneFormat(const FootagePlan& plan);

/// What to ask for instead of a range that one file can't hold, by time: ranges of one format, of
/// at most kFileMax, which begin and end where clips do. Together they have each frame of the plan
/// once. Where footage of two formats was recorded in a time lived twice, no range has one. Pure.
[[nodiscard]] std::vector<WallRange> RangesOfFiles(const FootagePlan& plan);

}  // namespace yagura::api
