// Whose bytes a reader thread parses is noted, for whoever writes down a crash.
#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "ingest/pull_message.h"
#include "ingest/supervisor.h"
#include "tests/ingest/farm_fixture.h"
#include "tests/ingest/h264_stream.h"

namespace yagura::ingest {
namespace {

using namespace std::chrono_literals;

class NotedThreadsTest : public testing::FarmFixture {};

thread_local const ParsingNote* note_of_thread = nullptr;

/// Counts the units that came while this thread's note named their camera.
class NamedSink final : public AccessUnitSink {
 public:
  explicit NamedSink(const CameraId& camera) : camera_(camera) {}
  void OnAccessUnit(AccessUnit) override {
    ++(note_of_thread != nullptr && note_of_thread->Read() == CameraStream{camera_} ? named_
                                                                                    : unnamed_);
  }
  void OnInterruption(GapReason, WallTime) override {}
  [[nodiscard]] int named() const { return named_; }
  [[nodiscard]] int unnamed() const { return unnamed_; }

 private:
  const CameraId camera_;
  std::atomic<int> named_ = 0;
  std::atomic<int> unnamed_ = 0;
};

TEST_F(NotedThreadsTest, EachThreadNotesWhoseBytesItParses) {
  farm_options_.groups = {{.count = 6, .loops = {Loop("gop_half.h264")}}};
  StartFarm();
  std::vector<ParsingNote> notes(2);
  Supervisor supervisor(clock_,
                        {.threads = 2, .parsing_notes = notes, .on_thread_start = [&](unsigned i) {
                           note_of_thread = &notes[i];
                         }});
  std::vector<std::shared_ptr<NamedSink>> sinks;
  for (std::uint32_t camera = 1; camera <= 6; ++camera) {
    const auto id = NewId<CameraId>();
    sinks.push_back(std::make_shared<NamedSink>(id));
    ASSERT_TRUE(supervisor.Set({id, farm_->Url(camera), "", ""}, sinks.back()).has_value());
  }
  for (const auto& sink : sinks) {
    while (sink->named() + sink->unnamed() < 10) std::this_thread::sleep_for(10ms);
    EXPECT_EQ(sink->unnamed(), 0);
  }
  supervisor.Stop();
  for (const ParsingNote& note : notes) EXPECT_EQ(note.Read(), std::nullopt);
}

TEST_F(NotedThreadsTest, AThreadNotesWhoseBytesItParsesThoughTheyWereHeldBack) {
  testing::RtpWriter rtp;
  testing::Bytes said;
  const auto say = [&](PullKind kind, const testing::Bytes& payload) {
    testing::Append(said, testing::Interleaved(static_cast<std::uint8_t>(kind), payload));
  };
  const auto send_picture = [&](std::uint32_t time) {
    const std::vector<testing::Bytes> nals = {testing::MakeSps({.reorder_frames = 0}),
                                              testing::MakePps(),
                                              testing::MakeSlice(true, 6'000, time)};
    for (const auto& packet : rtp.Picture(nals, time)) say(PullKind::kRtp, packet);
  };
  constexpr std::string_view kSdp = "v=0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n";
  say(PullKind::kDescription, {kSdp.begin(), kSdp.end()});
  say(PullKind::kPlaying, {});
  send_picture(0);
  rtp.Skip(1);
  send_picture(6'000);   // may lack its front
  send_picture(12'000);  // whole, and nothing arrives any more
  const auto file = folder_ / "said";
  std::ofstream(file, std::ios::binary)
      .write(reinterpret_cast<const char*>(said.data()), static_cast<std::streamsize>(said.size()));
  std::vector<ParsingNote> notes(1);
  Supervisor supervisor(
      clock_,
      {.threads = 1,
       .parsing_notes = notes,
       .on_thread_start = [&](unsigned i) { note_of_thread = &notes[i]; },
       .pull_worker{{"/bin/sh", {"-c", "cat " + file.string() + "; exec cat >/dev/null"}}}});
  const auto id = NewId<CameraId>();
  const auto sink = std::make_shared<NamedSink>(id);
  ASSERT_TRUE(supervisor.Set({id, "rtsp://127.0.0.1:9/camera", "", "", CameraTransport::kUdp}, sink)
                  .has_value());
  while (sink->named() + sink->unnamed() < 2) std::this_thread::sleep_for(10ms);
  EXPECT_EQ(sink->unnamed(), 0);
}

}  // namespace
}  // namespace yagura::ingest
