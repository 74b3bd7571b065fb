#pragma once

#include "api/media/clip_folder.h"
#include "api/media/footage_plan.h"
#include "core/result.h"
#include "core/time.h"
#include "pictures/picture_message.h"

namespace yagura::api {

/// What a decode worker needs for one stored picture.
struct StoredPicture {
  pictures::PictureOrder order;
  WallRange shown;  // from its instant of presentation on
};

/// The picture that `plan`'s first sequence presents at `at`: its frames from the keyframe on, read
/// and checked. kNotFound: none is presented then; kDataLoss: a file is missing or damaged;
/// kUnimplemented: the keyframe is too far away.
[[nodiscard]] Result<StoredPicture> ReadStoredPicture(const FootagePlan& plan, WallTime at,
                                                      const ClipFolder& folder);

/// The keyframe that decoding a picture begins at.
struct StoredKeyframe {
  const storage::ClipRow* clip;  // of the plan's
  MediaTime media;
  WallRange shown;  // to the next keyframe of its clip, or its end
};
/// That of the picture which `plan`'s first sequence presents at `at`, by the rows alone; nothing
/// where no clip of it has one before. Pure.
[[nodiscard]] std::optional<StoredKeyframe> KeyframeFor(const FootagePlan& plan, WallTime at);
/// What a decode worker needs for it, read and checked. Errors as ReadStoredPicture.
[[nodiscard]] Result<pictures::PictureOrder> ReadKeyframe(const FootagePlan& plan,
                                                          const StoredKeyframe& keyframe,
                                                          const ClipFolder& folder);

/// Where the frames of one picture stand among those of consecutive clips, in decoding order.
struct PictureFrame {
  std::size_t clip = 0;
  storage::IndexedSample sample;
  [[nodiscard]] MediaTime pts() const { return {sample.dts.ticks_90k + sample.composition_90k}; }
};
/// Of `frames`: those from the keyframe to the one that is presented at `media` in the clip
/// numbered `clip`. Empty where there is none, or no keyframe before it. Pure.
[[nodiscard]] std::span<const PictureFrame> FramesOfPicture(std::span<const PictureFrame> frames,
                                                            std::size_t clip, MediaTime media);

}  // namespace yagura::api
