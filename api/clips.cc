#include "api/clips.h"

#include <charconv>

#include "api/json_bodies.h"
#include "api/parameters.h"
#include "storage/hex.h"

namespace yagura::api {
namespace {

constexpr std::chrono::hours kRangeMax{24 * 366 * 100};

Result<storage::ClipSearch> SearchOf(const Call& call) {
  storage::ClipSearch search;
  ASSIGN_OR_RETURN(search.range, RequireRange(call, kRangeMax));
  ASSIGN_OR_RETURN(search.stream, StreamOf(call));
  ASSIGN_OR_RETURN(search.limit, LimitOf(call));
  if (const auto camera = call.Query("camera")) search.camera = ParseId<CameraId>(*camera);
  if (const auto floor = call.Query("floor")) search.floor = ParseId<FloorId>(*floor);
  if (const auto cursor = call.Query("cursor")) {
    search.after = ParseCursor(*cursor);
    if (!search.after) return InvalidArgument("cursor: not one of ours");
  }
  return search;
}

Json ClipJson(const storage::ClipRow& clip) {
  return Json::Object({{"id", ToString(clip.id)},
                       {"camera_id", ToString(clip.camera)},
                       {"stream", yagura::ToString(clip.stream)},
                       {"floor_id", ToString(clip.owner.floor)},
                       {"department_id", ToString(clip.owner.unit)},
                       {"run_id", ToString(clip.id.run)},
                       {"start", FormatRfc3339(clip.start)},
                       {"end", FormatRfc3339(clip.end)},
                       {"clock", ToString(clip.clock)},
                       {"bytes", clip.bytes},
                       {"frames", clip.samples},
                       {"sha256", storage::ToHex(clip.sha256)}});
}

}  // namespace

std::string FormatCursor(const storage::ClipCursor& cursor) {
  return std::to_string(cursor.start.time_since_epoch().count()) + "." + ToString(cursor.id);
}

std::optional<storage::ClipCursor> ParseCursor(std::string_view text) {
  const std::size_t dot = text.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  std::int64_t start_us = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + dot, start_us);
  const auto id = ParseClipId(text.substr(dot + 1));
  const WallTime start{microseconds(start_us)};
  if (error != std::errc() || end != text.data() + dot || !id || !IsPlausible(start))
    return std::nullopt;
  return storage::ClipCursor{start, *id};
}

Result<Response> ListClips(const Call& call, const access_control::Permit& permit) {
  ASSIGN_OR_RETURN(storage::ClipSearch search, SearchOf(call));
  const std::size_t page = search.limit;
  ++search.limit;  // one more tells whether there are more
  auto clips = storage::ClipsOverlapping(permit.transaction(), search);
  std::optional<std::string> next;
  if (CutToPage(clips, page)) next = FormatCursor({clips.back().start, clips.back().id});
  Json items = Json::Array();
  for (const auto& clip : clips) {
    if (permit.Allows({clip.camera, clip.owner.unit, {clip.start, clip.end}}))
      items.Push(ClipJson(clip));
  }
  return JsonResponse(ListOf(std::move(items), next));
}

}  // namespace yagura::api
