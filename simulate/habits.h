#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "simulate/authenticator.h"

namespace yagura::simulate {

/// How a camera's RTSP server departs from ours, which does as RFC 2326 says. Immutable.
///
/// In texts "{URI}" stands for the address that DESCRIBE named, "{HOST}" and "{PATH}" for its
/// parts,
/// "{RTP}" and "{RTCP}" for the channels, "{CSEQ}" for the number of the request. Where the header
/// is empty it is left out.
struct Habits {
  std::string_view name = "ordinary";

  // Signing in, where the farm asks for credentials.
  std::optional<AuthScheme> scheme{};  // instead of the farm's
  std::string_view weaker{};           // challenges in a header of their own that it won't accept
  std::string_view weaker_before{};    // the same, in one header with its own
  unsigned nonce_uses = 0;             // requests that a nonce is good for; 0: any number
  bool says_stale = true;              // when it wants an answer to a new one

  // Description. With `setup_at` and `play_at` it knows these addresses only.
  unsigned redirects = 0;  // 301 and 302 in turn, to itself, before it describes
  std::string_view content_base = "{URI}/";
  std::string_view content_location{};
  std::string_view session_control = "*";
  std::string_view track_control = "trackID=0";
  std::string_view setup_at{};
  std::string_view play_at{};

  // The session.
  std::string_view public_methods =
      "OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN, GET_PARAMETER, SET_PARAMETER";  // empty: 501
  std::string_view cseq = "CSeq: {CSEQ}";
  std::string_view transport = "RTP/AVP/TCP;unicast;interleaved={RTP}-{RTCP}";
  std::optional<std::uint8_t> rtp_channel{};  // its own choice; RTCP's is the next
  std::chrono::seconds timeout{60};
  enum class Life : std::uint8_t { kAnything, kOptions, kGetParameter, kReports };
  Life life = Life::kAnything;  // what of a playing client shows that it is there
  bool answers_keep_alive = true;
  bool cuts_at_get_parameter = false;

  // What it sends beside the frames.
  bool reports = true;           // sender reports
  bool foreign_reports = false;  // and a report and a BYE with an SSRC that no packet has
  bool media_before_play_reply = false;
  bool stray_channels = false;    // packets on channels that nobody set up
  bool packet_by_packet = false;  // spread over the time of a frame, instead of a frame at once
  bool asks_client = false;       // OPTIONS, GET_PARAMETER and ANNOUNCE, from it to the client
};

/// A camera without any.
[[nodiscard]] const Habits& OrdinaryHabits();
/// All that we know; the page docs/design/camera-behaviours.md says which cameras do so.
[[nodiscard]] std::span<const Habits> KnownHabits();
/// Null: there are none of this name.
[[nodiscard]] const Habits* FindHabits(std::string_view name);

}  // namespace yagura::simulate
