#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "api/http.h"
#include "api/route.h"
#include "core/camera_stream.h"
#include "core/result.h"

namespace yagura::api {

/// In what video is handed out.
enum class Coding : std::uint8_t {
  kAsSent,  // as the camera sent it
  kH264,    // transcoded, where the camera sends something else
};
/// `codec`, which is "h264" or not given. kInvalidArgument: anything else.
[[nodiscard]] Result<Coding> CodingOf(const Call& call);
/// What an address asks for it with, behind another parameter: "&codec=h264", or nothing.
[[nodiscard]] std::string CodingSuffix(Coding coding);

/// Whether footage of this codec (RFC 6381) is H.264 already.
[[nodiscard]] bool IsH264(std::string_view codec);

/// A stream as somebody watches it.
struct WatchedStream {
  CameraStream of;
  Coding coding = Coding::kAsSent;
  friend auto operator<=>(const WatchedStream&, const WatchedStream&) = default;
};

/// 503 `transcodes_busy`: as many streams are being transcoded as may be at once.
[[nodiscard]] Response TranscodesBusy();

}  // namespace yagura::api
