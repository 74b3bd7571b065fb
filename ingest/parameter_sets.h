#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/access_unit.h"
#include "core/result.h"
#include "ingest/h264_sps.h"

namespace yagura::ingest {

/// The parameter sets of one track, from the SDP or in band, and the StreamFormat they make. One
/// thread.
class ParameterSets {
 public:
  /// Takes the first SPS and PPS among NAL units of the SDP. Unreadable ones are passed over:
  /// in-band ones may follow.
  void NoteSdp(const std::vector<std::vector<std::uint8_t>>& nals);
  /// Takes those of an access unit; either may be empty. kInvalidArgument: an SPS that can't be
  /// read; what was known stays.
  [[nodiscard]] Result<void> Note(std::span<const std::uint8_t> sps,
                                  std::span<const std::uint8_t> pps);

  /// The same pointer until an SPS or PPS changes; null before both are known.
  [[nodiscard]] const std::shared_ptr<const StreamFormat>& format();
  [[nodiscard]] const H264Sps& parsed_sps() const { return parsed_; }

 private:
  std::vector<std::uint8_t> sps_;
  std::vector<std::uint8_t> pps_;
  H264Sps parsed_;
  bool changed_ = false;
  std::shared_ptr<const StreamFormat> format_;
};

}  // namespace yagura::ingest
