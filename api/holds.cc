#include "api/holds.h"

#include <charconv>

#include "api/holds_pg.h"
#include "api/json_bodies.h"
#include "api/parameters.h"

namespace yagura::api {
namespace {

using access_control::Footage;
using access_control::Permit;
using access_control::Resource;

constexpr std::chrono::hours kRangeMax{24 * 31};
constexpr std::chrono::hours kReviewMax{24 * 366};
constexpr std::size_t kReasonBytesMax = 1000;

Result<Json> HoldBodyOf(const Call& call) {
  return JsonBodyOf(call, {"camera_id", "from", "to", "reason", "review_at"});
}

Result<std::string> TextIn(const Json& body, const std::string& member) {
  const auto text = body.Get(member).AsString();
  if (!text) return InvalidArgument(member + ": expected a string");
  return *text;
}

Result<WallTime> InstantIn(const Json& body, const std::string& member) {
  ASSIGN_OR_RETURN(const std::string text, TextIn(body, member));
  return InstantOf(member, text);
}

Result<std::string> ReasonIn(const Json& body) {
  ASSIGN_OR_RETURN(std::string reason, TextIn(body, "reason"));
  if (reason.find_first_not_of(" \t\r\n") == std::string::npos || reason.size() > kReasonBytesMax)
    return InvalidArgument("reason: expected 1 to 1000 bytes");
  if (reason.find('\0') != std::string::npos) return InvalidArgument("reason: has a NUL in it");
  return reason;
}

Result<WallRange> RangeIn(const Json& body) {
  WallRange range{};
  ASSIGN_OR_RETURN(range.from, InstantIn(body, "from"));
  ASSIGN_OR_RETURN(range.to, InstantIn(body, "to"));
  if (range.from >= range.to) return InvalidArgument("from must lie before to");
  if (range.to - range.from > kRangeMax) return InvalidArgument("at most 31 days in one hold");
  return range;
}

Json RangesJson(const std::vector<WallRange>& ranges) {
  Json items = Json::Array();
  for (const WallRange& range : ranges) {
    items.Push(
        Json::Object({{"from", FormatRfc3339(range.from)}, {"to", FormatRfc3339(range.to)}}));
  }
  return items;
}

Json ReleaseJson(const std::optional<SeenHold::Release>& release) {
  if (!release) return {};
  return Json::Object({{"at", FormatRfc3339(release->at)},
                       {"person_id", ToString(release->person)},
                       {"person_name", release->person_name},
                       {"reason", release->reason}});
}

Json HoldJson(const SeenHold& hold) {
  Json json = Json::Object({{"id", ToString(hold.id)},
                            {"camera_id", ToString(hold.camera)},
                            {"camera_code", hold.camera_code},
                            {"department_id", ToString(hold.unit)},
                            {"from", FormatRfc3339(hold.range.from)},
                            {"to", FormatRfc3339(hold.range.to)},
                            {"reason", hold.reason},
                            {"review_at", FormatRfc3339(hold.review_at)},
                            {"placed_at", FormatRfc3339(hold.placed_at)},
                            {"person_id", ToString(hold.person)},
                            {"person_name", hold.person_name}});
  json.Set("gone", RangesJson(hold.gone));
  return json.Set("release", ReleaseJson(hold.release));
}

// A cursor is the microsecond at which a hold was placed, a dot, and its id.

std::string CursorAfter(const SeenHold& hold) {
  return std::to_string(hold.placed_at.time_since_epoch().count()) + "." + ToString(hold.id);
}

Result<HoldSearch::Place> PlaceAt(std::string_view cursor) {
  const std::string_view digits = cursor.substr(0, cursor.find('.'));
  std::int64_t at_us = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), at_us);
  const WallTime at{microseconds(at_us)};
  const auto id = digits.size() < cursor.size() ? ParseId<HoldId>(cursor.substr(digits.size() + 1))
                                                : std::nullopt;
  if (error != std::errc() || end != digits.data() + digits.size() || !IsPlausible(at) || !id)
    return InvalidArgument("cursor: not one that was given");
  return HoldSearch::Place{at, *id};
}

