// Cameras that misbehave in every way we could think of: each gets its reason, and none of the
// others loses a frame by it.
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/ingest/farm_fixture.h"
#include "tests/support/scripted_camera.h"

namespace yagura::ingest {
namespace {

using testing::Answer;
using testing::AnswersUpToPlay;
using testing::Close;
using testing::ExpectUnbroken;
using testing::Hold;
using testing::InterleavedRtp;
using testing::RtspReplyText;
using testing::Script;
using testing::ScriptedCamera;
using testing::Send;
using testing::SendForever;
using testing::SendFragmentsForever;
using namespace std::chrono_literals;

Script Then(Script script, std::vector<testing::ScriptStep> steps) {
  for (auto& step : steps) script.push_back(std::move(step));
  return script;
}

struct Misbehaviour {
  std::string name;
  Script script;
  GapReason reason;
};

std::vector<Misbehaviour> Misbehaviours() {
  const auto answer_describe = [](const std::string& reply) {
    return Script{Answer("DESCRIBE", reply), Hold()};
  };
  const std::string no_h264 = "v=0\r\nm=video 0 RTP/AVP 32\r\n";
  return {
      {"a reply announcing a body of 100 MB",
       answer_describe("RTSP/1.0 200 OK\r\nCSeq: {CSEQ}\r\nContent-Length: 104857600\r\n\r\n"),
       GapReason::kProtocolError},
      {"an endless SDP",
       {Answer("DESCRIBE",
               "RTSP/1.0 200 OK\r\nCSeq: {CSEQ}\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n"),
        SendForever("a=endless:1\r\n")},
       GapReason::kProtocolError},
      {"endless headers",
       {Answer("DESCRIBE", "RTSP/1.0 200 OK\r\nCSeq: {CSEQ}\r\n"), SendForever("X-Endless: 1\r\n")},
       GapReason::kProtocolError},
      {"an endless header line",
       {Answer("DESCRIBE", "RTSP/1.0 200 OK\r\nX: "), SendForever("xxxxxxxxxxxxxxxx")},
       GapReason::kProtocolError},
      {"an SDP of too many lines",
       answer_describe(RtspReplyText("200 OK", "",
                                     [] {
                                       std::string sdp = "v=0\r\n";
                                       for (int i = 0; i < 5'000; ++i) sdp += "a=x\r\n";
                                       return sdp;
                                     }())),
       GapReason::kProtocolError},
      {"an access unit whose FU-A never ends", Then(AnswersUpToPlay(), {SendFragmentsForever()}),
       GapReason::kProtocolError},
      {"endless NAL units in one access unit",
       Then(AnswersUpToPlay(), {{.kind = testing::ScriptStep::Kind::kSendForever,
                                 .make =
                                     [](std::uint64_t i) {
                                       return InterleavedRtp(0, static_cast<std::uint16_t>(i), 0,
                                                             false, "\x06\x80");
                                     },
                                 .limit_bytes = testing::kScriptLimit}}),
       GapReason::kProtocolError},
      {"noise", Then(AnswersUpToPlay(), {SendForever("\x80\x60 noise")}),
       GapReason::kProtocolError},
      {"a flood of requests",
       Then(AnswersUpToPlay(), {SendForever("OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n")}),
       GapReason::kProtocolError},
      {"packets of a mode nobody asked for",
       Then(AnswersUpToPlay(), {Send(InterleavedRtp(0, 1, 0, true, "\x7d..")), Hold()}),
       GapReason::kUnsupportedStream},
      {"no stream for us", answer_describe(RtspReplyText("200 OK", "", no_h264)),
       GapReason::kUnsupportedStream},
      {"not found", answer_describe(RtspReplyText("404 Not Found")), GapReason::kCameraRefused},
      {"busy", answer_describe(RtspReplyText("503 Service Unavailable")),
       GapReason::kCameraRefused},
      {"an end to the session",
       Then(AnswersUpToPlay(), {Send("TEARDOWN rtsp://x RTSP/1.0\r\nCSeq: 1\r\n\r\n"), Hold()}),
       GapReason::kCameraRefused},
      {"a redirect to another host",
       answer_describe("RTSP/1.0 302 Found\r\nCSeq: {CSEQ}\r\nLocation: rtsp://192.0.2.1/\r\n\r\n"),
       GapReason::kCameraRefused},
      {"an endless redirect",
       answer_describe("RTSP/1.0 302 Found\r\nCSeq: {CSEQ}\r\nLocation: {URL}\r\n\r\n"),
       GapReason::kCameraRefused},
      {"a demand for credentials that there are none of",
       answer_describe("RTSP/1.0 401 Unauthorized\r\nCSeq: {CSEQ}\r\nWWW-Authenticate: Basic "
                       "realm=\"x\"\r\n\r\n"),
       GapReason::kAuthenticationFailed},
      {"no media after PLAY", Then(AnswersUpToPlay(), {Hold()}), GapReason::kCameraSilent},
      {"a closed door", {Close()}, GapReason::kCameraUnreachable},
  };
}

/// An address on this machine at which nobody listens: bound, but not listening, so that nobody
/// else takes it.
class NobodyThere {
 public:
  NobodyThere() : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    EXPECT_EQ(::bind(socket_, reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size), 0);
    port_ = ntohs(address.sin_port);
  }
  ~NobodyThere() { ::close(socket_); }
  NobodyThere(const NobodyThere&) = delete;
  NobodyThere& operator=(const NobodyThere&) = delete;
  [[nodiscard]] std::string Url() const {
    return "rtsp://127.0.0.1:" + std::to_string(port_) + "/camera/1";
  }

 private:
  int socket_;
  std::uint16_t port_ = 0;
};

class HostileCamerasTest : public testing::FarmFixture {};

TEST_F(HostileCamerasTest, EachHasItsReasonAndNoOtherCameraLosesAFrame) {
  farm_options_.groups = {{.count = 4, .loops = {Loop("main.h264")}}};
  StartFarm();
  std::vector<Recorded> innocent;
  for (std::uint32_t camera = 1; camera <= 4; ++camera)
    innocent.push_back(Record(farm_->Url(camera)));
  for (const Recorded& camera : innocent) ASSERT_TRUE(camera.sink->WaitForUnits(1));

  const NobodyThere nobody;
  const Recorded absent = Record(nobody.Url());
  std::vector<std::unique_ptr<ScriptedCamera>> hostile;
  std::vector<Recorded> recorded;
  for (const Misbehaviour& misbehaviour : Misbehaviours()) {
    hostile.push_back(std::make_unique<ScriptedCamera>(misbehaviour.script));
    recorded.push_back(Record(hostile.back()->Url()));
  }
  EXPECT_TRUE(absent.sink->WaitForReason(GapReason::kCameraUnreachable));
  for (std::size_t i = 0; i < recorded.size(); ++i) {
    const Misbehaviour misbehaviour = Misbehaviours()[i];
    EXPECT_TRUE(recorded[i].sink->WaitForReason(misbehaviour.reason))
        << misbehaviour.name << ": expected " << ToString(misbehaviour.reason)
        << ", last error: " << StatusOf(recorded[i].id).last_error;
    EXPECT_TRUE(recorded[i].sink->units().empty()) << misbehaviour.name;
  }
  for (const Recorded& camera : innocent) ASSERT_TRUE(camera.sink->WaitForMoreUnits(30));
  supervisor_.Stop();
  for (const Recorded& camera : innocent) {
    ExpectUnbroken(camera.sink->units());
    EXPECT_THAT(camera.sink->reasons(), ::testing::ElementsAre(GapReason::kWaitingForKeyframe));
  }
}

}  // namespace
}  // namespace yagura::ingest
