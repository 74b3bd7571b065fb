#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/access_unit.h"
#include "core/result.h"
#include "ingest/depacketizer.h"
#include "ingest/sequence_info.h"

namespace yagura::ingest {

/// All that is different between codecs, for whoever only knows which one it is.
struct VideoCodec {
  Codec codec;
  bool has_vps;
  bool has_pps;
  std::unique_ptr<Depacketizer> (*make_depacketizer)();
  Result<SequenceInfo> (*parse_sps)(std::span<const std::uint8_t> nal);
  /// The first of each kind among NAL units (none empty).
  ParameterSetNals (*pick_parameter_sets)(const std::vector<std::vector<std::uint8_t>>& nals);
};

[[nodiscard]] const VideoCodec& VideoCodecOf(Codec codec);

}  // namespace yagura::ingest
