#include "api/media/growing_clip.h"

#include <array>
#include <limits>
#include <string>

#include "storage/clip_reader.h"
#include "storage/sha256.h"

namespace yagura::api {
namespace {

using storage::ClipIndex;
using storage::ClipRow;

ClipRow Begun(const storage::ClipOpened& opened) {
  ClipRow row;
  row.id = opened.clip;
  row.camera = opened.camera;
  row.stream = opened.stream;
  row.owner = opened.owner;
  row.volume = opened.volume;
  row.clock = opened.clock;
  row.start = opened.wall_start;
  row.media_start = opened.media_start;
  row.lead_in = opened.lead_in;
  row.bytes = std::numeric_limits<std::uint64_t>::max();
  return row;
}

/// Without its last fragment where that is just being written.
Result<ClipIndex> ReadWholeFragments(const ClipPlace& place, ClipRow& row,
                                     const ClipFolder& folder) {
  ASSIGN_OR_RETURN(ClipIndex index, folder.ReadIndex(place, row));
  if (index.fragments.empty()) return index;
  const auto& last = index.fragments.back();
  row.bytes = index.fragments_end;
  if (folder.Check(place, row, {&last, 1}, last.offset_bytes, index.fragments_end).has_value())
    return index;
  row.bytes = last.offset_bytes;
  return folder.ReadIndex(place, row);
}

std::array<std::uint8_t, 32> NameOf(const ClipRow& row) {
  const std::string name = ToString(row.id) + " up to byte " + std::to_string(row.bytes);
  return storage::Sha256Of({reinterpret_cast<const std::uint8_t*>(name.data()), name.size()});
}

WallTime EndOf(const ClipRow& row) {
  const auto ticks = row.media_end.ticks_90k - row.media_start.ticks_90k;
  return row.start + microseconds(ticks * 100 / 9);
}

}  // namespace

std::optional<ClipRow> AsFarAsWritten(const storage::GrowingClip& clip,
                                      const std::map<VolumeId, std::string>& volume_paths,
                                      const ClipFolder& folder) {
  ClipRow row = Begun(clip.opened);
  auto place = folder.PlaceOf(volume_paths, row);
  if (!place.has_value() || place->path.empty()) return std::nullopt;
  place->object.clear();  // it is in no store before it is closed
  const auto index = ReadWholeFragments(*place, row, folder);
  if (!index.has_value() || index->fragments.empty()) return std::nullopt;
  row.header_bytes = index->header_bytes;
  row.fragments_offset = index->fragments_offset;
  row.bytes = index->fragments_end;
  row.sha256 = NameOf(row);
  row.samples = static_cast<std::uint32_t>(index->samples.size());
  row.keyframes = storage::KeyframesOf(*index);
  row.media_end = index->MediaEnd();
  row.end = EndOf(row);
  if (row.end <= row.start) return std::nullopt;
  return row;
}

std::vector<ClipRow> GrowingClipsOf(const access_control::Permit& permit, CameraStream of,
                                    const WallRange& range,
                                    const std::map<VolumeId, std::string>& volume_paths,
                                    const ClipFolder& folder) {
  std::vector<ClipRow> rows;
  for (const auto& clip : storage::GrowingClips(permit.transaction(), of, range)) {
    auto row = AsFarAsWritten(clip, volume_paths, folder);
    if (row && Overlaps({row->start, row->end}, range) &&
        permit.Allows({row->camera, row->owner.unit, {row->start, row->end}}))
      rows.push_back(*std::move(row));
  }
  return rows;
}

}  // namespace yagura::api
