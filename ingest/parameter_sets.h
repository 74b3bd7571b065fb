#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/access_unit.h"
#include "core/result.h"
#include "ingest/video_codec.h"

namespace yagura::ingest {

/// The parameter sets of one track, from the SDP or in band, and the StreamFormat they make. One
/// thread.
class ParameterSets {
 public:
  explicit ParameterSets(Codec codec) : codec_(VideoCodecOf(codec)) {}

  /// Takes the first of each kind among NAL units of the SDP. Unreadable ones are passed over:
  /// in-band ones may follow.
  void NoteSdp(const std::vector<std::vector<std::uint8_t>>& nals);
  /// Takes those of an access unit; each may be empty. kInvalidArgument: an SPS that can't be read;
  /// what was known stays.
  [[nodiscard]] Result<void> Note(const ParameterSetNals& nals);

  /// The same pointer until one of them changes; null before all are known.
  [[nodiscard]] const std::shared_ptr<const StreamFormat>& format();
  [[nodiscard]] const SequenceInfo& sequence() const { return sequence_; }

 private:
  void Keep(std::span<const std::uint8_t> nal, std::vector<std::uint8_t>& known);

  const VideoCodec& codec_;
  std::vector<std::uint8_t> vps_;
  std::vector<std::uint8_t> sps_;
  std::vector<std::uint8_t> pps_;
  SequenceInfo sequence_;
  bool changed_ = false;
  std::shared_ptr<const StreamFormat> format_;
};

}  // namespace yagura::ingest
