#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cstdlib>

#include "tests/support/rtsp_watcher.h"

namespace yagura::testing {
namespace {

std::uint16_t U16(const std::uint8_t* at) { return static_cast<std::uint16_t>(at[0] << 8 | at[1]); }
std::uint32_t U32(const std::uint8_t* at) {
  return static_cast<std::uint32_t>(U16(at)) << 16 | U16(at + 2);
}

std::size_t ContentLength(const std::string& head) {
  const RtspResponse response{0, head};
  return std::strtoul(response.Header("Content-Length").c_str(), nullptr, 10);
}

/// The address of the first track, relative or not.
std::string TrackUri(const std::string& uri, const std::string& sdp) {
  constexpr std::string_view kName = "a=control:";
  const std::size_t at = sdp.find(kName, sdp.find("m="));
  if (at == std::string::npos) return uri;
  const std::size_t begin = at + kName.size();
  const std::string control = sdp.substr(begin, sdp.find("\r\n", begin) - begin);
  return control.starts_with("rtsp://") ? control : uri + "/" + control;
}

}  // namespace

std::string RtspResponse::Header(std::string_view name) const {
  const std::size_t at = text.find("\r\n" + std::string(name) + ": ");
  if (at == std::string::npos) return {};
  const std::size_t begin = at + name.size() + 4;
  return text.substr(begin, text.find("\r\n", begin) - begin);
}

RtspWatcher::RtspWatcher(std::uint16_t port)
    : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_port = htons(port);
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ended_ = ::connect(fd_.get(), reinterpret_cast<const sockaddr*>(&at), sizeof at) != 0;
}

RtspResponse RtspWatcher::Ask(std::string_view method, const std::string& uri,
                              const std::string& headers) {
  std::string text = std::string(method) + " " + uri +
                     " RTSP/1.0\r\nCSeq: " + std::to_string(next_cseq_++) + "\r\n" + headers;
  if (!session_.empty()) text += "Session: " + session_ + "\r\n";
  text += "\r\n";
  if (::send(fd_.get(), text.data(), text.size(), MSG_NOSIGNAL) < 0) return {};
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  response_.reset();
  while (!response_) {
    if (!TakeOne() && !Receive(deadline)) return {};
  }
  return {std::atoi(response_->c_str() + std::string_view("RTSP/1.0 ").size()), *response_};
}

int RtspWatcher::Play(const std::string& uri) {
  const RtspResponse described = Ask("DESCRIBE", uri);
  if (described.status != 200) return described.status;
  sdp_ = described.text.substr(described.text.find("\r\n\r\n") + 4);
  const RtspResponse set_up =
      Ask("SETUP", TrackUri(uri, sdp_), "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n");
  if (set_up.status != 200) return set_up.status;
  session_ = set_up.Header("Session");
  session_ = session_.substr(0, session_.find(';'));
  return Ask("PLAY", uri).status;
}

std::optional<WatchedFrame> RtspWatcher::NextFrame(milliseconds timeout) {
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  while (frames_.empty()) {
    if (!TakeOne() && !Receive(deadline)) return std::nullopt;
  }
  WatchedFrame frame = std::move(frames_.front());
  frames_.pop_front();
  return frame;
}

bool RtspWatcher::Ended(milliseconds timeout) {
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  while (Receive(deadline)) {
  }
  return ended_;
}

bool RtspWatcher::Receive(std::chrono::steady_clock::time_point deadline) {
  const auto left = std::chrono::ceil<milliseconds>(deadline - std::chrono::steady_clock::now());
  pollfd poll{fd_.get(), POLLIN, 0};
  if (ended_ || left.count() <= 0) return false;
  if (::poll(&poll, 1, static_cast<int>(left.count())) <= 0) return false;
  std::array<char, 65536> bytes{};
  const ssize_t got = ::recv(fd_.get(), bytes.data(), bytes.size(), 0);
  ended_ = got <= 0;
  if (got > 0) buffer_.append(bytes.data(), static_cast<std::size_t>(got));
  return !ended_;
}

bool RtspWatcher::TakeOne() {
  if (buffer_.size() < 4) return false;
  const auto* data = reinterpret_cast<const std::uint8_t*>(buffer_.data());
  if (buffer_.front() == '$') {
    const std::size_t size = U16(data + 2);
    if (buffer_.size() < 4 + size) return false;
    OnPacket(data[1], data + 4, size);
    buffer_.erase(0, 4 + size);
    return true;
  }
  const std::size_t head = buffer_.find("\r\n\r\n");
  if (head == std::string::npos) return false;
  const std::size_t whole = head + 4 + ContentLength(buffer_.substr(0, head + 2));
  if (buffer_.size() < whole) return false;
  response_ = buffer_.substr(0, whole);
  buffer_.erase(0, whole);
  return true;
}

void RtspWatcher::OnPacket(std::uint8_t channel, const std::uint8_t* data, std::size_t size) {
  if (channel == 1) reports_.emplace_back(data, data + size);
  if (channel == 0) OnRtp(data, size);
}

void RtspWatcher::OnRtp(const std::uint8_t* packet, std::size_t size) {
  const std::uint16_t sequence = U16(packet + 2);
  if (last_sequence_ && static_cast<std::uint16_t>(*last_sequence_ + 1) != sequence) {
    ++sequence_breaks_;
  }
  last_sequence_ = sequence;
  OnPayload(packet + 12, size - 12);
  if ((packet[1] & 0x80) == 0) return;  // the marker ends the frame
  building_.rtp_time = U32(packet + 4);
  building_.ssrc = U32(packet + 8);
  building_.arrived = SystemClock().Now();
  frames_.push_back(std::exchange(building_, {}));
}

void RtspWatcher::OnPayload(const std::uint8_t* payload, std::size_t size) {
  const std::uint8_t type = payload[0] & 0x1f;
  if (type == 24) {  // STAP-A
    for (std::size_t at = 1; at + 2 <= size; at += 2U + U16(payload + at)) {
      AddNal(payload + at + 2, U16(payload + at));
    }
  } else if (type == 28) {  // FU-A
    const bool start = (payload[1] & 0x80) != 0;
    if (start) fragment_ = {static_cast<std::uint8_t>((payload[0] & 0xe0) | (payload[1] & 0x1f))};
    fragment_.insert(fragment_.end(), payload + 2, payload + size);
    if ((payload[1] & 0x40) != 0) AddNal(fragment_.data(), fragment_.size());
  } else {
    AddNal(payload, size);
  }
}

void RtspWatcher::AddNal(const std::uint8_t* nal, std::size_t size) {
  for (int shift = 24; shift >= 0; shift -= 8) {
    building_.unit.push_back(static_cast<std::uint8_t>(size >> shift));
  }
  building_.unit.insert(building_.unit.end(), nal, nal + size);
  building_.keyframe = building_.keyframe || (nal[0] & 0x1f) == 5;
}

}  // namespace yagura::testing
