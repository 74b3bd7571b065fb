// What does it cost to bring one second of many cameras (2 Mbit/s, 15 frames/s, a keyframe every 2
// s) to the disk, beside only writing the same bytes? Items are camera-seconds; files lie in the
// current folder and are removed. Each run reads its clips again.
#include <benchmark/benchmark.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "storage/clip_path.h"
#include "storage/clip_reader.h"
#include "storage/files_posix.h"
#include "storage/recorder_core.h"
#include "storage/sha256.h"

namespace yagura::storage {
namespace {

constexpr int kFps = 15;
constexpr int kGop = 30;
constexpr std::size_t kFrameBytes = 2'000'000 / 8 / kFps;
constexpr std::size_t kKeyframeBytes = 5 * kFrameBytes;
constexpr WallTime kStart{std::chrono::seconds(1'800'000'000)};

SharedBytes FrameOf(std::size_t size_bytes, std::uint8_t seed) {
  std::vector<std::uint8_t> bytes(size_bytes);
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(seed + i * i);
  return SharedBytes::CopyOf(bytes);
}

/// One GOP's frames, from a fixed seed; the others are smaller, so that a GOP has its rate.
std::vector<SharedBytes> MakeGop() {
  std::vector<SharedBytes> gop{FrameOf(kKeyframeBytes, 1)};
  const std::size_t rest = (kGop * kFrameBytes - kKeyframeBytes) / (kGop - 1);
  for (std::uint8_t i = 1; i < kGop; ++i) gop.push_back(FrameOf(rest, i));
  return gop;
}

std::shared_ptr<const StreamFormat> Format() {
  auto format = std::make_shared<StreamFormat>();
  format->sps = {0x67, 0x4d, 0x40, 0x1f, 0x95};
  format->pps = {0x68, 0xee, 0x3c, 0x80};
  format->width_px = 1920;
  format->height_px = 1080;
  return format;
}

AccessUnit UnitOf(const std::vector<SharedBytes>& gop,
                  const std::shared_ptr<const StreamFormat>& format, std::int64_t frame) {
  AccessUnit unit;
  unit.data = gop[static_cast<std::size_t>(frame % kGop)];
  unit.dts = unit.pts = MediaTime{900'000 + frame * (kMediaTimescale / kFps)};
  unit.keyframe = frame % kGop == 0;
  unit.wall = kStart + Between(MediaTime{900'000}, unit.pts);
  unit.format = format;
  return unit;
}

class Folder {
 public:
  Folder()
      : path_(std::filesystem::current_path() /
              ("write-fragment-bench-" + ToString(NewId<RunId>()))) {
    std::filesystem::create_directories(path_ / "state");
    std::filesystem::create_directories(path_ / "volume");
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] std::string operator/(const char* name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

/// That every row's file has the frames and the bytes that its row says; the frames in all.
std::uint64_t Verify(Files& files, Journal& journal, const OfficeCalendar& calendar,
                     const std::string& root) {
  std::uint64_t samples = 0;
  for (JournalPosition position;;) {
    const auto batch = journal.ReadFrom(position, 1000);
    if (!batch.has_value() || batch->next == position) return samples;
    position = batch->next;
    for (const JournalRecord& record : batch->records) {
      const auto* row = std::get_if<ClipClosed>(&record);
      if (row == nullptr) continue;
      const auto bytes = ReadWhole(files, root + "/" + ClipPath(calendar, row->opened), row->bytes);
      if (!bytes.has_value() || Sha256Of(*bytes) != row->sha256) return 0;
      samples += row->samples;
    }
  }
}

/// The whole way: cutting, checksums, one write a fragment, hashing, syncs, journal.
void RecordSeconds(benchmark::State& state) {
  const auto cameras = static_cast<std::size_t>(state.range(0));
  const Folder folder;
  PosixFiles files;
  SystemClock clock;
  const OfficeCalendar calendar = *OfficeCalendar::Load("Asia/Tokyo");
  const std::string root = folder / "volume";
  if (!Volume::Format(files, root).has_value()) return state.SkipWithError("no volume");
  RecorderCore recorder({.state_folder = folder / "state", .volumes = {{.root = root}}}, files,
                        clock, calendar);
  if (!recorder.Open().has_value()) return state.SkipWithError("no recorder");
  std::vector<std::shared_ptr<AccessUnitSink>> sinks;
  for (std::size_t i = 0; i < cameras; ++i) {
    sinks.push_back(recorder.Attach(NewId<CameraId>(), Stream::kMain, {OwnerSpan{}}, kStart));
  }
  const auto gop = MakeGop();
  const auto format = Format();
  VolumeWriter& volume = *recorder.volumes().front();
  std::int64_t frame = 0;
  for (auto iteration : state) {
    for (int i = 0; i < kFps; ++i, ++frame) {
      for (const auto& sink : sinks) sink->OnAccessUnit(UnitOf(gop, format, frame));
      volume.ProcessQueue();
    }
    volume.SyncRound();
  }
  recorder.EndAll();
  volume.ProcessQueue();
  volume.SyncRound();
  const auto sent = static_cast<std::uint64_t>(frame) * cameras;
  if (Verify(files, recorder.journal(), calendar, root) != sent)
    state.SkipWithError("not all is there");
  state.SetItemsProcessed(state.iterations() * state.range(0));
  state.SetBytesProcessed(state.iterations() * state.range(0) * kFps *
                          static_cast<std::int64_t>(kFrameBytes));
}
BENCHMARK(RecordSeconds)->Arg(1)->Arg(25)->Arg(100)->Iterations(40)->Unit(benchmark::kMillisecond);

/// The same bytes, one write a frame, as a copy from a socket would do it; no sync.
void WriteFramesOnly(benchmark::State& state) {
  const Folder folder;
  PosixFiles files;
  std::vector<std::unique_ptr<File>> outputs;
  for (std::int64_t i = 0; i < state.range(0); ++i) {
    outputs.push_back(*files.Create(folder / ("volume/" + std::to_string(i)).c_str()));
  }
  const auto gop = MakeGop();
  std::uint64_t offset = 0;
  std::int64_t frame = 0;
  for (auto iteration : state) {
    for (int i = 0; i < kFps; ++i, ++frame) {
      const SharedBytes& bytes = gop[static_cast<std::size_t>(frame % kGop)];
      const std::array<ByteView, 1> parts{bytes.bytes()};
      for (const auto& output : outputs)
        benchmark::DoNotOptimize(output->Write(offset, parts).has_value());
      offset += bytes.size();
    }
  }
  for (const auto& output : outputs) {
    if (output->Size().value_or(0) != offset) state.SkipWithError("not all is there");
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
  state.SetBytesProcessed(state.iterations() * state.range(0) * kFps *
                          static_cast<std::int64_t>(kFrameBytes));
}
BENCHMARK(WriteFramesOnly)
    ->Arg(1)
    ->Arg(25)
    ->Arg(100)
    ->Iterations(40)
    ->Unit(benchmark::kMillisecond);

/// Cutting alone: from access units to fragments with their checksums.
void CutSeconds(benchmark::State& state) {
  StreamCutter cutter({.camera = {},
                       .stream = Stream::kMain,
                       .new_run_id = [] { return RunId{}; },
                       .clock_state = [] { return ClockState::kUnknown; }},
                      OwnerSchedule({OwnerSpan{}}, *OfficeCalendar::Load("Asia/Tokyo")),
                      WallTime{});
  const auto gop = MakeGop();
  const auto format = Format();
  std::int64_t frame = 0;
  std::uint64_t samples = 0;
  StreamCutter::Events events;
  for (auto iteration : state) {
    for (int i = 0; i < kFps; ++i, ++frame) cutter.OnAccessUnit(UnitOf(gop, format, frame), events);
    for (const StreamEvent& event : events) samples += std::get<Fragment>(event).samples.size();
    events.clear();
  }
  if (samples + kGop < static_cast<std::uint64_t>(frame)) state.SkipWithError("frames are missing");
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(CutSeconds)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace yagura::storage
