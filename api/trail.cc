#include "api/trail.h"

#include <algorithm>
#include <charconv>

#include "access_control/audit.h"
#include "api/json_bodies.h"
#include "api/parameters.h"
#include "api/trail_pg.h"

namespace yagura::api {
namespace {

using access_control::Permit;
using access_control::Post;
using access_control::Visibility;

constexpr std::chrono::hours kRangeMax{24 * 366};

/// "1781492602000000.rest".
std::string FormatCursor(WallTime at, const std::string& rest) {
  return std::to_string(at.time_since_epoch().count()) + "." + rest;
}

struct CursorParts {
  WallTime at;
  std::string_view rest;
};
std::optional<CursorParts> SplitCursor(std::string_view text) {
  const std::size_t dot = text.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  std::int64_t at_us = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + dot, at_us);
  const WallTime at{microseconds(at_us)};
  if (error != std::errc() || end != text.data() + dot || !IsPlausible(at)) return std::nullopt;
  return CursorParts{at, text.substr(dot + 1)};
}

std::optional<ViewingCursor> ParseViewingCursor(std::string_view text) {
  const auto parts = SplitCursor(text);
  const auto id = parts ? ParseId<ViewingId>(parts->rest) : std::nullopt;
  if (!id) return std::nullopt;
  return ViewingCursor{parts->at, *id};
}

std::optional<RecordCursor> ParseRecordCursor(std::string_view text) {
  const auto parts = SplitCursor(text);
  if (!parts) return std::nullopt;
  const std::size_t dot = parts->rest.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  RecordCursor cursor{parts->at, std::string(parts->rest.substr(dot + 1)), 0};
  const char* const digits_end = parts->rest.data() + dot;
  const auto [end, error] = std::from_chars(parts->rest.data(), digits_end, cursor.counter);
  const bool is_name =
      std::ranges::all_of(cursor.writer, [](char c) { return c == '_' || (c >= 'a' && c <= 'z'); });
  if (error != std::errc() || end != digits_end || !is_name) return std::nullopt;
  return cursor;
}

tl::unexpected<Error> ForeignCursor() { return InvalidArgument("cursor: not one of ours"); }

bool IsAuditor(const Permit& permit) {
  return std::ranges::any_of(permit.principal().posts,
                             [](const auto& post) { return post.post == Post::kAuditor; });
}

/// Where the viewer holds his post: told where one may know of that department.
Json DepartmentOf(const SeenViewing& viewing, const Permit& permit) {
  const bool known =
      viewing.department &&
      (IsAuditor(permit) ||
       access_control::VisibilityOf(permit.facts(), permit.principal().person, *viewing.department,
                                    permit.now()) != Visibility::kNone);
  return known ? Json(ToString(*viewing.department)) : Json();
}

Json ViewingJson(const SeenViewing& viewing, const Permit& permit) {
  Json json = Json::Object({{"id", ToString(viewing.id)},
                            {"opened_at", FormatRfc3339(viewing.opened_at)},
                            {"person_id", ToString(viewing.person)},
                            {"person_name", viewing.person_name}});
  json.Set("post", viewing.post ? Json(*viewing.post) : Json());
  json.Set("department_id", DepartmentOf(viewing, permit));
  json.Set("camera_id", ToString(viewing.camera));
  json.Set("camera_code", viewing.camera_code);
  json.Set("from", FormatRfc3339(viewing.interval.from));
  json.Set("to", FormatRfc3339(viewing.interval.to));
  json.Set("action", viewing.action);
  json.Set("purpose", viewing.purpose);
  Json delivered = Json::Array();
  for (const WallRange& range : viewing.delivered) {
    delivered.Push(
        Json::Object({{"from", FormatRfc3339(range.from)}, {"to", FormatRfc3339(range.to)}}));
  }
  json.Set("delivered", std::move(delivered));
  return json.Set("bytes", viewing.bytes);
}

/// The first line's word on a row; one of nobody's footage is for auditors alone.
bool MayKnow(const SeenViewing& viewing, const Permit& permit) {
  if (!viewing.unit) return IsAuditor(permit);
  return permit.Allows({viewing.camera, *viewing.unit, viewing.interval});
}

Result<Json> RecordJson(const SeenRecord& record) {
  ASSIGN_OR_RETURN(Json body, Json::Parse(record.body));
  Json json = Json::Object({{"writer", record.writer},
                            {"counter", record.counter},
                            {"at", FormatRfc3339(record.at)},
                            {"event", record.event}});
  return json.Set("body", std::move(body));
}

}  // namespace

Result<Response> ListViewings(const Call& call, const Permit& permit) {
  ViewingSearch search;
  ASSIGN_OR_RETURN(search.opened, RequireRange(call, kRangeMax));
  ASSIGN_OR_RETURN(search.limit, LimitOf(call));
  if (const auto camera = call.Query("camera")) search.camera = ParseId<CameraId>(*camera);
  if (const auto cursor = call.Query("cursor")) {
    search.after = ParseViewingCursor(*cursor);
    if (!search.after) return ForeignCursor();
  }
  const std::size_t page = search.limit;
  ++search.limit;  // one more tells whether there are more
  auto viewings = FindViewings(permit.transaction(), search);
  std::optional<std::string> next;
  if (CutToPage(viewings, page))
    next = FormatCursor(viewings.back().opened_at, ToString(viewings.back().id));
  Json items = Json::Array();
  for (const SeenViewing& viewing : viewings) {
    if (MayKnow(viewing, permit)) items.Push(ViewingJson(viewing, permit));
  }
  return JsonResponse(ListOf(std::move(items), next));
}

Result<Response> ListAuditRecords(const Call& call, const Permit& permit) {
  RecordSearch search;
  ASSIGN_OR_RETURN(search.at, RequireRange(call, kRangeMax));
  ASSIGN_OR_RETURN(search.limit, LimitOf(call));
  if (const auto event = call.Query("event")) {
    if (!access_control::ParseAuditEvent(*event)) return InvalidArgument("event: no such event");
    search.event = std::string(*event);
  }
  if (const auto cursor = call.Query("cursor")) {
    search.after = ParseRecordCursor(*cursor);
    if (!search.after) return ForeignCursor();
  }
  const std::size_t page = search.limit;
  ++search.limit;  // one more tells whether there are more
  auto records = FindRecords(permit.transaction(), search);
  std::optional<std::string> next;
  if (CutToPage(records, page)) {
    const SeenRecord& last = records.back();
    next = FormatCursor(last.at, std::to_string(last.counter) + "." + last.writer);
  }
  Json items = Json::Array();
  for (const SeenRecord& record : records) {
    ASSIGN_OR_RETURN(Json json, RecordJson(record));
    items.Push(std::move(json));
  }
  return JsonResponse(ListOf(std::move(items), next));
}

}  // namespace yagura::api
