#include "api/target.h"

#include <algorithm>
#include <optional>

#include "core/plain_text.h"

namespace yagura::api {
namespace {

tl::unexpected<Error> Refuse(const char* why) {
  return Failure(Error(ErrorCode::kInvalidArgument, why).WithPublicMessage(why));
}

std::optional<unsigned> HexDigit(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
  return std::nullopt;
}

std::optional<std::string> PercentDecode(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    if (text.size() - i < 3) return std::nullopt;
    const auto high = HexDigit(text[i + 1]);
    const auto low = HexDigit(text[i + 2]);
    if (!high || !low) return std::nullopt;
    decoded += static_cast<char>(*high << 4 | *low);
    i += 2;
  }
  return decoded;
}

/// Nothing that any of our segments holds is ever encoded, so an encoded octet in a path is another
/// spelling of one: refused.
bool IsCanonicalSegment(std::string_view segment) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.' || c == '~';
  };
  return !segment.empty() && segment != "." && segment != ".." &&
         std::all_of(segment.begin(), segment.end(), allowed);
}

Result<std::vector<std::string>> ParsePath(std::string_view path) {
  if (path.empty() || path.front() != '/') return Refuse("the request target must start with '/'");
  std::vector<std::string> segments;
  while (!path.empty()) {
    path.remove_prefix(1);
    const std::string_view segment = path.substr(0, path.find('/'));
    if (!IsCanonicalSegment(segment)) return Refuse("the path is not in canonical form");
    segments.emplace_back(segment);
    path.remove_prefix(segment.size());
  }
  return segments;
}

Result<std::pair<std::string, std::string>> ParseParameter(std::string_view text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos) return Refuse("a query parameter has no '='");
  const auto name = PercentDecode(text.substr(0, equals));
  const auto value = PercentDecode(text.substr(equals + 1));
  if (!name || !value) return Refuse("broken percent encoding in the query");
  if (name->empty() || !IsPlainText(*name) || !IsPlainText(*value))
    return Refuse("the query is not plain UTF-8 text");
  return std::pair(*name, *value);
}

Result<std::vector<std::pair<std::string, std::string>>> ParseQuery(std::string_view query) {
  std::vector<std::pair<std::string, std::string>> parameters;
  while (true) {
    const std::size_t end = query.find('&');
    ASSIGN_OR_RETURN(auto parameter, ParseParameter(query.substr(0, end)));
    const bool named_before =
        std::any_of(parameters.begin(), parameters.end(),
                    [&](const auto& one) { return one.first == parameter.first; });
    if (named_before) return Refuse("a query parameter is given twice");
    parameters.push_back(std::move(parameter));
    if (parameters.size() > kQueryParametersMax) return Refuse("too many query parameters");
    if (end == std::string_view::npos) return parameters;
    query.remove_prefix(end + 1);
  }
}

}  // namespace

Result<Target> ParseTarget(std::string_view target) {
  if (target.size() > kTargetBytesMax) return Refuse("the request target is too long");
  const auto is_plain = [](char c) { return c > 0x20 && c < 0x7f && c != '#' && c != '\\'; };
  if (!std::all_of(target.begin(), target.end(), is_plain))
    return Refuse("the request target has a character that is not allowed");
  const std::size_t question = target.find('?');
  Target parsed;
  ASSIGN_OR_RETURN(parsed.segments, ParsePath(target.substr(0, question)));
  if (question == std::string_view::npos || question + 1 == target.size()) return parsed;
  ASSIGN_OR_RETURN(parsed.parameters, ParseQuery(target.substr(question + 1)));
  return parsed;
}

}  // namespace yagura::api
