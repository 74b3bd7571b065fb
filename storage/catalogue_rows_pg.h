#pragma once

#include "storage/catalogue.h"
#include "storage/growing_clips_pg.h"

namespace pqxx {
class row;
}  // namespace pqxx

/// Reading rows of the catalogue. For the _pg files of storage only; text that no row of ours has
/// throws std::domain_error.
namespace yagura::storage {

/// The columns that the functions below read, in their order.
inline constexpr char kClipColumns[] =
    "clip.run_id, clip.sequence, clip.camera_id, clip.stream, clip.unit_id, clip.floor_id, "
    "clip.volume_id, clip.clock, clip.start_at, "
    "clip.end_at, clip.media_start, clip.media_end, clip.bytes, clip.header_bytes, "
    "clip.fragments_from, clip.fragments_to, "
    "clip.sha256, clip.frames, clip.keyframes, clip.lead_in_run_id, clip.lead_in_sequence, "
    "clip.lead_in_offset, clip.ended_by, clip.leaving_since IS NULL, clip.copied_at IS NOT NULL";
inline constexpr char kGrowingClipColumns[] =
    "run_id, sequence, camera_id, stream, unit_id, floor_id, volume_id, clock, start_at, "
    "media_start, lead_in_run_id, lead_in_sequence, lead_in_offset, "
    "greatest(now(), start_at + interval '1 microsecond')";
inline constexpr char kRunColumns[] =
    "run.id, run.camera_id, run.stream, run.unit_id, run.floor_id, run.clock, run.start_at, "
    "run.end_at, run.media_start, run.media_end, "
    "run.codec, run.width_px, run.height_px, run.init_sha256";
inline constexpr char kGapColumns[] =
    "gap.id, gap.camera_id, gap.stream, gap.unit_id, gap.floor_id, gap.reason, gap.start_at, "
    "gap.end_at";

[[nodiscard]] ClipRow ReadClip(const pqxx::row& row);
[[nodiscard]] GrowingClip ReadGrowingClip(const pqxx::row& row);
[[nodiscard]] RunRow ReadRun(const pqxx::row& row);
[[nodiscard]] GapRow ReadGap(const pqxx::row& row);

}  // namespace yagura::storage
