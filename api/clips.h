#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "api/route.h"
#include "storage/clip_queries_pg.h"

namespace yagura::api {

/// GET /v1/clips: closed clips of a camera, or of a floor as it was at the recording, that overlap
/// [from, to), by (start, id).
[[nodiscard]] Result<Response> ListClips(const Call& call, const access_control::Permit& permit);

/// A place in that list as a text of URL characters, and back; nothing where it is no such text.
[[nodiscard]] std::string FormatCursor(const storage::ClipCursor& cursor);
[[nodiscard]] std::optional<storage::ClipCursor> ParseCursor(std::string_view text);

}  // namespace yagura::api
