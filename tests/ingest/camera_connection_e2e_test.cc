// A camera's connection by itself: no thread, no supervisor.
#include <gmock/gmock.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "core/ids.h"
#include "ingest/camera_connection_posix.h"
#include "tests/ingest/recording_sink.h"
#include "tests/support/fake_clock.h"
#include "tests/support/scripted_camera.h"

namespace yagura::ingest {
namespace {

using testing::Answer;
using testing::Script;
using testing::ScriptedCamera;
using namespace std::chrono_literals;

class CameraConnectionTest : public ::testing::Test {
 protected:
  ~CameraConnectionTest() override { close(epoll_); }

  /// Waits for an event; nothing where none comes in time.
  std::optional<std::uint32_t> Event(std::chrono::milliseconds timeout) {
    epoll_event event{};
    const int count = epoll_wait(epoll_, &event, 1, static_cast<int>(timeout.count()));
    const std::uint32_t events = event.events;  // which is packed
    return count == 1 ? std::optional(events) : std::nullopt;
  }

  const int epoll_ = epoll_create1(EPOLL_CLOEXEC);
  testing::FakeClock clock_;
  std::vector<std::uint8_t> buffer_ = std::vector<std::uint8_t>(2 * CameraReader::kMaxCarryBytes);
  ParsingNote note_;
  JoinPaces paces_;
  LeavingWorkers leaving_;
  const std::optional<WorkerCommand> no_worker_;
  const std::function<void(CameraStream, int)> on_signal_;
  std::vector<RtspUrl> asked_;  // names to look up
  const ConnectionSurroundings surroundings_{
      clock_,     epoll_,     buffer_,
      note_,      paces_,     [this](CameraStream, const RtspUrl& url) { asked_.push_back(url); },
      no_worker_, on_signal_, leaving_};
};

TEST_F(CameraConnectionTest, ALateAnswerForWhereItWasRedirectedStopsNoLookup) {
  const ScriptedCamera gateway(Script{Answer("DESCRIBE",
                                             "RTSP/1.0 302 Found\r\nCSeq: {CSEQ}\r\n"
                                             "Location: rtsp://camera.example:1/live\r\n\r\n")});
  const SocketAddresses here = {LiteralAddress("127.0.0.1", gateway.port()).value()};
  const RtspUrl url =
      ParseRtspUrl("rtsp://camera.example:" + std::to_string(gateway.port()) + "/live").value();
  CameraConnection camera({NewId<CameraId>(), url.text, "", ""}, url,
                          std::make_shared<testing::RecordingSink>(),
                          std::make_shared<SessionBudget>(), surroundings_);
  camera.OnResolved(url, here);
  while (asked_.size() < 2) {
    const auto events = Event(60s);
    ASSERT_TRUE(events);
    camera.OnEvents(*events);
  }
  ASSERT_EQ(asked_[1].port, 1);
  for (int i = 0; i < 12; ++i) {
    clock_.Advance(500ms);
    camera.OnSweep();
  }
  camera.OnResolved(asked_[1], here);  // after 6 s
  for (int i = 0; i < 20; ++i) {
    clock_.Advance(500ms);
    camera.OnSweep();
  }
  ASSERT_GE(asked_.size(), 3u);
  EXPECT_EQ(asked_[2].port, gateway.port());
}

}  // namespace
}  // namespace yagura::ingest
