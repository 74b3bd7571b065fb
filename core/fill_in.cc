#include "core/fill_in.h"

#include <algorithm>

namespace yagura {

std::string FillIn(std::string_view pattern, FillIns values) {
  std::string text;
  while (!pattern.empty()) {
    const std::size_t open = std::min(pattern.find('{'), pattern.size());
    text += pattern.substr(0, open);
    pattern.remove_prefix(open);
    const std::size_t close = pattern.find('}');
    if (close == std::string_view::npos) return text += pattern;
    const auto found = std::find_if(
        values.begin(), values.end(),
        [name = pattern.substr(1, close - 1)](const auto& v) { return v.first == name; });
    text += found == values.end() ? pattern.substr(0, close + 1) : found->second;
    pattern.remove_prefix(close + 1);
  }
  return text;
}

}  // namespace yagura
