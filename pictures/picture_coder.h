#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "pictures/picture_message.h"
#include "pictures/picture_signs.h"

namespace yagura::pictures {

inline constexpr int kThumbnailWidthPx = 320;

struct CodedPicture {
  PictureStatus status = PictureStatus::kDamaged;
  std::vector<std::uint8_t> jpeg;  // where it is done
};

struct ComparedPictures {
  PictureStatus status = PictureStatus::kDamaged;
  PictureSigns signs;  // where it is done
};

/// H.264 or H.265 frames to a JPEG, by libav. In a worker only. Opened before the sandbox closes:
/// libav sets itself up then.
class PictureCoder {
 public:
  PictureCoder();
  ~PictureCoder();
  PictureCoder(const PictureCoder&) = delete;
  PictureCoder& operator=(const PictureCoder&) = delete;

  /// The picture of the order's last frame. A picture of which anything is missing is none.
  [[nodiscard]] CodedPicture Make(const OrderView& order);
  /// The same picture, at most kThumbnailWidthPx wide, of any layout of colours.
  [[nodiscard]] CodedPicture MakeSmall(const OrderView& order);
  /// The order's first frame beside its last, which are keyframes; where it has one, that beside
  /// itself, for how dark it is.
  [[nodiscard]] ComparedPictures Compare(const OrderView& order);
};

}  // namespace yagura::pictures
