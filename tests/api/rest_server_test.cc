#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>
#include <thread>

#include "api/media/server_beast.h"
#include "api/server_rest.h"
#include "tests/api/raw_client_posix.h"

// A real listener, and callers who don't keep to the rules.
namespace yagura::api {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::HasSubstr;
using testing::StartsWith;

Response Echo(const Request& request) {
  Response response;
  response.headers.Set("Content-Type", "text/plain");
  response.body = request.method + " " + request.target + " " + request.body;
  return response;
}

std::unique_ptr<RestServer> StartServer(RequestHandler handler = Echo, ServerOptions options = {}) {
  auto server = RestServer::Start(options, std::move(handler));
  EXPECT_TRUE(server.has_value());
  return *std::move(server);
}

std::string Ask(std::uint16_t port, std::string_view request) {
  RawClient client(port);
  client.Send(request);
  return client.ReadResponse();
}

TEST(RestServerTest, AnswersAndKeepsTheConnection) {
  const auto server = StartServer();
  RawClient client(server->port());
  for (int i = 0; i < 2; ++i) {
    client.Send("POST /v1/session?a=b%20c HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi");
    const std::string response = client.ReadResponse();
    EXPECT_EQ(StatusLineOf(response), "HTTP/1.1 200 OK");
    EXPECT_EQ(BodyOf(response), "POST /v1/session?a=b%20c hi");
  }
}

TEST(RestServerTest, HeadHasTheLengthAndNoBody) {
  const auto server = StartServer();
  RawClient client(server->port());
  client.Send("HEAD /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
  const std::string response = client.ReadAll();  // the connection ends with it
  EXPECT_EQ(StatusLineOf(response), "HTTP/1.1 200 OK");
  EXPECT_EQ(FieldOf(response, "Content-Length"),
            std::to_string(std::string("HEAD /healthz ").size()));
  EXPECT_EQ(BodyOf(response), "");
}

TEST(RestServerTest, OptionsAndTraceReachTheHandler) {
  const auto server = StartServer();
  EXPECT_THAT(BodyOf(Ask(server->port(), "OPTIONS /a HTTP/1.1\r\nHost: x\r\n\r\n")),
              StartsWith("OPTIONS /a"));
  EXPECT_THAT(BodyOf(Ask(server->port(), "TRACE /a HTTP/1.1\r\nHost: x\r\n\r\n")),
              StartsWith("TRACE /a"));
}

TEST(RestServerTest, ABodyOf100MegabytesCostsNoMemory) {
  const auto server = StartServer();
  const std::int64_t before = ResidentBytes();
  RawClient client(server->port());
  client.Send("POST /v1/session HTTP/1.1\r\nHost: x\r\nContent-Length: 104857600\r\n\r\n");
  const std::string chunk(1 << 20, 'x');
  int megabytes = 0;
  while (megabytes < 100 && client.Send(chunk)) ++megabytes;
  EXPECT_LT(megabytes, 100) << "the listener took the whole body";
  EXPECT_LT(ResidentBytes() - before, 16 << 20);
  EXPECT_THAT(Ask(server->port(), "GET /after HTTP/1.1\r\nHost: x\r\n\r\n"),
              HasSubstr("GET /after"));
}

TEST(RestServerTest, ATooLargeBodyIsRefusedFromItsLengthAlone) {
  const auto server = StartServer();
  const std::string response =
      Ask(server->port(), "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 65537\r\n\r\n");
  EXPECT_EQ(StatusLineOf(response), "HTTP/1.1 413 Content Too Large");
  EXPECT_THAT(response, HasSubstr("\"code\":\"body_too_large\""));
}

class RefusedFraming : public testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(RefusedFraming, IsAnsweredOnceAndTheConnectionEnds) {
  const auto server = StartServer();
  RawClient client(server->port());
  client.Send(std::string("POST /a HTTP/1.1\r\nHost: x\r\n") + GetParam().first +
              "\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n");
  const std::string response = client.ReadAll();
  EXPECT_THAT(response, StartsWith(GetParam().second));
  EXPECT_EQ(response.find("smuggled"), std::string::npos);
  EXPECT_THAT(Ask(server->port(), "GET /after HTTP/1.1\r\nHost: x\r\n\r\n"),
              HasSubstr("GET /after"));
}

INSTANTIATE_TEST_SUITE_P(
    All, RefusedFraming,
    testing::Values(std::pair("Content-Length: -5", "HTTP/1.1 400"),
                    std::pair("Content-Length: 0x20", "HTTP/1.1 400"),
                    std::pair("Content-Length: 99999999999999999999999", "HTTP/1.1 413"),
                    std::pair("Transfer-Encoding: chunked", "HTTP/1.1 411"),
                    std::pair("Transfer-Encoding: gzip, chunked\r\nContent-Length: 3",
                              "HTTP/1.1 411"),
                    std::pair("no colon here", "HTTP/1.1 400")));

TEST(RestServerTest, ABodyThatDoesNotComeIsNotAwaitedForEver) {
  ServerOptions options;
  options.header_timeout = milliseconds(300);
  const auto server = StartServer(Echo, options);
  RawClient client(server->port());
  client.Send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc");
  EXPECT_THAT(client.ReadAll(), StartsWith("HTTP/1.1 408"));
}

TEST(RestServerTest, CallersWhoGoInTheMiddleLeaveNothingBehind) {
  const auto server = StartServer();
  for (int i = 0; i < 50; ++i) {
    RawClient client(server->port());
    client.Send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc");
  }
  for (int i = 0; i < 50; ++i) RawClient(server->port()).Send("GET / HT");
  EXPECT_THAT(Ask(server->port(), "GET /after HTTP/1.1\r\nHost: x\r\n\r\n"),
              HasSubstr("GET /after"));
}

/// A handler that waits until it is let go.
class Gatekeeper {
 public:
  Response Wait(const Request& request) {
    std::unique_lock lock(mutex_);
    ++waiting_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return open_; });
    return Echo(request);
  }
  void AwaitWaiting(int count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return waiting_ >= count; });
  }
  void Open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int waiting_ = 0;
  bool open_ = false;
};

