#include "storage/keyframe_list.h"

#include "storage/bytes.h"

namespace yagura::storage {

std::vector<std::uint8_t> PackKeyframes(std::span<const ClipKeyframe> keyframes,
                                        MediaTime media_start) {
  ByteWriter out;
  ClipKeyframe before{.offset_bytes = 0, .media_time = media_start};
  for (const ClipKeyframe& keyframe : keyframes) {
    out.Varint(keyframe.offset_bytes - before.offset_bytes);
    out.SignedVarint(keyframe.media_time.ticks_90k - before.media_time.ticks_90k);
    before = keyframe;
  }
  return out.Take();
}

Result<std::vector<ClipKeyframe>> UnpackKeyframes(std::span<const std::uint8_t> packed,
                                                  MediaTime media_start) {
  std::vector<ClipKeyframe> keyframes;
  ByteReader in(packed);
  ClipKeyframe last{.offset_bytes = 0, .media_time = media_start};
  while (in.remaining() > 0) {
    last.offset_bytes += in.Varint();
    last.media_time.ticks_90k += in.SignedVarint();
    if (!in.ok()) return Failure(ErrorCode::kDataLoss, "a list of keyframes ends inside a number");
    keyframes.push_back(last);
  }
  return keyframes;
}

}  // namespace yagura::storage
