#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "core/access_unit.h"
#include "core/result.h"
#include "simulate/frame_rate.h"

namespace yagura::simulate {

/// What a loop must know of one NAL unit.
struct NalFacts {
  enum class Kind : std::uint8_t { kSlice, kVps, kSps, kPps, kOther };
  Kind kind = Kind::kOther;
  /// Begins an access unit, where there was a picture before.
  bool opens = false;
  bool keyframe = false;  // a slice at which decoding can start
  bool restarts = false;  // a slice of a picture that everything behind it is shown behind
  /// Of a picture's first slice: its place among those since the last restart, in presentation
  /// order.
  std::int64_t order = 0;
};

/// Reads the NAL units of a byte stream in their order, and keeps what later ones need of the ones
/// before: parameter sets may change. One for each codec.
class PictureReader {
 public:
  virtual ~PictureReader() = default;
  /// `nal`: at least as long as its header. kInvalidArgument, kUnimplemented: no stream that we can
  /// play.
  [[nodiscard]] virtual Result<NalFacts> Read(std::span<const std::uint8_t> nal) = 0;
  /// Of the newest SPS, where it tells.
  [[nodiscard]] virtual std::optional<FrameRate> rate() const = 0;
};

[[nodiscard]] std::unique_ptr<PictureReader> MakePictureReader(Codec codec);
/// What begins with this NAL unit: H.265 begins with a VPS or a delimiter of its own.
[[nodiscard]] Codec GuessCodec(std::span<const std::uint8_t> first_nal);

}  // namespace yagura::simulate
