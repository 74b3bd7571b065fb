#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.h"
#include "simulate/unique_fd.h"

namespace yagura::testing {

struct RtspResponse {
  int status = 0;    // 0: the connection ended instead
  std::string text;  // head and body
  /// The first header of this name; empty where there is none.
  [[nodiscard]] std::string Header(std::string_view name) const;
};

/// One access unit as it arrived.
struct WatchedFrame {
  std::vector<std::uint8_t> unit;  // NAL units behind four-byte lengths
  std::uint32_t rtp_time = 0;
  std::uint32_t ssrc = 0;
  bool keyframe = false;
  WallTime arrived{};
};

/// A simple client of RTSP cameras for judging the farm: blocking, one thread, written apart from
/// the product's own.
class RtspWatcher {
 public:
  explicit RtspWatcher(std::uint16_t port);

  /// Sends a request with the next CSeq and waits for the answer; media that comes before it is
  /// kept.
  RtspResponse Ask(std::string_view method, const std::string& uri,
                   const std::string& headers = {});
  /// DESCRIBE, SETUP and PLAY; the status of the first that isn't 200, else 200.
  int Play(const std::string& uri);

  /// The next whole frame; nothing when none came in time or the connection ended.
  std::optional<WatchedFrame> NextFrame(milliseconds timeout = milliseconds(30'000));
  /// Waits for the connection's end; false where it goes on for so long.
  bool Ended(milliseconds timeout);

  /// Packets whose sequence number was not the next.
  [[nodiscard]] int sequence_breaks() const { return sequence_breaks_; }
  /// Bodies of RTCP packets so far.
  [[nodiscard]] const std::vector<std::vector<std::uint8_t>>& reports() const { return reports_; }
  [[nodiscard]] const std::string& sdp() const { return sdp_; }
  [[nodiscard]] const std::string& session() const { return session_; }
  [[nodiscard]] int fd() const { return fd_.get(); }

 private:
  bool Receive(std::chrono::steady_clock::time_point deadline);
  /// Takes one response or interleaved packet out of the buffer.
  bool TakeOne();
  void OnPacket(std::uint8_t channel, const std::uint8_t* data, std::size_t size);
  void OnRtp(const std::uint8_t* packet, std::size_t size);
  void OnPayload(const std::uint8_t* payload, std::size_t size);
  void AddNal(const std::uint8_t* nal, std::size_t size);

  simulate::UniqueFd fd_;
  std::string buffer_;
  bool ended_ = false;
  int next_cseq_ = 1;
  std::string session_;
  std::string sdp_;
  std::optional<std::string> response_;
  std::deque<WatchedFrame> frames_;
  WatchedFrame building_;
  std::vector<std::uint8_t> fragment_;
  std::optional<std::uint16_t> last_sequence_;
  int sequence_breaks_ = 0;
  std::vector<std::vector<std::uint8_t>> reports_;
};

}  // namespace yagura::testing
