#include <gmock/gmock.h>

#include <atomic>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

#include "api/media/server_beast.h"
#include "tests/api/raw_client_posix.h"

// Bodies without an end over a real listener.
namespace yagura::api {
namespace {

using std::chrono::milliseconds;
using ::testing::HasSubstr;
using ::testing::StartsWith;

/// Frames as a test has them; tells when it has gone.
class TestLive final : public LiveSource {
 public:
  struct Stage {
    std::mutex mutex;
    std::deque<std::string> waiting;
    bool ended = false;
    bool cut = false;
    std::atomic<bool> gone{false};
    std::function<void()> wake;

    void Push(std::string piece, bool then_end = false) {
      const std::scoped_lock lock(mutex);
      if (!piece.empty()) waiting.push_back(std::move(piece));
      ended = then_end;
      if (wake) wake();
    }
    void Cut() {
      const std::scoped_lock lock(mutex);
      cut = true;
      if (wake) wake();
    }
  };
  explicit TestLive(Stage& stage) : stage_(stage) {}
  ~TestLive() override { stage_.gone = true; }
  Taken Take() override {
    const std::scoped_lock lock(stage_.mutex);
    if (stage_.cut || (stage_.waiting.empty() && stage_.ended)) return {State::kEnd, {}, {}};
    if (stage_.waiting.empty()) return {State::kWait, {}, {}};
    std::string piece = std::move(stage_.waiting.front());
    stage_.waiting.pop_front();
    return {State::kPiece, std::move(piece), {}};
  }
  void OnReady(std::function<void()> wake) override {
    const std::scoped_lock lock(stage_.mutex);
    stage_.wake = std::move(wake);
  }
  bool is_cut() const override {
    const std::scoped_lock lock(stage_.mutex);
    return stage_.cut;
  }

 private:
  Stage& stage_;
};

Response LiveResponse(TestLive::Stage& stage) {
  Response response;
  response.body = std::make_shared<TestLive>(stage);
  return response;
}

bool Await(const std::function<bool()>& condition) {
  for (int i = 0; i < 2'000 && !condition(); ++i) std::this_thread::sleep_for(milliseconds(5));
  return condition();
}

class LiveServerTest : public ::testing::Test {
 protected:
  void Start(RequestHandler handler) { server_ = *MediaServer::Start({}, std::move(handler)); }
  std::unique_ptr<MediaServer> server_;
};

TEST_F(LiveServerTest, SendsWhatComesWhenItComes) {
  TestLive::Stage stage;
  Start([&](const Request&) { return LiveResponse(stage); });
  RawClient client(server_->port());
  client.Send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  stage.Push("first");
  EXPECT_THAT(client.ReadUntil("first\r\n"), HasSubstr("Transfer-Encoding: chunked"));
  stage.Push("second");
  EXPECT_EQ(client.ReadUntil("second\r\n"), "6\r\nsecond\r\n");
  stage.Push("", true);
  EXPECT_EQ(client.ReadUntil("0\r\n\r\n"), "0\r\n\r\n");
  EXPECT_TRUE(Await([&] { return stage.gone.load(); }));
}

TEST_F(LiveServerTest, ACallerWhoLeavesIsNoticedThoughNothingComes) {
  TestLive::Stage stage;
  Start([&](const Request&) { return LiveResponse(stage); });
  {
    RawClient client(server_->port());
    client.Send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    stage.Push("first");
    (void)client.ReadUntil("first\r\n");
  }
  EXPECT_TRUE(Await([&] { return stage.gone.load(); }));
}

TEST_F(LiveServerTest, ACutEndsAlsoACallerWhoTakesNothing) {
  TestLive::Stage stage;
  Start([&](const Request&) { return LiveResponse(stage); });
  RawClient client(server_->port());
  client.Send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  stage.Push(std::string(64 << 20, 'x'));  // more than sockets hold
  EXPECT_THAT(client.ReadUntil("xxxx"), HasSubstr("200 OK"));
  stage.Cut();
  EXPECT_TRUE(Await([&] { return stage.gone.load(); }));
}

TEST_F(LiveServerTest, WhereNothingIsToBeSeenItSaysSo) {
  TestLive::Stage stage;
  Start([&](const Request&) { return LiveResponse(stage); });
  stage.Push("", true);
  RawClient client(server_->port());
  client.Send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(client.ReadResponse(), StartsWith("HTTP/1.1 503"));
}

}  // namespace
}  // namespace yagura::api
