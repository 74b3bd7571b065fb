#include <string_view>

#include "core/check.h"
#include "ingest/limits.h"
#include "ingest/sdp.h"
#include "tests/fuzz/fuzz_target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace ingest = yagura::ingest;
  const auto sdp = ingest::ParseSdp({reinterpret_cast<const char*>(data), size});
  if (!sdp.has_value()) return 0;
  CHECK(sdp->media.size() <= ingest::kMaxSdpMedia);
  const auto track = ingest::FindRecordedTrack(*sdp);
  if (!track.has_value()) return 0;
  CHECK(track->payload_type <= 127);
  for (const auto& nal : track->parameter_sets)
    CHECK(!nal.empty() && nal.size() <= ingest::kMaxParameterSetBytes);
  return 0;
}
