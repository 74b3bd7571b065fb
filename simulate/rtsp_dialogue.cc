#include "simulate/rtsp_dialogue.h"

#include <algorithm>
#include <charconv>
#include <random>
#include <utility>

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

/// How often a client was redirected before it came to this address.
unsigned RedirectsOf(std::string_view uri) {
  constexpr std::string_view kName = "?redirects=";
  const std::size_t name = uri.find(kName);
  unsigned count = 0;
  if (name == std::string_view::npos) return count;
  const std::string_view digits = uri.substr(name + kName.size());
  std::from_chars(digits.data(), digits.data() + digits.size(), count);
  return count;
}

std::string Header(std::string_view name, std::string_view value) {
  return value.empty() ? "" : std::string(name) + ": " + std::string(value) + "\r\n";
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
  const unsigned error = desk_.ErrorOf(camera_, request.method);
  if (error != 0) return ScriptedError(error);
  if (request.method == "OPTIONS") return Options();
  if (!SignedIn(request)) return Reply("401 Unauthorized", Challenges());
  return AnswerForCamera(request);
}

RtspReply RtspDialogue::ScriptedError(unsigned status) const {
  constexpr unsigned kUnauthorized = 401;
  const std::string line = std::to_string(status) + " Scripted";
  if (status != kUnauthorized) return Reply(line);
  return Reply(
      line, authenticator_ ? Challenges() : Header("WWW-Authenticate", "Basic realm=\"camera\""));
}

bool RtspDialogue::SignedIn(const RtspRequest& request) {
  if (!authenticator_) return true;
  if (habits().scheme) authenticator_->AskBy(*habits().scheme);
  if (!authenticator_->Accepts(request)) return false;
  if (habits().nonce_uses > 0 && ++nonce_uses_ >= habits().nonce_uses) {
    authenticator_->Renew(habits().says_stale);
    nonce_uses_ = 0;
  }
  return true;
}

std::string RtspDialogue::Challenges() const {
  constexpr std::string_view kName = "WWW-Authenticate";
  return Header(kName, habits().weaker) +
         Header(kName, std::string(habits().weaker_before) + authenticator_->Challenge());
}

RtspReply RtspDialogue::Options() const {
  if (!session_.empty() && !habits().answers_keep_alive) return {};
  if (habits().public_methods.empty()) return Reply("501 Not Implemented");
  return Reply("200 OK", Header("Public", habits().public_methods));
}

RtspReply RtspDialogue::AnswerForCamera(const RtspRequest& request) {
  if (desk_.PresenceOf(camera_) == CameraDesk::Presence::kUnknown) return Reply("404 Not Found");
  if (request.method == "DESCRIBE") return Describe();
  if (request.method == "SETUP") return Setup(request.Header("Transport"));
  const std::string_view named = request.Header("Session");
  const bool in_session = !session_.empty() && named.substr(0, named.find(';')) == session_;
  if (request.method == "GET_PARAMETER" || request.method == "SET_PARAMETER") {
    return KeepAlive(in_session);
  }
  if (request.method != "PLAY" && request.method != "TEARDOWN") {
    return Reply("501 Not Implemented");
  }
  if (IsElsewhere(habits().play_at)) return Reply("404 Not Found");
  if (!in_session) return Reply("454 Session Not Found");
  if (request.method == "TEARDOWN") return Teardown();
  return {"", AfterReply::kPlay};
}

RtspReply RtspDialogue::KeepAlive(bool in_session) const {
  if (habits().cuts_at_get_parameter) return {"", AfterReply::kClose};
  if (in_session && !habits().answers_keep_alive) return {};
  return Reply("200 OK", in_session ? SessionHeader() : "");
}

bool RtspDialogue::ShowsLife(const RtspRequest& request) const {
  if (session_.empty() || request.method == "SETUP" || request.method == "PLAY") return true;
  switch (habits().life) {
    case Habits::Life::kAnything:
      return true;
    case Habits::Life::kOptions:
      return request.method == "OPTIONS";
    case Habits::Life::kGetParameter:
      return request.method == "GET_PARAMETER";
    case Habits::Life::kReports:
      break;
  }
  return false;
}

RtspReply RtspDialogue::Describe() {
  const unsigned redirects = RedirectsOf(uri_);
  if (redirects < habits().redirects) {
    const std::string next =
        uri_.substr(0, uri_.find('?')) + "?redirects=" + std::to_string(redirects + 1);
    return Reply(redirects % 2 == 0 ? "302 Moved Temporarily" : "301 Moved Permanently",
                 Header("Location", next));
  }
  described_ = uri_;
  return Reply("200 OK",
               Header("Content-Base", FillIn(habits().content_base)) +
                   Header("Content-Location", FillIn(habits().content_location)) +
                   "Content-Type: application/sdp\r\n",
               FillIn(desk_.SdpOf(camera_)));
}

RtspReply RtspDialogue::Setup(std::string_view transports) {
  if (IsElsewhere(habits().setup_at)) return Reply("404 Not Found");
  const auto channels = ChooseTransport(transports);
  if (!channels) return Reply("461 Unsupported Transport");
  rtp_channel_ = habits().rtp_channel.value_or(channels->rtp);
  rtcp_channel_ =
      habits().rtp_channel ? static_cast<std::uint8_t>(rtp_channel_ + 1) : channels->rtcp;
  if (session_.empty()) session_ = NewSession();
  return Reply("200 OK", Header("Transport", FillIn(habits().transport)) + SessionHeader());
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
  if (!sequence_.empty()) text += FillIn(habits().cseq) + "\r\n";
  text += headers;
  if (!body.empty()) text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  return {text + "\r\n" + std::string(body), AfterReply::kGoOn};
}

std::string RtspDialogue::SessionHeader() const {
  return "Session: " + session_ + ";timeout=" + std::to_string(habits().timeout.count()) + "\r\n";
}

bool RtspDialogue::IsElsewhere(std::string_view known_address) const {
  return !known_address.empty() && !described_.empty() && uri_ != FillIn(known_address);
}

std::string RtspDialogue::FillIn(std::string_view text) const {
  constexpr std::string_view kScheme = "rtsp://";
  const std::size_t path = std::min(described_.size(), described_.find('/', kScheme.size()));
  const std::size_t host = std::min(path, kScheme.size());
  const std::pair<std::string_view, std::string> values[] = {
      {"{URI}", described_},
      {"{HOST}", described_.substr(host, path - host)},
      {"{PATH}", described_.substr(path)},
      {"{RTP}", std::to_string(rtp_channel_)},
      {"{RTCP}", std::to_string(rtcp_channel_)},
      {"{CSEQ}", sequence_},
  };
  std::string filled(text);
  for (const auto& [name, value] : values) {
    for (std::size_t at = filled.find(name); at != std::string::npos; at = filled.find(name, at)) {
      filled.replace(at, name.size(), value);
      at += value.size();
    }
  }
  return filled;
}

}  // namespace yagura::simulate
