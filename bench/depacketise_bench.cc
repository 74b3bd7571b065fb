// What does it cost to turn what a camera sends into access units with times, beside only copying
// the bytes?
//
// One camera of 1080p, 15 frames a second, about 2 Mbit/s, GOP of 2 s, twenty seconds of it, handed
// on in reads of up to 64 KiB, as the gathering reader gets them. bytes/s are bytes off the wire,
// items/s are RTP packets. Each run is verified: every access unit's CRC.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstring>
#include <random>

#include "core/check.h"
#include "core/crc32c.h"
#include "ingest/camera_reader.h"
#include "tests/ingest/h264_stream.h"

namespace yagura::ingest {
namespace {

using testing::Bytes;
using namespace std::chrono_literals;

constexpr std::uint32_t kSeed = 20'270'615;
constexpr std::uint32_t kFrames = 300;
constexpr std::size_t kReadBytes = 64 * 1024;

struct Stream {
  Bytes bytes;  // from the first RTP packet on
  std::int64_t packets = 0;
  std::vector<std::uint32_t> unit_crcs;
};

Stream MakeStream() {
  std::mt19937 random(kSeed);
  testing::RtpWriter rtp;
  Stream stream;
  for (std::uint32_t frame = 0; frame < kFrames; ++frame) {
    const bool idr = frame % 30 == 0;
    std::vector<Bytes> nals;
    if (idr) nals = {testing::MakeSps({.reorder_frames = 0}), testing::MakePps()};
    const std::size_t size = idr ? 95'000 + random() % 20'000 : 11'000 + random() % 6'000;
    nals.push_back(testing::MakeSlice(idr, size, frame));
    for (const Bytes& packet : rtp.Picture(nals, frame * 6'000)) {
      testing::Append(stream.bytes, testing::Interleaved(0, packet));
      ++stream.packets;
    }
    stream.unit_crcs.push_back(Crc32c(testing::WithLengths(nals)));
  }
  return stream;
}

const Stream& TheStream() {
  static const Stream stream = MakeStream();
  return stream;
}

class KeepingSink final : public AccessUnitSink {
 public:
  void OnAccessUnit(AccessUnit unit) override { units.push_back(std::move(unit)); }
  void OnInterruption(GapReason, WallTime) override {}
  std::vector<AccessUnit> units;
};

/// A reader that has been through PLAY.
void Play(CameraReader& reader, const Instant& now) {
  const std::string sdp = "v=0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n";
  const std::string ok = "RTSP/1.0 200 OK\r\n";
  const std::string replies = ok + "\r\n" + ok + "Content-Length: " + std::to_string(sdp.size()) +
                              "\r\n\r\n" + sdp + ok +
                              "Transport: RTP/AVP/TCP;interleaved=0-1\r\n\r\n" + ok + "\r\n";
  reader.Begin(ParseRtspUrl("rtsp://camera/live").value(), {}, now);
  (void)reader.OnBytes({reinterpret_cast<const std::uint8_t*>(replies.data()), replies.size()},
                       now);
  CHECK(reader.playing());
}

void Verify(const std::vector<AccessUnit>& units) {
  CHECK(units.size() == kFrames);
  for (std::size_t i = 0; i < units.size(); ++i)
    CHECK(Crc32c(units[i].data.bytes()) == TheStream().unit_crcs[i]);
}

void Report(benchmark::State& state) {
  const auto iterations = static_cast<std::int64_t>(state.iterations());
  state.SetBytesProcessed(iterations * static_cast<std::int64_t>(TheStream().bytes.size()));
  state.SetItemsProcessed(iterations * TheStream().packets);
}

void Depacketise(benchmark::State& state) {
  const Bytes& bytes = TheStream().bytes;
  Bytes room(CameraReader::kMaxCarryBytes + kReadBytes);
  for (auto _ : state) {
    KeepingSink sink;
    Instant now{MonoTime(1'000s), WallTime(1'800'000'000s)};
    CameraReader reader(sink, now.wall);
    Play(reader, now);
    std::size_t carry = 0;
    for (std::size_t at = 0; at < bytes.size(); at += kReadBytes) {  // what recv would put there
      std::uint8_t* const begin = room.data() + CameraReader::kMaxCarryBytes;
      const std::size_t size = std::min(kReadBytes, bytes.size() - at);
      std::memcpy(begin, bytes.data() + at, size);
      const std::span<const std::uint8_t> waiting(begin - carry, carry + size);
      const std::size_t taken = reader.OnBytes(waiting, now);
      carry = waiting.size() - taken;
      std::memmove(begin - carry, waiting.data() + taken, carry);
      now.mono += 250ms;
      now.wall += 250ms;
    }
    state.PauseTiming();
    Verify(sink.units);
    state.ResumeTiming();
  }
  Report(state);
}
BENCHMARK(Depacketise)->Unit(benchmark::kMillisecond);

/// The yardstick: the same bytes into the receive buffer and once more to where they would stay.
void CopyTwice(benchmark::State& state) {
  const Bytes& bytes = TheStream().bytes;
  Bytes room(kReadBytes);
  for (auto _ : state) {
    Bytes kept;
    kept.reserve(bytes.size());
    for (std::size_t at = 0; at < bytes.size(); at += kReadBytes) {
      const std::size_t size = std::min(kReadBytes, bytes.size() - at);
      std::memcpy(room.data(), bytes.data() + at, size);
      kept.insert(kept.end(), room.begin(), room.begin() + static_cast<std::ptrdiff_t>(size));
    }
    CHECK(kept.size() == bytes.size());
    benchmark::DoNotOptimize(kept.data());
  }
  Report(state);
}
BENCHMARK(CopyTwice)->Unit(benchmark::kMillisecond);

/// The failure path: every hundredth packet is missing, so nearly every picture is damaged.
void DepacketiseWithLoss(benchmark::State& state) {
  const Bytes& bytes = TheStream().bytes;
  for (auto _ : state) {
    KeepingSink sink;
    const Instant now{MonoTime(1'000s), WallTime(1'800'000'000s)};
    CameraReader reader(sink, now.wall);
    Play(reader, now);
    std::int64_t number = 0;
    for (std::size_t at = 0; at < bytes.size(); ++number) {
      const std::size_t size = 4 + (std::size_t{bytes[at + 2]} << 8 | bytes[at + 3]);
      if (number % 100 != 50) (void)reader.OnBytes(std::span(bytes).subspan(at, size), now);
      at += size;
    }
    CHECK(reader.lost_packets() == static_cast<std::uint64_t>((number + 49) / 100));
    CHECK(!reader.failure());
  }
  Report(state);
}
BENCHMARK(DepacketiseWithLoss)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace yagura::ingest
