#include "api/body_rules.h"

#include <algorithm>
#include <charconv>

namespace yagura::api {

std::optional<Problem> RefuseBody(const Headers& headers, std::uint64_t body_bytes_max) {
  if (!headers.All("Transfer-Encoding").empty()) {
    return Problem{411, "length_required", "send the body with a Content-Length", Json::Object()};
  }
  const auto lengths = headers.All("Content-Length");
  if (lengths.empty()) return std::nullopt;
  const std::string_view digits = lengths.front();
  const bool is_number =
      lengths.size() == 1 && !digits.empty() &&
      std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!is_number)
    return Problem{400, "invalid_argument", "Content-Length is not a number", Json::Object()};
  std::uint64_t length = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), length);
  if (error == std::errc() && length <= body_bytes_max) return std::nullopt;
  return Problem{413, "body_too_large",
                 "a body has at most " + std::to_string(body_bytes_max) + " bytes", Json::Object()};
}

}  // namespace yagura::api
