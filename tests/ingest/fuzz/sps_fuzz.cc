#include "core/check.h"
#include "ingest/h264_sps.h"
#include "ingest/h265_sps.h"
#include "tests/fuzz/fuzz_target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace ingest = yagura::ingest;
  if (size == 0) return 0;
  (void)ingest::IsRecoveryPoint({data, size});
  for (const auto& sps : {ingest::ParseH264Sps({data, size}), ingest::ParseH265Sps({data, size})}) {
    if (!sps.has_value()) continue;
    CHECK(sps->reorder_depth <= ingest::kMaxReorderDepth);
    CHECK(sps->width_px > 0 && sps->width_px <= ingest::kMaxSidePx);
    CHECK(sps->height_px > 0 && sps->height_px <= ingest::kMaxSidePx);
  }
  return 0;
}
