#include <algorithm>
#include <string>
#include <string_view>

#include "api/body_rules.h"
#include "api/clips.h"
#include "api/media/byte_range.h"
#include "api/session_token.h"
#include "api/target.h"
#include "core/check.h"
#include "tests/fuzz/fuzz_target.h"

namespace {

using namespace yagura::api;

/// What passed has one spelling, and nothing in it that could be a path, a control character or a
/// second name.
void CheckTarget(std::string_view text) {
  const auto target = ParseTarget(text);
  if (!target.has_value()) {
    CHECK(!target.error().public_message().empty());
    return;
  }
  CHECK(text.size() <= kTargetBytesMax && text.front() == '/');
  std::string again;
  for (const std::string& segment : target->segments) {
    CHECK(!segment.empty() && segment != "." && segment != "..");
    CHECK(segment.find_first_of("/\\%") == std::string::npos);
    again += "/" + segment;
  }
  CHECK(again == text.substr(0, text.find('?')));
  for (const auto& [name, value] : target->parameters) {
    const auto same = [&](const auto& other) { return other.first == name; };
    CHECK(std::count_if(target->parameters.begin(), target->parameters.end(), same) == 1);
    CHECK(std::none_of(value.begin(), value.end(), [](char c) { return c >= 0 && c < ' '; }));
  }
}

void CheckRange(std::string_view text) {
  Headers headers;
  headers.Add("Range", text);
  for (const std::uint64_t size :
       {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{1000}, UINT64_MAX}) {
    const auto answer = SelectRange(headers, size, "\"e\"");
    if (answer.kind != RangeAnswer::Kind::kPart) continue;
    CHECK(answer.range.first <= answer.range.last && answer.range.last < size);
  }
  headers.Add("If-None-Match", text);
  (void)MatchesNoneMatch(headers, "\"e\"");
}

void CheckHeaders(std::string_view text) {
  Request request;
  request.method = "POST";
  request.headers.Add("Cookie", text);
  const auto token = SessionTransport("https://office.example").ReadToken(request);
  CHECK(!token.has_value() || token->empty());  // no cookie changes anything without our origin
  request.headers.Add("Content-Length", text);
  const auto problem = RefuseBody(request.headers, 1000);
  CHECK(problem || text.find_first_not_of("0123456789") == std::string_view::npos);
}

void CheckCursor(std::string_view text) {
  const auto cursor = ParseCursor(text);
  if (cursor) CHECK(ParseCursor(FormatCursor(*cursor))->id == cursor->id);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  CheckTarget(text);
  CheckRange(text);
  CheckHeaders(text);
  CheckCursor(text);
  return 0;
}
