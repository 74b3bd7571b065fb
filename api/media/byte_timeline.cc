#include "api/media/byte_timeline.h"

#include <algorithm>

namespace yagura::api {

WallRange ByteTimeline::TimeOf(std::uint64_t first, std::uint64_t end) const {
  if (marks_.empty() || first >= end || end <= marks_.front().offset ||
      first >= marks_.back().offset)
    return {};
  const auto after =
      std::upper_bound(marks_.begin(), marks_.end(), first,
                       [](std::uint64_t offset, const Mark& mark) { return offset < mark.offset; });
  const auto begin = after == marks_.begin() ? after : after - 1;
  auto stop =
      std::lower_bound(marks_.begin(), marks_.end(), end,
                       [](const Mark& mark, std::uint64_t offset) { return mark.offset < offset; });
  if (stop == marks_.end()) --stop;
  return {begin->wall, std::max(begin->wall, stop->wall)};
}

}  // namespace yagura::api
