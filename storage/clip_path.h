#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/calendar.h"
#include "storage/journal_records.h"

namespace yagura::storage {

/// Where a clip lies below its volume's root: "clips/<office date of its
/// start>/<camera>/<run>.<sequence>.mp4". Derived, never stored.
[[nodiscard]] std::string ClipPath(const OfficeCalendar& calendar, const CameraId& camera,
                                   const ClipId& clip, WallTime wall_start);
[[nodiscard]] std::string ClipPath(const OfficeCalendar& calendar, const ClipOpened& clip);

/// The clip that a file name "<run>.<sequence>.mp4" names.
[[nodiscard]] std::optional<ClipId> ParseClipFileName(std::string_view name);

}  // namespace yagura::storage
