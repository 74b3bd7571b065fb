#include "core/check.h"
#include "ingest/h264_sps.h"
#include "tests/ingest/fuzz/fuzz_target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace ingest = yagura::ingest;
  if (size == 0) return 0;
  (void)ingest::IsRecoveryPoint({data, size});
  const auto sps = ingest::ParseH264Sps({data, size});
  if (!sps.has_value()) return 0;
  CHECK(sps->reorder_depth <= 16);
  CHECK(sps->width_px > 0 && sps->width_px <= 16'384);
  CHECK(sps->height_px > 0 && sps->height_px <= 16'384);
  return 0;
}
