#include "tests/fuzz/fuzz_target.h"
#include "tests/ingest/fuzz/feed_track.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  yagura::testing::FeedTrack(yagura::Codec::kJpeg, {data, size});
  return 0;
}
