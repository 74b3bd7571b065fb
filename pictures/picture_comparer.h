#pragma once

#include "pictures/picture_decoder.h"
#include "pictures/picture_signs.h"

namespace yagura::pictures {

/// Has two keyframes looked at by a warm worker, of the same kind as PictureDecoder's but that it
/// answers with signs, never with a picture. Thread-safe; calls wait.
class PictureComparer {
 public:
  /// `program` is a worker with the arguments `decode --signs`.
  explicit PictureComparer(std::string program);

  /// Of the order's first and last frame, which are keyframes; of one alone how dark it is, for
  /// less. Errors are those of MakePicture.
  [[nodiscard]] Result<PictureSigns> Compare(const PictureOrder& order);

 private:
  PictureDecoder decoder_;
};

}  // namespace yagura::pictures
