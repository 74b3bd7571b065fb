#include "storage/catalogue.h"

#include "storage/codec_boxes.h"

namespace yagura::storage {

ClipRow RowOf(const ClipClosed& clip) {
  return {.id = clip.opened.clip,
          .camera = clip.opened.camera,
          .stream = clip.opened.stream,
          .owner = clip.opened.owner,
          .volume = clip.opened.volume,
          .clock = clip.opened.clock,
          .start = clip.opened.wall_start,
          .end = clip.wall_end,
          .media_start = clip.opened.media_start,
          .media_end = clip.media_end,
          .bytes = clip.bytes,
          .header_bytes = clip.header_bytes,
          .fragments_offset = clip.fragments_offset,
          .trailer_offset = clip.trailer_offset,
          .sha256 = clip.sha256,
          .samples = clip.samples,
          .keyframes = clip.keyframes,
          .lead_in = clip.opened.lead_in,
          .ended_by = clip.ended_by};
}

RunRow RowOf(const RunOpened& run) {
  return {.id = run.run,
          .camera = run.camera,
          .stream = run.stream,
          .owner = run.owner,
          .clock = run.clock,
          .start = run.wall_start,
          .end = std::nullopt,
          .media_start = run.media_start,
          .media_end = std::nullopt,
          .codec = CodecString(run.format),
          .width_px = run.format.width_px,
          .height_px = run.format.height_px,
          .init_sha256 = run.init_sha256};
}

}  // namespace yagura::storage
