#include "tests/support/scripted_camera.h"

#include "core/check.h"

namespace yagura::testing {
namespace {

std::string BigEndian16(std::size_t value) {
  return {static_cast<char>(value >> 8 & 0xff), static_cast<char>(value & 0xff)};
}
std::string BigEndian32(std::uint32_t value) {
  return BigEndian16(value >> 16) + BigEndian16(value & 0xffff);
}

}  // namespace

ScriptStep Answer(std::string_view method, std::string_view reply) {
  return {.kind = ScriptStep::Kind::kAnswer,
          .method = std::string(method),
          .bytes = std::string(reply)};
}

ScriptStep Send(std::string_view bytes) {
  return {.kind = ScriptStep::Kind::kSend, .bytes = std::string(bytes)};
}

ScriptStep SendForever(std::string_view bytes, std::uint64_t limit_bytes) {
  CHECK(!bytes.empty());
  return {.kind = ScriptStep::Kind::kSendForever,
          .make = [text = std::string(bytes)](std::uint64_t) { return text; },
          .limit_bytes = limit_bytes};
}

ScriptStep SendFragmentsForever(std::uint64_t limit_bytes) {
  const auto fragment = [](std::uint64_t index) {
    constexpr std::size_t kSize = 1400;
    constexpr char kIndicator = 0x7c;  // nal_ref_idc 3, FU-A (RFC 6184, 5.8)
    const char header = static_cast<char>(index == 0 ? 0x85 : 0x05);  // start bit, IDR slice
    return InterleavedRtp(0, static_cast<std::uint16_t>(index), 0, false,
                          std::string{kIndicator, header} + std::string(kSize, '\x55'));
  };
  return {.kind = ScriptStep::Kind::kSendForever, .make = fragment, .limit_bytes = limit_bytes};
}

ScriptStep Hold() { return {.kind = ScriptStep::Kind::kHold}; }
ScriptStep Close() { return {.kind = ScriptStep::Kind::kClose}; }

std::string RtspReplyText(std::string_view status, std::string_view headers,
                          std::string_view body) {
  std::string text =
      "RTSP/1.0 " + std::string(status) + "\r\nCSeq: {CSEQ}\r\n" + std::string(headers);
  if (!body.empty()) text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  return text + "\r\n" + std::string(body);
}

std::string ScriptedSdp() {
  return "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=scripted\r\nt=0 0\r\na=control:*\r\n"
         "m=video 0 RTP/AVP 96\r\nc=IN IP4 0.0.0.0\r\na=rtpmap:96 H264/90000\r\n"
         "a=fmtp:96 packetization-mode=1;profile-level-id=4D400C;"
         "sprop-parameter-sets=Z01ADNoFBn58BEAAAAMAQAAAB4PFCqg=,aO8JyA==\r\n"
         "a=control:trackID=0\r\n";
}

Script AnswersUpToPlay() {
  const std::string session = "Session: 42;timeout=60\r\n";
  return {
      Answer("DESCRIBE", RtspReplyText("200 OK",
                                       "Content-Base: {URL}/\r\n"
                                       "Content-Type: application/sdp\r\n",
                                       ScriptedSdp())),
      Answer("SETUP", RtspReplyText("200 OK", "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n" +
                                                  session)),
      Answer("PLAY", RtspReplyText("200 OK", session + "Range: npt=now-\r\n"))};
}

std::string InterleavedRtp(std::uint8_t channel, std::uint16_t sequence, std::uint32_t rtp_time,
                           bool marker, std::string_view payload) {
  constexpr std::size_t kRtpHeaderSize = 12;
  const std::string head = {'$', static_cast<char>(channel)};
  const std::string rtp = {static_cast<char>(0x80), static_cast<char>(marker ? 0xe0 : 0x60)};
  return head + BigEndian16(kRtpHeaderSize + payload.size()) + rtp + BigEndian16(sequence) +
         BigEndian32(rtp_time) + BigEndian32(1) + std::string(payload);
}

}  // namespace yagura::testing
