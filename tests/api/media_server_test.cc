#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

#include "api/media/server_beast.h"
#include "tests/api/raw_client_posix.h"

// A real listener, and callers who don't keep to the rules.
namespace yagura::api {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;
using testing::StartsWith;

/// Pieces of memory and of a file; tells how much was sent, and that it has gone.
class TestSource final : public ByteSource {
 public:
  struct Watch {
    std::atomic<std::uint64_t> sent{0};
    std::atomic<bool> gone{false};
  };
  TestSource(std::vector<Piece> pieces, Watch& watch) : pieces_(std::move(pieces)), watch_(watch) {}
  ~TestSource() override { watch_.gone = true; }

  std::uint64_t size_bytes() const override {
    std::uint64_t size = 0;
    for (const Piece& piece : pieces_) size += SizeOf(piece);
    return size;
  }
  Result<std::optional<Piece>> Next() override {
    if (fails_at_ && next_ == *fails_at_)
      return Failure(ErrorCode::kUnavailable, "the right has ended");
    if (next_ == pieces_.size()) return std::nullopt;
    return pieces_[next_++];
  }
  void OnSent(std::uint64_t bytes) override { watch_.sent += bytes; }
  void FailAt(std::size_t piece) { fails_at_ = piece; }

 private:
  std::vector<Piece> pieces_;
  Watch& watch_;
  std::size_t next_ = 0;
  std::optional<std::size_t> fails_at_;
};

class MediaServerTest : public testing::Test {
 protected:
  MediaServerTest() {
    std::string name = "/tmp/yagura-media-XXXXXX";
    folder_ = mkdtemp(name.data());
    const std::string path = folder_ / "clip.mp4";
    std::string content(8 << 20, '\0');
    for (std::size_t i = 0; i < content.size(); ++i) content[i] = static_cast<char>('a' + i % 26);
    std::ofstream(path, std::ios::binary) << content;
    content_ = std::move(content);
    file_ = *OpenFile::Open(path);
  }
  ~MediaServerTest() override { std::filesystem::remove_all(folder_); }

  void Start(RequestHandler handler, ServerOptions options = {}) {
    server_ = *MediaServer::Start(options, std::move(handler));
  }

  std::string Ask(std::string_view request) {
    RawClient client(server_->port());
    client.Send(request);
    return client.ReadResponse();
  }

