#include "api/media/media_routes.h"

#include "api/media/activity.h"
#include "api/media/frame.h"
#include "api/media/live.h"
#include "api/media/live_hls.h"
#include "api/media/playback.h"
#include "api/media/thumbnail.h"
#include "api/media/transcoded_playback.h"
#include "api/media/video.h"
#include "api/resources.h"
#include "api/routes.h"

namespace yagura::api {

using access_control::Action;
using access_control::Permit;

namespace {

/// Stored footage, as files and as HLS.
std::vector<Route> StoredRoutes(const MediaDependencies& needs) {
  return {
      {Method::kGet,
       "/v1/cameras/{id}/playback.m3u8",
       Guard(Action::kFootagePlay, CameraInPath()),
       {"from", "to", "stream", "codec"},
       PermittedHandler([needs](const Call& call, Permit& permit) {
         return ShowPlaylist(call, permit, needs.folder, needs.transcoders);
       })},
      {Method::kGet,
       "/v1/cameras/{id}/video.mp4",
       Guard(Action::kFootageDownload, CameraInPath()),
       {"from", "to", "stream"},
       EnteringHandler([needs](const Entrance& entrance) {
         return ShowVideo(entrance, needs.viewings, needs.folder);
       })},
      {Method::kGet,
       "/v1/runs/{id}/init.mp4",
       Guard(Action::kFootagePlay, FootageOfRunInPath()),
       {"codec"},
       PermittedHandler([needs](const Call& call, Permit& permit) {
         return ShowInit(call, permit, needs.folder, needs.transcoders);
       })},
      {Method::kGet,
       "/v1/clips/{id}/media",
       Guard(Action::kFootagePlay, FootageOfClipInPath()),
       {},
       EnteringHandler([needs](const Entrance& entrance) {
         return ShowClip(entrance, needs.viewings, needs.folder);
       })},
      {Method::kGet,
       "/v1/clips/{id}/h264.m4s",
       Guard(Action::kFootagePlay, FootageOfClipInPath()),
       {"first", "last"},
       EnteringHandler([needs](const Entrance& entrance) {
         return ShowTranscodedSegment(entrance, {needs.viewings, needs.folder, needs.transcoders});
       })},
  };
}

/// What a camera shows now.
std::vector<Route> LiveRoutes(const MediaDependencies& needs) {
  return {
      {Method::kGet,
       "/v1/cameras/{id}/live.mp4",
       Guard(Action::kLivePlay, CameraInPath()),
       {"stream", "codec"},
       EnteringHandler([needs](const Entrance& entrance) {
         return ShowLive(entrance, needs.viewings, needs.live, needs.clock);
       })},
      {Method::kGet,
       "/v1/cameras/{id}/live.m3u8",
       Guard(Action::kLivePlay, CameraInPath()),
       {"stream", "codec", "_HLS_msn", "_HLS_part"},
       EnteringHandler([needs](const Entrance& entrance) {
         return ShowLivePlaylist(entrance, {needs.viewings, needs.live, needs.clock});
       })},
      {Method::kGet,
       "/v1/cameras/{id}/live.m4s",
       Guard(Action::kLivePlay, CameraInPath()),
       {"stream", "codec", "segment", "part"},
       EnteringHandler([needs](const Entrance& entrance) {
         return ShowLiveSegment(entrance, {needs.viewings, needs.live, needs.clock});
       })},
      {Method::kGet,
       "/v1/cameras/{id}/live-init.mp4",
       Guard(Action::kLivePlay, CameraInPath()),
       {"stream", "codec", "name"},
       EnteringHandler([needs](const Entrance& entrance) {
         return ShowLiveInit(entrance, {needs.viewings, needs.live, needs.clock});
       })},
  };
}

/// Single pictures, and where to look for them.
std::vector<Route> PictureRoutes(const MediaDependencies& needs) {
  return {
      {Method::kGet,
       "/v1/cameras/{id}/frame.jpg",
       Guard(Action::kFootagePlay, CameraInPath()).Without("at", Action::kLivePlay),
       {"at", "stream"},
       EnteringHandler([needs](const Entrance& entrance) {
         return ShowFrame(entrance, {needs.viewings, needs.folder, needs.live, needs.decoder,
                                     needs.stored_picture_turns, needs.clock});
       })},
      {Method::kGet,
       "/v1/cameras/{id}/thumbnail.jpg",
       Guard(Action::kFootagePlay, CameraInPath()),
       {"at"},
       EnteringHandler([needs](const Entrance& entrance) {
         return ShowThumbnail(entrance, {needs.viewings, needs.folder, needs.thumbnail_decoder,
                                         needs.stored_picture_turns, needs.thumbnails});
       })},
      {Method::kGet,
       "/v1/cameras/{id}/activity",
       Guard(Action::kFootagePlay, CameraInPath()),
       {"from", "to"},
       EnteringHandler([needs](const Entrance& entrance) {
         return ShowActivity(entrance, needs.folder, needs.activity_turns);
       })},
  };
}

}  // namespace

std::vector<Route> MediaRoutes(const MediaDependencies& needs) {
  std::vector<Route> routes = ServiceRoutes(needs.gate);
  for (const auto& own : {StoredRoutes(needs), LiveRoutes(needs), PictureRoutes(needs)})
    routes.insert(routes.end(), own.begin(), own.end());
  return routes;
}

}  // namespace yagura::api
