#include "simulate/rtsp_dialogue.h"

#include <charconv>
#include <random>

namespace yagura::simulate {
namespace {

/// The number in "rtsp://host/camera/7/trackID=0"; 0 where the address is of another form.
std::uint32_t CameraOf(std::string_view uri) {
  constexpr std::string_view kFolder = "/camera/";
  const std::size_t folder = uri.find(kFolder);
  if (folder == std::string_view::npos) return 0;
  const std::string_view rest = uri.substr(folder + kFolder.size());
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
  if (error != std::errc()) return 0;
  const bool whole = end == rest.data() + rest.size() || *end == '/' || *end == '?';
  return whole ? number : 0;
}

struct Channels {
  std::uint8_t rtp = 0;
  std::uint8_t rtcp = 1;
};

/// The first transport offered that we can serve (RFC 2326, 12.39).
std::optional<Channels> ChooseTransport(std::string_view offers) {
  while (!offers.empty()) {
    const std::string_view offer = offers.substr(0, offers.find(','));
    offers.remove_prefix(std::min(offer.size() + 1, offers.size()));
    if (offer.find("RTP/AVP/TCP") == std::string_view::npos) continue;
    constexpr std::string_view kName = "interleaved=";
    const std::size_t name = offer.find(kName);
    if (name == std::string_view::npos) return Channels{};
    unsigned rtp = 0;
    const std::string_view digits = offer.substr(name + kName.size());
    const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), rtp);
    if (result.ec != std::errc() || rtp > 254) continue;
    return Channels{static_cast<std::uint8_t>(rtp), static_cast<std::uint8_t>(rtp + 1)};
  }
  return std::nullopt;
}

std::string NewSession() {
  std::random_device device;
  return std::to_string(std::uint64_t{device()} << 20 | (device() >> 12));
}

}  // namespace

RtspReply RtspDialogue::Answer(const RtspRequest& request) {
  sequence_ = request.Header("CSeq");
  uri_ = request.uri;
  if (sequence_.empty()) return Reply("400 Bad Request");
  if (const std::uint32_t named = CameraOf(uri_); named != 0) camera_ = named;
  switch (desk_.PresenceOf(camera_)) {
    case CameraDesk::Presence::kSilent:
      return {};
    case CameraDesk::Presence::kStopped:
      return {"", AfterReply::kClose};
    case CameraDesk::Presence::kUnknown:
    case CameraDesk::Presence::kPresent:
      break;
  }
  if (request.method == "OPTIONS") {
    return Reply(
        "200 OK",
        "Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN, GET_PARAMETER, SET_PARAMETER\r\n");
  }
  if (authenticator_ && !authenticator_->Accepts(request)) {
    return Reply("401 Unauthorized", "WWW-Authenticate: " + authenticator_->Challenge() + "\r\n");
  }
  return AnswerForCamera(request);
}

RtspReply RtspDialogue::AnswerForCamera(const RtspRequest& request) {
  if (desk_.PresenceOf(camera_) == CameraDesk::Presence::kUnknown) return Reply("404 Not Found");
  if (request.method == "DESCRIBE") return Describe();
  if (request.method == "SETUP") return Setup(request.Header("Transport"));
  const std::string_view named = request.Header("Session");
  const bool in_session = !session_.empty() && named.substr(0, named.find(';')) == session_;
  if (request.method == "GET_PARAMETER" || request.method == "SET_PARAMETER") {
    return Reply("200 OK", in_session ? SessionHeader() : "");
  }
  if (request.method != "PLAY" && request.method != "TEARDOWN") {
    return Reply("501 Not Implemented");
  }
  if (!in_session) return Reply("454 Session Not Found");
  if (request.method == "TEARDOWN") return Teardown();
  return {"", AfterReply::kPlay};
}

RtspReply RtspDialogue::Describe() const {
  return Reply("200 OK", "Content-Base: " + uri_ + "/\r\nContent-Type: application/sdp\r\n",
               desk_.SdpOf(camera_));
}

RtspReply RtspDialogue::Setup(std::string_view transports) {
  const auto channels = ChooseTransport(transports);
  if (!channels) return Reply("461 Unsupported Transport");
  rtp_channel_ = channels->rtp;
  rtcp_channel_ = channels->rtcp;
  if (session_.empty()) session_ = NewSession();
  return Reply("200 OK",
               "Transport: RTP/AVP/TCP;unicast;interleaved=" + std::to_string(rtp_channel_) + "-" +
                   std::to_string(rtcp_channel_) + "\r\n" + SessionHeader());
}

RtspReply RtspDialogue::Teardown() {
  RtspReply reply = Reply("200 OK", SessionHeader());
  reply.then = AfterReply::kStopPlaying;
  session_.clear();
  return reply;
}

std::string RtspDialogue::PlayReply(const PlayStart& start) const {
  return Reply("200 OK", SessionHeader() + "Range: npt=now-\r\nRTP-Info: url=" + uri_ +
                             ";seq=" + std::to_string(start.sequence) +
                             ";rtptime=" + std::to_string(start.rtp_time) + "\r\n")
      .text;
}

RtspReply RtspDialogue::Reply(std::string_view status, std::string_view headers,
                              std::string_view body) const {
  std::string text = "RTSP/1.0 " + std::string(status) + "\r\n";
  if (!sequence_.empty()) text += "CSeq: " + sequence_ + "\r\n";
  text += headers;
  if (!body.empty()) text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  return {text + "\r\n" + std::string(body), AfterReply::kGoOn};
}

std::string RtspDialogue::SessionHeader() const {
  return "Session: " + session_ + ";timeout=" + std::to_string(kSessionTimeout.count()) + "\r\n";
}

}  // namespace yagura::simulate