  Response FileResponse(std::uint64_t offset, std::uint64_t size) {
    const std::string text = "head:";
    const SharedBytes memory =
        SharedBytes::CopyOf({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
    Response response;
    response.body = std::make_unique<TestSource>(
        std::vector<Piece>{memory, FilePiece{file_, offset, size}}, watch_);
    return response;
  }

  bool IsGoneWithin(milliseconds within) const {
    const auto until = std::chrono::steady_clock::now() + within;
    while (!watch_.gone && std::chrono::steady_clock::now() < until) std::this_thread::yield();
    return watch_.gone;
  }

  std::filesystem::path folder_;
  std::string content_;
  std::shared_ptr<const OpenFile> file_;
  TestSource::Watch watch_;
  std::unique_ptr<MediaServer> server_;
};

Response Echo(const Request& request) {
  Response response;
  response.body = request.method + " " + request.target + " " + request.body;
  return response;
}

TEST_F(MediaServerTest, AnswersRequestsOfOneConnectionInOrder) {
  Start(Echo);
  RawClient client(server_->port());
  client.Send(
      "GET /1 HTTP/1.1\r\nHost: x\r\n\r\nPOST /2 HTTP/1.1\r\nHost: x\r\nContent-Length: "
      "2\r\n\r\nhi");
  EXPECT_EQ(BodyOf(client.ReadResponse()), "GET /1 ");
  EXPECT_EQ(BodyOf(client.ReadResponse()), "POST /2 hi");
}

TEST_F(MediaServerTest, SendsMemoryThenFile) {
  Start([this](const Request&) { return FileResponse(1000, content_.size() - 2000); });
  const std::string response = Ask("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(FieldOf(response, "Content-Length"), std::to_string(content_.size() - 2000 + 5));
  EXPECT_TRUE(BodyOf(response) == "head:" + content_.substr(1000, content_.size() - 2000))
      << "the body differs";
  EXPECT_EQ(watch_.sent, content_.size() - 2000 + 5);
}

TEST_F(MediaServerTest, HeadSendsNoBodyAndAsksForNone) {
  Start([this](const Request&) { return FileResponse(0, 100); });
  RawClient client(server_->port());
  client.Send(
      "HEAD / HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  const std::string head = client.ReadResponse(/*without_body=*/true);
  EXPECT_EQ(FieldOf(head, "Content-Length"), "105");
  EXPECT_THAT(client.ReadAll(), StartsWith("HTTP/1.1 200 OK"));
}

TEST_F(MediaServerTest, AViewerWhoTakesNothingIsCutOff) {
  ServerOptions options;
  options.write_timeout = milliseconds(300);
  Start([this](const Request&) { return FileResponse(0, content_.size()); }, options);
  RawClient client(server_->port(), 4096);
  client.Send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_TRUE(IsGoneWithin(std::chrono::seconds(10)));
  EXPECT_LT(watch_.sent, content_.size());
}

TEST_F(MediaServerTest, ABodyWhoseRightEndsIsCut) {
  Start([this](const Request&) {
    Response response;
    auto source = std::make_unique<TestSource>(
        std::vector<Piece>{FilePiece{file_, 0, 1000}, FilePiece{file_, 1000, 1000}}, watch_);
    source->FailAt(1);
    response.body = std::move(source);
    return response;
  });
  RawClient client(server_->port());
  client.Send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  const std::string response = client.ReadAll();
  EXPECT_EQ(FieldOf(response, "Content-Length"), "2000");
  EXPECT_EQ(BodyOf(response).size(), 1000U);
}

TEST_F(MediaServerTest, AFileShorterThanSaidIsCut) {
  Start([this](const Request&) { return FileResponse(content_.size() - 10, 100); });
  RawClient client(server_->port());
  client.Send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(BodyOf(client.ReadAll()).size(), 15U);
}

TEST_F(MediaServerTest, ViewersWhoGoLeaveNothingBehind) {
  Start([this](const Request&) { return FileResponse(0, content_.size()); });
  {
    RawClient client(server_->port(), 4096);
    client.Send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    client.ReadResponse(/*without_body=*/true);
  }
  EXPECT_TRUE(IsGoneWithin(std::chrono::seconds(10)));
}

struct Hostile {
  std::string request;
  std::string answer;  // how it starts; "" for a connection that is just closed
};
class HostileRequest : public MediaServerTest, public testing::WithParamInterface<Hostile> {};

TEST_P(HostileRequest, IsRefusedAndTheConnectionEnds) {
  Start(Echo);
  RawClient client(server_->port());
  client.Send(GetParam().request + "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n");
  const std::string response = client.ReadAll();
  EXPECT_THAT(response, StartsWith(GetParam().answer));
  EXPECT_EQ(response.find("smuggled"), std::string::npos);
  EXPECT_EQ(BodyOf(Ask("GET /after HTTP/1.1\r\nHost: x\r\n\r\n")), "GET /after ");
}

INSTANTIATE_TEST_SUITE_P(
    All, HostileRequest,
    testing::Values(
        Hostile{"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 104857600\r\n\r\n", "HTTP/1.1 413"},
        Hostile{"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n", "HTTP/1.1 400"},
        Hostile{"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
                "HTTP/1.1 400"},
        Hostile{
            "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
            "HTTP/1.1 400"},
        Hostile{"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                "HTTP/1.1 400"},
        Hostile{"GET / HTTP/9.9\r\nHost: x\r\n\r\n", "HTTP/1.1 400"},
        Hostile{"\x16\x03\x01 not http\r\n\r\n", "HTTP/1.1 400"},
        Hostile{"GET / HTTP/1.1\r\nHost: x\r\nX: " + std::string(20'000, 'a') + "\r\n\r\n",
                "HTTP/1.1 431"},
        Hostile{"GET /" + std::string(20'000, 'a') + " HTTP/1.1\r\n\r\n", "HTTP/1.1 431"}));

TEST_F(MediaServerTest, ABodyOf100MegabytesCostsNoMemory) {
  Start(Echo);
  const std::int64_t before = ResidentBytes();
  RawClient client(server_->port());
  client.Send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n6400000\r\n");
  const std::string chunk(1 << 20, 'x');
  int megabytes = 0;
  while (megabytes < 100 && client.Send(chunk)) ++megabytes;
  EXPECT_LT(megabytes, 100) << "the listener took the whole body";
  EXPECT_LT(ResidentBytes() - before, 16 << 20);
}

TEST_F(MediaServerTest, SlowHeadersAreNotAwaitedForEver) {
  ServerOptions options;
  options.header_timeout = milliseconds(300);
  Start(Echo, options);
  RawClient client(server_->port());
  client.Send("GET / HT");
  EXPECT_TRUE(client.IsClosedWithin(std::chrono::seconds(10)));
}

TEST_F(MediaServerTest, IdleConnectionsEnd) {
  ServerOptions options;
  options.idle_timeout = milliseconds(300);
  Start(Echo, options);
  RawClient client(server_->port());
  client.Send("GET /1 HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(BodyOf(client.ReadResponse()), "GET /1 ");
  EXPECT_TRUE(client.IsClosedWithin(std::chrono::seconds(10)));
}

TEST_F(MediaServerTest, StopsWhileBodiesAreOnTheirWay) {
  Start([this](const Request&) { return FileResponse(0, content_.size()); });
  RawClient client(server_->port(), 4096);
  client.Send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  client.ReadResponse(/*without_body=*/true);
  server_.reset();
  EXPECT_TRUE(watch_.gone);
}

}  // namespace
}  // namespace yagura::api
