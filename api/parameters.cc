#include "api/parameters.h"

#include <algorithm>
#include <charconv>

#include "api/error_to_http.h"

namespace yagura::api {

Result<WallTime> InstantOf(std::string_view name, std::string_view text) {
  auto time = ParseRfc3339(text);
  if (time.has_value() && IsPlausible(*time)) return time;
  if (time.has_value())
    return InvalidArgument(std::string(name) + ": expected an instant from 1970 to 9999");
  return InvalidArgument(std::string(name) + ": " + time.error().public_message());
}

Result<Json> JsonBodyOf(const Call& call, std::initializer_list<std::string_view> known) {
  const auto type = call.request.headers.Find("Content-Type");
  if (!type || type->substr(0, type->find(';')) != "application/json")
    return InvalidArgument("the body must be application/json");
  auto json = Json::Parse(call.request.body, /*depth_max=*/2);
  if (!json.has_value() || !json->is_object())
    return InvalidArgument("the body must be a JSON object");
  for (const std::string& member : json->members()) {
    if (std::find(known.begin(), known.end(), member) == known.end())
      return InvalidArgument("the body has a member that this operation doesn't know");
  }
  return json;
}

tl::unexpected<Error> InvalidArgument(std::string message) {
  return Failure(Error(ErrorCode::kInvalidArgument, message).WithPublicMessage(message));
}

Response RangeTooFull() {
  return ToResponse(
      Problem{.status = 400, .code = "range_too_full", .detail = "ask for a shorter range"});
}

bool IsPlausible(WallTime time) {
  constexpr auto kEnd = std::chrono::sys_days(std::chrono::year(10'000) / 1 / 1);
  return time >= WallTime() && time < kEnd;
}

Result<WallRange> RequireRange(const Call& call, std::chrono::hours length_max) {
  const auto from = call.Query("from");
  const auto to = call.Query("to");
  if (!from || !to) return InvalidArgument("from and to are both needed");
  WallRange range{};
  ASSIGN_OR_RETURN(range.from, InstantOf("from", *from));
  ASSIGN_OR_RETURN(range.to, InstantOf("to", *to));
  if (range.from >= range.to) return InvalidArgument("to must be later than from");
  if (range.to - range.from > length_max) {
    return InvalidArgument("from and to are more than " + std::to_string(length_max.count()) +
                           " h apart");
  }
  return range;
}

Result<std::optional<WallRange>> OptionalRange(const Call& call, std::chrono::hours length_max) {
  if (!call.Query("from") && !call.Query("to")) return std::nullopt;
  ASSIGN_OR_RETURN(const WallRange range, RequireRange(call, length_max));
  return range;
}

Result<std::uint32_t> LimitOf(const Call& call) {
  const auto text = call.Query("limit");
  if (!text) return kLimitDefault;
  std::uint32_t limit = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), limit);
  if (error == std::errc() && end == text->data() + text->size() && limit >= 1 &&
      limit <= kLimitMax)
    return limit;
  return InvalidArgument("limit must be a number from 1 to " + std::to_string(kLimitMax));
}

Result<Stream> StreamOf(const Call& call) {
  const auto given = call.Query("stream");
  if (!given || *given == ToString(Stream::kMain)) return Stream::kMain;
  if (*given == ToString(Stream::kSub)) return Stream::kSub;
  return InvalidArgument("\"stream\" must be main or sub");
}

Result<std::optional<std::uint64_t>> NumberIn(const Call& call, std::string_view name) {
  const auto text = call.Query(name);
  if (!text) return std::nullopt;
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (error != std::errc() || end != text->data() + text->size())
    return InvalidArgument("\"" + std::string(name) + "\" is a number");
  return number;
}

}  // namespace yagura::api
