// What a pull worker says, which may have been taken over by what its camera sent.
#include <algorithm>
#include <vector>

#include "ingest/camera_reader.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/ingest/fuzz/checking_sink.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace ingest = yagura::ingest;
  using namespace std::chrono_literals;
  if (size == 0) return 0;
  const std::size_t cut = 1 + std::size_t{data[0]} * data[0];
  yagura::testing::CheckingSink sink;
  ingest::Instant now{yagura::MonoTime(1'000s), yagura::WallTime(1'800'000'000s)};
  ingest::CameraReader reader(sink, now.wall);
  reader.BeginPulling({yagura::CameraTransport::kUdp, "rtsp://192.0.2.1/live", "u", "p"}, now);
  std::vector<std::uint8_t> waiting;
  for (std::size_t at = 1; at < size && !reader.failure(); at += cut) {
    waiting.insert(waiting.end(), data + at, data + std::min(size, at + cut));
    const std::size_t taken = reader.OnBytes(waiting, now);
    CHECK(taken <= waiting.size());
    waiting.erase(waiting.begin(), waiting.begin() + static_cast<std::ptrdiff_t>(taken));
    CHECK(reader.failure() || waiting.size() < ingest::CameraReader::kMaxCarryBytes);
    now.mono += 20ms;
    now.wall += 20ms;
    reader.OnTime(now);
  }
  reader.Stop();
  reader.End(yagura::GapReason::kCameraUnreachable, now);
  return 0;
}
