#include "api/media/byte_range.h"

#include <algorithm>
#include <charconv>

namespace yagura::api {
namespace {

constexpr RangeAnswer kWholeAnswer{RangeAnswer::Kind::kWhole, {}};
constexpr RangeAnswer kUnsatisfiableAnswer{RangeAnswer::Kind::kUnsatisfiable, {}};

std::optional<std::uint64_t> ParseNumber(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc::result_out_of_range) return UINT64_MAX;
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

RangeAnswer Suffix(std::string_view digits, std::uint64_t size_bytes) {
  const auto length = ParseNumber(digits);
  if (!length) return kWholeAnswer;
  if (*length == 0 || size_bytes == 0) return kUnsatisfiableAnswer;
  return {RangeAnswer::Kind::kPart, {size_bytes - std::min(*length, size_bytes), size_bytes - 1}};
}

RangeAnswer FirstToLast(std::string_view first_digits, std::string_view last_digits,
                        std::uint64_t size_bytes) {
  const auto first = ParseNumber(first_digits);
  const auto last = last_digits.empty() ? std::optional(UINT64_MAX) : ParseNumber(last_digits);
  if (!first || !last || *last < *first) return kWholeAnswer;
  if (*first >= size_bytes) return kUnsatisfiableAnswer;
  return {RangeAnswer::Kind::kPart, {*first, std::min(*last, size_bytes - 1)}};
}

}  // namespace

RangeAnswer SelectRange(const Headers& request, std::uint64_t size_bytes, std::string_view etag) {
  constexpr std::string_view kUnit = "bytes=";
  const auto range = request.Find("Range");
  if (!range || range->substr(0, kUnit.size()) != kUnit) return kWholeAnswer;
  if (!request.All("If-Range").empty() && request.Find("If-Range") != etag) return kWholeAnswer;
  const std::string_view spec = range->substr(kUnit.size());
  const std::size_t dash = spec.find('-');
  if (dash == std::string_view::npos) return kWholeAnswer;
  if (dash == 0) return Suffix(spec.substr(1), size_bytes);
  return FirstToLast(spec.substr(0, dash), spec.substr(dash + 1), size_bytes);
}

bool MatchesNoneMatch(const Headers& request, std::string_view etag) {
  const auto wanted = request.Find("If-None-Match");
  if (!wanted) return false;
  if (*wanted == "*") return true;
  std::size_t from = 0;
  while ((from = wanted->find(etag, from)) != std::string_view::npos) {
    const std::size_t end = from + etag.size();
    const bool starts = from == 0 || (*wanted)[from - 1] == ' ' || (*wanted)[from - 1] == ',' ||
                        (*wanted)[from - 1] == '/';
    const bool ends = end == wanted->size() || (*wanted)[end] == ' ' || (*wanted)[end] == ',';
    if (starts && ends) return true;
    from = end;
  }
  return false;
}

}  // namespace yagura::api
