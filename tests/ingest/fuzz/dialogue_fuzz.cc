// The client's dialogue against a camera that says legal things in any order: each byte of the
// input is the next thing that it says or does.
#include <array>
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "core/check.h"
#include "ingest/camera_reader.h"
#include "ingest/interleaved.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/ingest/fuzz/checking_sink.h"

namespace yagura::ingest {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kSdp =
    "v=0\r\na=control:*\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=control:t\r\n"
    "a=fmtp:96 sprop-parameter-sets=Z01ADNoFBn58BEAAAAMAQAAAB4PFCqg=,aO8JyA==\r\n";

/// Behind "RTSP/1.0 " and before the CSeq; a body follows the empty line.
constexpr std::array<std::string_view, 16> kReplies{
    "200 OK\r\n",
    "200 OK\r\nPublic: OPTIONS, GET_PARAMETER\r\n",
    "200 OK\r\nContent-Base: /base/\r\n",  // with the SDP
    "200 OK\r\nSession: 42;timeout=2\r\nTransport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n",
    "200 OK\r\nSession: 43\r\nTransport: RTP/AVP/TCP;interleaved=255\r\n",
    "401 Unauthorized\r\nWWW-Authenticate: Digest realm=\"r\", nonce=\"1\"\r\n",
    "401 Unauthorized\r\nWWW-Authenticate: Digest realm=\"r\", nonce=\"2\", stale=true\r\n",
    "401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"b\", Digest realm=\"r\", nonce=\"3\", "
    "algorithm=SHA-256, qop=\"auth\"\r\n",
    "401 Unauthorized\r\n",
    "302 Found\r\nLocation: rtsp://camera/there\r\n",
    "301 Moved Permanently\r\nLocation: rtsp://elsewhere/\r\n",
    "404 Not Found\r\n",
    "454 Session Not Found\r\n",
    "501 Not Implemented\r\n",
    "100 Continue\r\n",
    "403 Forbidden\r\n",
};
constexpr std::array<std::string_view, 4> kRequests{"OPTIONS", "ANNOUNCE", "GET_PARAMETER",
                                                    "TEARDOWN"};
/// The number of the reply that describes.
constexpr std::size_t kDescription = 2;

/// A camera, its client, and the time.
class Dialogue {
 public:
  Dialogue() { Begin(); }

  void Step(std::uint8_t what) {
    const std::uint8_t choice = what & 15;
    switch (what >> 4) {
      case 0:
      case 1:
      case 2:
      case 3:
        return Say(Reply(choice));
      case 4:
        return Say(std::string(kRequests[choice % kRequests.size()]) +
                   " * RTSP/1.0\r\nCSeq: 7\r\n\r\n");
      case 5:
        return Say(Packet(choice));
      case 6:
        return Say(Report(choice));
      case 7:
        return Pass(100ms * choice * choice);
      case 8:
        reader_.End(GapReason::kCameraUnreachable, now_);
        return Begin();
      default:
        return Pass(40ms);
    }
  }

 private:
  void Begin() {
    reader_.Begin(ParseRtspUrl("rtsp://camera/live").value(), {"viewer", "password-in-clear"},
                  now_);
    Check();
  }
  void Pass(std::chrono::milliseconds time) {
    now_.mono += time;
    now_.wall += time;
    reader_.OnTime(now_);
    Check();
  }
  void Say(const std::string& text) {
    const std::vector<std::uint8_t> bytes(text.begin(), text.end());
    CHECK(reader_.OnBytes(bytes, now_) <= bytes.size());
    Check();
  }
  void Check() {
    std::string& outbox = reader_.outbox();
    CHECK(outbox.find("password-in-clear") == std::string::npos);
    CHECK(outbox.find("elsewhere") == std::string::npos);
    constexpr std::string_view kRequestLineEnd = " RTSP/1.0\r\n";
    if (const auto line = outbox.rfind(kRequestLineEnd); line != std::string::npos) {
      const std::size_t cseq = line + kRequestLineEnd.size();
      last_asked_ = outbox.substr(cseq, outbox.find('\r', cseq) - cseq);
    }
    outbox.clear();
    if (reader_.failure() || reader_.redirect()) {
      reader_.End(GapReason::kProtocolError, now_);
      Begin();
    }
  }
  [[nodiscard]] std::string Reply(std::size_t number) const {
    const std::string_view body = number == kDescription ? kSdp : std::string_view();
    return "RTSP/1.0 " + std::string(kReplies[number]) + last_asked_ +
           "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
  }
  /// A picture of one packet: any, an IDR picture, an SEI, a delimiter.
  std::string Packet(std::uint8_t choice) {
    constexpr std::array<std::uint8_t, 4> kNals{0x41, 0x65, 0x06, 0x09};
    const auto time = static_cast<std::uint32_t>(now_.mono.time_since_epoch() / 1ms * 90);
    std::string rtp = {'\x80', '\xe0', '\0', static_cast<char>(++sequence_)};
    for (const int shift : {24, 16, 8, 0}) rtp += static_cast<char>(time >> shift & 0xff);
    rtp.append(3, '\0');
    rtp += '\7';
    rtp += static_cast<char>(kNals[choice % kNals.size()]);
    rtp += "\x88\x42";
    std::string out;
    AppendInterleaved(choice < 8 ? 0 : 255, rtp, out);
    return out;
  }
  /// A sender report or a BYE, of the source or of another one.
  [[nodiscard]] static std::string Report(std::uint8_t choice) {
    std::string rtcp = {'\x80', '\xc8', '\0', '\6',
                        '\0',   '\0',   '\0', choice % 2 == 0 ? '\7' : '\1'};
    rtcp.append(20, '\x7f');
    if (choice >= 12)
      rtcp = {'\x81', '\xcb', '\0', '\1', '\0', '\0', '\0', choice == 12 ? '\7' : '\1'};
    std::string out;
    AppendInterleaved(1, rtcp, out);
    return out;
  }

  yagura::testing::CheckingSink sink_;
  Instant now_{MonoTime(1'000s), WallTime(1'800'000'000s)};
  CameraReader reader_{sink_, now_.wall};
  std::string last_asked_ = "CSeq: 1";
  std::uint8_t sequence_ = 0;
};

}  // namespace
}  // namespace yagura::ingest

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t kMostSteps = 100;
  yagura::ingest::Dialogue dialogue;
  for (std::size_t i = 0; i < size && i < kMostSteps; ++i) dialogue.Step(data[i]);
  return 0;
}
