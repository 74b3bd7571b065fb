#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "core/time.h"

namespace yagura::testing {

/// One thing that a scripted camera does with a client.
struct ScriptStep {
  enum class Kind {
    kAnswer,       // wait for a request of `method`, then send `bytes`
    kSend,         // send `bytes` now
    kSendForever,  // send `make(0)`, `make(1)`, ... until the client goes or `limit_bytes` have
                   // been sent
    kHold,         // stay connected and answer keep-alives until the client goes
    kClose,        // close the connection now; so does a script's end
  };
  Kind kind = Kind::kClose;
  std::string method{};
  std::string bytes{};  // "{CSEQ}" and "{URL}" stand for those of the request being answered
  std::function<std::string(std::uint64_t)> make{};
  std::uint64_t limit_bytes = 0;
};
using Script = std::vector<ScriptStep>;

[[nodiscard]] ScriptStep Answer(std::string_view method, std::string_view reply);
[[nodiscard]] ScriptStep Send(std::string_view bytes);
inline constexpr std::uint64_t kScriptLimit = std::uint64_t{1} << 30;
[[nodiscard]] ScriptStep SendForever(std::string_view bytes,
                                     std::uint64_t limit_bytes = kScriptLimit);
/// An IDR slice in fragments (FU-A on channel 0, RTP sequence numbers from 0) that never ends.
[[nodiscard]] ScriptStep SendFragmentsForever(std::uint64_t limit_bytes = kScriptLimit);
[[nodiscard]] ScriptStep Hold();
[[nodiscard]] ScriptStep Close();

/// "RTSP/1.0 <status>", CSeq, `headers` (each with its CRLF), and a body with its Content-Length.
[[nodiscard]] std::string RtspReplyText(std::string_view status, std::string_view headers = {},
                                        std::string_view body = {});
/// A valid SDP of one H.264 track "trackID=0", payload type 96, with the parameter sets of a
/// 320x180 Main profile stream.
[[nodiscard]] std::string ScriptedSdp();
/// DESCRIBE (ScriptedSdp), SETUP (channels 0-1, session 42) and PLAY answered as a well-behaved
/// camera does.
[[nodiscard]] Script AnswersUpToPlay();
/// An RTP packet, payload type 96 and SSRC 1, in its interleaved frame.
[[nodiscard]] std::string InterleavedRtp(std::uint8_t channel, std::uint16_t sequence,
                                         std::uint32_t rtp_time, bool marker,
                                         std::string_view payload);

/// An RTSP camera that does exactly what a script says, for tests of clients with odd and hostile
/// ones. One thread of its own, one client at a time; the k-th connection plays the k-th script,
/// and the last script serves all later ones.
///
/// OPTIONS and GET_PARAMETER that a script doesn't expect are answered with 200. Any other
/// unexpected request ends the connection, and is listed in surprises().
class ScriptedCamera {
 public:
  explicit ScriptedCamera(std::vector<Script> scripts);
  explicit ScriptedCamera(Script script) : ScriptedCamera(std::vector<Script>{std::move(script)}) {}
  ~ScriptedCamera();
  ScriptedCamera(const ScriptedCamera&) = delete;
  ScriptedCamera& operator=(const ScriptedCamera&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  /// rtsp://127.0.0.1:PORT/camera/1
  [[nodiscard]] std::string Url() const;

  /// Waits until so many connections have come (or ended); false where they do not in time.
  [[nodiscard]] bool WaitForConnections(int count, milliseconds timeout = milliseconds(60'000));
  [[nodiscard]] bool WaitForEnds(int count, milliseconds timeout = milliseconds(60'000));

  [[nodiscard]] std::vector<std::string> requests() const;  // heads, in order
  [[nodiscard]] std::vector<std::string> surprises() const;
  [[nodiscard]] std::uint64_t sent_bytes() const { return sent_bytes_; }

 private:
  class Connection;
  void Run();
  void Note(std::vector<std::string>& list, const std::string& text);
  bool WaitFor(const int& counter, int count, milliseconds timeout);

  const std::vector<Script> scripts_;
  int listener_ = -1;
  int quit_ = -1;  // readable once the camera ends
  std::uint16_t port_ = 0;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  int connections_ = 0;
  int ends_ = 0;
  std::vector<std::string> requests_;
  std::vector<std::string> surprises_;
  std::atomic<std::uint64_t> sent_bytes_{0};
  std::thread thread_;
};

}  // namespace yagura::testing
