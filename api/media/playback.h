#pragma once

#include <functional>
#include <memory>

#include "api/media/clip_folder.h"
#include "api/media/transcoders.h"
#include "api/media/viewings.h"
#include "api/route.h"

namespace yagura::api {

/// GET /v1/cameras/{id}/playback.m3u8: no pictures, so no viewing; that it was asked for is
/// recorded. With `codec=h264` what is something else is named as it will be transcoded, and takes
/// the player's place among those for whom something is.
[[nodiscard]] Result<Response> ShowPlaylist(const Call& call, const access_control::Permit& permit,
                                            const ClipFolder& folder, Transcoders& transcoders);
/// GET /v1/runs/{id}/init.mp4: the run's ftyp and moov, from the first of its clips that is still
/// there; or those that go before what is transcoded of it.
[[nodiscard]] Result<Response> ShowInit(const Call& call, const access_control::Permit& permit,
                                        const ClipFolder& folder, Transcoders& transcoders);
/// GET /v1/clips/{id}/media: the stored file, byte ranges of it. The clip's viewing is recorded
/// before its first byte; while it is open, further ranges are decided from memory.
[[nodiscard]] Result<Response> ShowClip(const Entrance& entrance, Viewings& viewings,
                                        const ClipFolder& folder);

/// How something of a clip is handed out.
struct ClipAnswer {
  std::function<Response(const Call&, const ServedClip&)> head_only;  // of a HEAD
  std::function<Result<Response>(const Call&, const std::shared_ptr<OpenViewing>&)> whole;
};
/// Finds the clip in the path, decides, opens or goes on with its viewing, and answers with it.
[[nodiscard]] Result<Response> AnswerClip(const Entrance& entrance, Viewings& viewings,
                                          const ClipFolder& folder, const ClipAnswer& answer);

}  // namespace yagura::api