/// The hold as it is now.
Result<Response> Answer(const Permit& permit, HoldId id, int status) {
  HoldSearch search;
  search.id = id;
  const auto holds = FindHolds(permit.transaction(), search);
  if (holds.empty()) return Failure(ErrorCode::kNotFound, "no such hold");
  return JsonResponse(HoldJson(holds.front()), status);
}

Result<HoldId> HoldInPath(const Call& call) {
  const auto id = ParseId<HoldId>(call.Path("id"));
  if (!id) return Failure(ErrorCode::kNotFound, "no such id");
  return *id;
}

}  // namespace

ResourceFrom FootageInHoldBody() {
  return [](const Call& call, pqxx::transaction_base& transaction) -> Result<Resource> {
    ASSIGN_OR_RETURN(const Json body, HoldBodyOf(call));
    ASSIGN_OR_RETURN(const std::string camera_text, TextIn(body, "camera_id"));
    ASSIGN_OR_RETURN(const WallRange range, RangeIn(body));
    const auto camera = ParseId<CameraId>(camera_text);
    if (!camera) return Failure(ErrorCode::kNotFound, "no such id");
    ASSIGN_OR_RETURN(const UnitId unit, HoldableUnit(transaction, *camera, range));
    return Resource(Footage{*camera, unit, range});
  };
}

ResourceFrom FootageOfHoldInPath() {
  return [](const Call& call, pqxx::transaction_base& transaction) -> Result<Resource> {
    ASSIGN_OR_RETURN(const HoldId id, HoldInPath(call));
    ASSIGN_OR_RETURN(const Footage footage, FootageOfHold(transaction, id));
    return Resource(footage);
  };
}

Result<Response> PlaceHold(const Call& call, const Permit& permit) {
  ASSIGN_OR_RETURN(const Json body, HoldBodyOf(call));
  NewHold hold{.footage = std::get<Footage>(permit.resource()), .reason = {}};
  ASSIGN_OR_RETURN(hold.reason, ReasonIn(body));
  ASSIGN_OR_RETURN(hold.review_at, InstantIn(body, "review_at"));
  if (hold.footage.range.to > permit.now()) return InvalidArgument("to: lies in the future");
  if (hold.review_at <= permit.now() || hold.review_at > permit.now() + kReviewMax)
    return InvalidArgument("review_at: expected within 366 days from now");
  ASSIGN_OR_RETURN(const HoldId id, InsertHold({permit, call.caller}, hold));
  return Answer(permit, id, 201);
}

Result<Response> ListHolds(const Call& call, const Permit& permit) {
  HoldSearch search;
  ASSIGN_OR_RETURN(const std::uint32_t page, LimitOf(call));
  search.limit = page + 1;  // one more tells whether there are more
  if (const auto camera = call.Query("camera")) search.camera = ParseId<CameraId>(*camera);
  if (const auto cursor = call.Query("cursor")) {
    ASSIGN_OR_RETURN(search.after, PlaceAt(*cursor));
  }
  auto holds = FindHolds(permit.transaction(), search);
  std::optional<std::string> next;
  if (CutToPage(holds, page)) next = CursorAfter(holds.back());
  Json items = Json::Array();
  for (const SeenHold& hold : holds) {
    if (permit.Allows(Footage{hold.camera, hold.unit, hold.range})) items.Push(HoldJson(hold));
  }
  return JsonResponse(ListOf(std::move(items), next));
}

Result<Response> ShowHold(const Call& call, const Permit& permit) {
  ASSIGN_OR_RETURN(const HoldId id, HoldInPath(call));
  return Answer(permit, id, 200);
}

Result<Response> ReleaseHold(const Call& call, const Permit& permit) {
  ASSIGN_OR_RETURN(const HoldId id, HoldInPath(call));
  ASSIGN_OR_RETURN(const Json body, JsonBodyOf(call, {"reason"}));
  ASSIGN_OR_RETURN(const std::string reason, ReasonIn(body));
  RETURN_IF_ERROR(MarkReleased({permit, call.caller}, id, reason));
  return Answer(permit, id, 200);
}

}  // namespace yagura::api
