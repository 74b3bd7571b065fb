#include "ingest/parameter_sets.h"

#include <algorithm>

namespace yagura::ingest {
namespace {

bool Same(const std::vector<std::uint8_t>& known, std::span<const std::uint8_t> bytes) {
  return std::equal(known.begin(), known.end(), bytes.begin(), bytes.end());
}

}  // namespace

void ParameterSets::NoteSdp(const std::vector<std::vector<std::uint8_t>>& nals) {
  // Ignored on purpose: a camera whose SDP is wrong may still be right in band.
  (void)Note(codec_.pick_parameter_sets(nals));
}

Result<void> ParameterSets::Note(const ParameterSetNals& nals) {
  if (!nals.sps.empty() && !Same(sps_, nals.sps)) {
    ASSIGN_OR_RETURN(sequence_, codec_.parse_sps(nals.sps));
    Keep(nals.sps, sps_);
  }
  Keep(nals.vps, vps_);
  Keep(nals.pps, pps_);
  return {};
}

void ParameterSets::Keep(std::span<const std::uint8_t> nal, std::vector<std::uint8_t>& known) {
  if (nal.empty() || Same(known, nal)) return;
  known.assign(nal.begin(), nal.end());
  changed_ = true;
}

const std::shared_ptr<const StreamFormat>& ParameterSets::format() {
  const bool whole =
      !sps_.empty() && (!codec_.has_pps || !pps_.empty()) && (!codec_.has_vps || !vps_.empty());
  if (changed_ && whole) {
    changed_ = false;
    format_ = std::make_shared<const StreamFormat>(
        StreamFormat{.codec = codec_.codec,
                     .vps = vps_,
                     .sps = sps_,
                     .pps = pps_,
                     .width_px = sequence_.width_px,
                     .height_px = sequence_.height_px,
                     .reorder_depth = sequence_.reorder_depth});
  }
  return format_;
}

}  // namespace yagura::ingest
