#include "api/range_list_pg.h"

#include <algorithm>
#include <string>

#include "core/pg/values.h"

namespace yagura::api {

std::vector<WallRange> RangesOf(std::string_view text) {
  std::vector<WallRange> ranges;
  while (!text.empty()) {
    const std::string_view one = text.substr(0, text.find(','));
    text.remove_prefix(std::min(text.size(), one.size() + 1));
    const std::size_t slash = one.find('/');
    ranges.push_back({pg::TimeOf(std::string(one.substr(0, slash)).c_str()),
                      pg::TimeOf(std::string(one.substr(slash + 1)).c_str())});
  }
  return ranges;
}

}  // namespace yagura::api
