#include "api/media/live_hls.h"

#include <algorithm>

#include "api/error_to_http.h"
#include "api/media/awaited_source.h"
#include "api/media/live.h"
#include "api/parameters.h"

namespace yagura::api {
namespace {

/// An open viewing with less left is not gone on with.
constexpr std::chrono::seconds kLeftLeast{5};
/// Who asks again within this goes on watching; a player asks each few seconds.
constexpr std::chrono::seconds kGoesOn{15};
constexpr std::string_view kPlaylistType = "application/vnd.apple.mpegurl";
constexpr std::string_view kVideoType = "video/mp4";

struct Followed {
  EnteredLive entered;
  std::shared_ptr<LivePackage> package;  // null of a HEAD, and where there is none to be had
  bool transcodes_busy = false;

  /// What is answered instead of pictures, where there are none to be had.
  [[nodiscard]] std::optional<Response> Refusal() const {
    if (entered.no_such_stream) return NoSubStream();
    if (transcodes_busy) return TranscodesBusy();
    return std::nullopt;
  }
};

/// By when what the caller goes on watching is over: a player that nobody looks at asks for ever,
/// and each viewing that it needs is none begun anew (kShortViewing).
Result<WallTime> LastUntilOf(const Call& call, const LiveHlsDependencies& needs) {
  const auto camera = ParseId<CameraId>(call.Path("id"));
  if (!camera || call.is_head) return WallTime::max();
  const auto before = needs.viewings.FindLastLive(call.caller, *camera, kGoesOn);
  if (before == nullptr) return WallTime::max();
  if (needs.clock.Now() < before->last_until()) return before->last_until();
  return Failure(Error(ErrorCode::kPermissionDenied, "watched as long as may be at a time")
                     .WithPublicMessage("this may be watched half an hour at a time: begin anew "
                                        "after some seconds"));
}

Result<Followed> Follow(EnteredLive entered, LiveHub& hub) {
  if (entered.open == nullptr) return Followed{std::move(entered), nullptr};
  const CameraStream of{entered.open->viewing().camera(), entered.stream};
  auto package = hub.Follow({of, entered.coding});
  if (!package.has_value() && package.error().code() == ErrorCode::kResourceExhausted)
    return Followed{std::move(entered), nullptr, true};
  ASSIGN_OR_RETURN(auto followed, std::move(package));
  return Followed{std::move(entered), std::move(followed)};
}

/// Most requests come within an open viewing, whose right is looked at from memory; the others are
/// decided and recorded as live.mp4 is.
Result<Followed> EnterFollowing(const Entrance& entrance, const LiveHlsDependencies& needs) {
  const Call& call = entrance.call();
  ASSIGN_OR_RETURN(const Stream stream, StreamOf(call));
  ASSIGN_OR_RETURN(const Coding coding, CodingOf(call));
  ASSIGN_OR_RETURN(const WallTime last_until, LastUntilOf(call, needs));
  const auto camera = ParseId<CameraId>(call.Path("id"));
  if (camera && !call.is_head && needs.hub.IsFollowed({{*camera, stream}, coding})) {
    auto open = needs.viewings.FindLive(call.caller, *camera, needs.clock.Now() + kLeftLeast);
    if (open && needs.viewings.Recheck(*open, Viewings::Look::kFresh).has_value()) {
      EnteredLive entered;
      entered.from = open->viewing().interval().from;
      entered.open = std::move(open);
      entered.stream = stream;
      entered.coding = coding;
      return Follow(std::move(entered), needs.hub);
    }
  }
  ASSIGN_OR_RETURN(EnteredLive entered,
                   EnterLive(entrance, needs.viewings, needs.clock, kLeftLeast, last_until));
  return Follow(std::move(entered), needs.hub);
}

Result<std::optional<LivePlace>> PlaceIn(const Call& call, std::string_view segment_name,
                                         std::string_view part_name) {
  ASSIGN_OR_RETURN(const auto segment, NumberIn(call, segment_name));
  ASSIGN_OR_RETURN(const auto part, NumberIn(call, part_name));
  if (!segment && part)
    return InvalidArgument("\"" + std::string(part_name) + "\" is of a segment");
  if (!segment) return std::nullopt;
  LivePlace place{.segment = *segment, .part = std::nullopt};
  if (part) place.part = static_cast<std::size_t>(*part);
  return place;
}

Response OfType(std::string_view type) {
  Response response;
  response.headers.Set("Content-Type", type);
  return response;
}

tl::unexpected<Error> NoPlayerHasJpeg() {
  return Failure(Error(ErrorCode::kUnimplemented, "HLS of JPEG")
                     .WithPublicMessage("this camera sends JPEG pictures, which no HLS player "
                                        "shows: ask with codec=h264, or for live.mp4"));
}

std::shared_ptr<LiveSource> Awaited(const Followed& followed, AwaitedSource::Answer answer,
                                    const LiveHlsDependencies& needs) {
  return std::make_shared<AwaitedSource>(followed.package, followed.entered.open, std::move(answer),
                                         needs.clock);
}

/// The bytes of a place; they count as handed out. Nothing while it isn't there; empty where it
/// never will be, or may not be seen.
std::optional<std::string> BytesOf(LivePackage& package, OpenViewing& open,
                                   const LivePlace& place) {
  if (!package.HasReached(place)) return std::nullopt;
  std::string bytes;
  const WallRange& interval = open.viewing().interval();
  const std::vector<LivePart> parts = package.Find(place);
  for (const LivePart& part : parts) {
    if (part.from < interval.from || part.from >= interval.to) return std::string();
  }
  for (const LivePart& part : parts) {
    bytes.append(part.bytes.bytes().begin(), part.bytes.bytes().end());
    open.AddDelivered({std::max(part.since, interval.from), part.to}, part.bytes.size());
  }
  return bytes;
}

}  // namespace

Result<Response> ShowLivePlaylist(const Entrance& entrance, const LiveHlsDependencies& needs) {
  const Call& call = entrance.call();
  ASSIGN_OR_RETURN(const Followed followed, EnterFollowing(entrance, needs));
  if (auto refusal = followed.Refusal()) return *std::move(refusal);
  if (followed.package == nullptr) return OfType(kPlaylistType);
  ASSIGN_OR_RETURN(const auto awaited, PlaceIn(call, "_HLS_msn", "_HLS_part"));
  if (followed.package->is_jpeg()) return NoPlayerHasJpeg();
  if (awaited && !followed.package->HasReached(*awaited) && !followed.package->IsNext(*awaited))
    return InvalidArgument("\"_HLS_msn\" is a segment that is there, or comes next");
  const std::string suffix =
      (call.Query("stream") ? "&stream=" + std::string(*call.Query("stream")) : std::string()) +
      CodingSuffix(followed.entered.coding);
  auto text = [package = followed.package, from = followed.entered.from, suffix,
               awaited]() -> std::optional<std::string> {
    if (awaited && !package->HasReached(*awaited)) return std::nullopt;
    return package->Playlist(from, suffix);
  };
  Response response = OfType(kPlaylistType);
  if (auto now = text()) {
    response.body = *std::move(now);
  } else {
    response.body = Awaited(followed, std::move(text), needs);
  }
  return response;
}

Result<Response> ShowLiveSegment(const Entrance& entrance, const LiveHlsDependencies& needs) {
  ASSIGN_OR_RETURN(const Followed followed, EnterFollowing(entrance, needs));
  if (auto refusal = followed.Refusal()) return *std::move(refusal);
  if (followed.package == nullptr) return OfType(kVideoType);
  ASSIGN_OR_RETURN(const auto place, PlaceIn(entrance.call(), "segment", "part"));
  if (!place) return InvalidArgument("\"segment\" is missing");
  const auto bytes = [package = followed.package, open = followed.entered.open, place = *place] {
    return BytesOf(*package, *open, place);
  };
  const auto now = bytes();
  const bool never = now ? now->empty() : !followed.package->IsNext(*place);
  if (never) return Failure(ErrorCode::kNotFound, "no such part, or not any more");
  Response response = OfType(kVideoType);
  if (now) {
    response.body = *now;
  } else {
    response.body = Awaited(followed, bytes, needs);
  }
  return response;
}

Result<Response> ShowLiveInit(const Entrance& entrance, const LiveHlsDependencies& needs) {
  ASSIGN_OR_RETURN(const Followed followed, EnterFollowing(entrance, needs));
  if (auto refusal = followed.Refusal()) return *std::move(refusal);
  Response response = OfType(kVideoType);
  if (followed.package == nullptr) return response;
  const auto name = entrance.call().Query("name");
  if (!name) return InvalidArgument("\"name\" is missing");
  std::string init = followed.package->Init(std::string(*name));
  if (init.empty()) return Failure(ErrorCode::kNotFound, "no such header, or not any more");
  response.body = std::move(init);
  return response;
}

}  // namespace yagura::api