TEST(RestServerTest, AFullQueueIsA503AtOnce) {
  Gatekeeper gate;
  ServerOptions options;
  options.worker_threads = 1;
  options.queue_depth_max = 1;
  options.queue_wait_max = seconds(60);
  const auto server =
      StartServer([&](const Request& request) { return gate.Wait(request); }, options);
  RawClient first(server->port());
  first.Send("GET /1 HTTP/1.1\r\nHost: x\r\n\r\n");
  gate.AwaitWaiting(1);
  RawClient second(server->port());
  RawClient third(server->port());
  second.Send("GET /2 HTTP/1.1\r\nHost: x\r\n\r\n");
  std::string refused;  // whichever of the two came later
  while (refused.empty()) {
    refused = second.ReadResponse(false, milliseconds(50));
    if (!refused.empty()) break;
    third.Send("GET /3 HTTP/1.1\r\nHost: x\r\n\r\n");
    refused = third.ReadResponse(false, seconds(10));
  }
  EXPECT_THAT(refused, StartsWith("HTTP/1.1 503"));
  EXPECT_NE(FieldOf(refused, "Retry-After"), "");
  gate.Open();
  EXPECT_THAT(first.ReadResponse(), HasSubstr("GET /1"));
}

TEST(RestServerTest, WhoWaitsTooLongForAWorkerIsToldSo) {
  Gatekeeper gate;
  ServerOptions options;
  options.worker_threads = 1;
  options.queue_wait_max = milliseconds(50);
  const auto server =
      StartServer([&](const Request& request) { return gate.Wait(request); }, options);
  RawClient first(server->port());
  first.Send("GET /1 HTTP/1.1\r\nHost: x\r\n\r\n");
  gate.AwaitWaiting(1);
  RawClient second(server->port());
  second.Send("GET /2 HTTP/1.1\r\nHost: x\r\n\r\n");
  const std::string refused = second.ReadResponse(false, seconds(30));
  EXPECT_THAT(refused, StartsWith("HTTP/1.1 503"));
  EXPECT_NE(FieldOf(refused, "Retry-After"), "");
  gate.Open();
  EXPECT_THAT(first.ReadResponse(), HasSubstr("GET /1"));
}

TEST(RestServerTest, StopsWhileARequestIsBeingAnswered) {
  for (int i = 0; i < 50; ++i) {  // answer and stop meet in many ways
    Gatekeeper gate;
    auto server = StartServer([&](const Request& request) { return gate.Wait(request); });
    RawClient client(server->port());
    client.Send("GET /1 HTTP/1.1\r\nHost: x\r\n\r\n");
    gate.AwaitWaiting(1);
    std::thread stopping([&] { server.reset(); });
    gate.Open();
    stopping.join();
  }
}

TEST(RestServerTest, SaysWhenThePortIsTaken) {
  const auto other = MediaServer::Start({}, Echo);  // any listener of another make
  ServerOptions options;
  options.port = (*other)->port();
  const auto server = RestServer::Start(options, Echo);
  ASSERT_FALSE(server.has_value());
  EXPECT_EQ(server.error().code(), ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace yagura::api
