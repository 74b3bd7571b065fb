#include "ingest/parameter_sets.h"

#include <algorithm>

namespace yagura::ingest {
namespace {

bool Same(const std::vector<std::uint8_t>& known, std::span<const std::uint8_t> bytes) {
  return std::equal(known.begin(), known.end(), bytes.begin(), bytes.end());
}

}  // namespace

void ParameterSets::NoteSdp(const std::vector<std::vector<std::uint8_t>>& nals) {
  const auto first = [&nals](std::uint8_t type) -> std::span<const std::uint8_t> {
    const auto found = std::find_if(nals.begin(), nals.end(), [type](const auto& nal) {
      return H264TypeOf(nal.front()) == type;
    });
    return found == nals.end() ? std::span<const std::uint8_t>() : std::span(*found);
  };
  // Ignored on purpose: a camera whose SDP is wrong may still be right in band.
  (void)Note(first(kNalSps), first(kNalPps));
}

Result<void> ParameterSets::Note(std::span<const std::uint8_t> sps,
                                 std::span<const std::uint8_t> pps) {
  if (!sps.empty() && !Same(sps_, sps)) {
    ASSIGN_OR_RETURN(parsed_, ParseH264Sps(sps));
    sps_.assign(sps.begin(), sps.end());
    changed_ = true;
  }
  if (!pps.empty() && !Same(pps_, pps)) {
    pps_.assign(pps.begin(), pps.end());
    changed_ = true;
  }
  return {};
}

const std::shared_ptr<const StreamFormat>& ParameterSets::format() {
  if (changed_ && !sps_.empty() && !pps_.empty()) {
    changed_ = false;
    format_ =
        std::make_shared<const StreamFormat>(StreamFormat{.codec = Codec::kH264,
                                                          .sps = sps_,
                                                          .pps = pps_,
                                                          .width_px = parsed_.width_px,
                                                          .height_px = parsed_.height_px,
                                                          .reorder_depth = parsed_.reorder_depth});
  }
  return format_;
}

}  // namespace yagura::ingest
