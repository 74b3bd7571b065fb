#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <utility>
#include <vector>

#include "core/access_unit.h"
#include "core/result.h"
#include "simulate/loop_file.h"

namespace yagura::testing {

/// The pictures of a loop, again and again, as a camera's access units. Movable.
class LoopStream {
 public:
  /// kInvalidArgument: a loop whose pictures are decoded in another order than shown, or whose
  /// parameter sets change.
  [[nodiscard]] static Result<LoopStream> Read(const std::filesystem::path& path,
                                               std::uint32_t width_px, std::uint32_t height_px) {
    ASSIGN_OR_RETURN(const simulate::LoopFile loop, simulate::ReadLoopFile(path));
    const std::size_t sets = loop.codec == Codec::kH265 ? 3 : 2;
    if (loop.parameter_sets.size() != sets || loop.parameter_sets_change ||
        loop.reorder_frames != 0) {
      return Failure(ErrorCode::kInvalidArgument,
                     path.string() + ": a loop without B-frames, of one format, is wanted");
    }
    auto format = std::make_shared<StreamFormat>();
    format->codec = loop.codec;
    if (sets == 3) format->vps = loop.parameter_sets[0];
    format->sps = loop.parameter_sets[sets - 2];
    format->pps = loop.parameter_sets[sets - 1];
    format->width_px = width_px;
    format->height_px = height_px;
    LoopStream stream;
    stream.format_ = std::move(format);
    for (const simulate::LoopFrame& frame : loop.frames)
      stream.frames_.emplace_back(Data(frame), frame.keyframe);
    return stream;
  }
  /// The `number`-th picture, at `at` on its timeline. Its wall time is the caller's to add.
  [[nodiscard]] AccessUnit Of(int number, MediaTime at) const {
    const auto& [data, keyframe] = frames_[static_cast<std::size_t>(number) % frames_.size()];
    AccessUnit unit;
    unit.data = data;
    unit.dts = unit.pts = at;
    unit.keyframe = keyframe;
    unit.format = format_;
    return unit;
  }

 private:
  static SharedBytes Data(const simulate::LoopFrame& frame) {
    std::vector<std::uint8_t> bytes;
    for (const auto& nal : frame.nals) {
      for (int shift = 24; shift >= 0; shift -= 8)
        bytes.push_back(static_cast<std::uint8_t>(nal.size() >> shift));
      bytes.insert(bytes.end(), nal.begin(), nal.end());
    }
    return SharedBytes::CopyOf(bytes);
  }

  std::shared_ptr<const StreamFormat> format_;
  std::vector<std::pair<SharedBytes, bool>> frames_;  // with: is a keyframe
};

}  // namespace yagura::testing
