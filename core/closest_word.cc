#include "core/closest_word.h"

#include <algorithm>
#include <vector>

namespace yagura {
namespace {

/// Edits (insert, delete, replace, swap of neighbours) that turn `a` into `b`.
std::size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> cost(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) {
    for (std::size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        cost[i][j] = i + j;
        continue;
      }
      cost[i][j] = std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1,
                             cost[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
    }
  }
  return cost[a.size()][b.size()];
}

constexpr std::size_t kWordSizeMax = 64;  // longer input is no misspelling of anything

}  // namespace

std::optional<std::string> ClosestWord(std::string_view given, std::span<const std::string> words) {
  if (given.empty() || given.size() > kWordSizeMax) return std::nullopt;
  std::optional<std::string> closest;
  std::size_t least = kWordSizeMax;
  for (const std::string& word : words) {
    const std::size_t distance = EditDistance(given, word);
    if (distance >= least || distance * 3 > std::max(given.size(), word.size())) continue;
    least = distance;
    closest = word;
  }
  return closest;
}

}  // namespace yagura
