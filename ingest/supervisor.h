#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/access_unit.h"
#include "core/camera_stream.h"
#include "core/camera_transport.h"
#include "core/ids.h"
#include "core/result.h"
#include "core/time.h"
#include "core/worker_start_posix.h"
#include "ingest/parsing_note.h"

namespace yagura::ingest {

struct JoinPaces;
class ReaderThread;
class Resolver;

/// Of a camera over TLS, what is known across restarts of the certificate that it must show.
struct KnownCertificate {
  std::string sha256;  // as IsFingerprint() has it (pull_message.h); empty: none
  /// Those that were taken before this changed don't count.
  std::optional<WallTime> forgotten_at{};
  friend bool operator==(const KnownCertificate&, const KnownCertificate&) = default;
};

/// Where a stream of a camera is and how it lets us in. Credentials stand apart from the URL, so
/// that no log or list shows them.
struct CameraSource {
  CameraId id;
  std::string url;  // rtsp://host:port/path
  std::string user;
  std::string password;
  CameraTransport transport = CameraTransport::kTcp;
  KnownCertificate certificate{};
  Stream stream = Stream::kMain;
  [[nodiscard]] CameraStream key() const { return {id, stream}; }
  friend bool operator==(const CameraSource&, const CameraSource&) = default;
};

enum class CameraState : std::uint8_t {
  kBackingOff,          // waits before the next attempt; `reason` says why the last one failed
  kConnecting,          // looks up the name, or waits for the TCP connection
  kStarting,            // DESCRIBE, SETUP, PLAY
  kWaitingForKeyframe,  // plays, but no access unit goes out
  kStreaming,
};
[[nodiscard]] std::string_view ToString(CameraState state);

/// One stream of a camera at one moment. Counts are since it was first Set().
struct CameraStatus {
  CameraId id;
  Stream stream = Stream::kMain;
  CameraTransport transport = CameraTransport::kTcp;  // in use; of `auto` what it came to
  bool transport_is_auto = false;                     // on record
  CameraState state = CameraState::kBackingOff;
  WallTime since{};                 // of the state
  std::optional<GapReason> reason;  // while nothing is delivered
  std::string last_error;           // of the last session that failed; stays when it is back
  std::uint64_t sessions = 0;       // RTSP sessions begun
  std::uint64_t frames = 0;         // access units delivered
  std::uint64_t bytes = 0;
  std::uint64_t damaged_frames = 0;
  std::uint64_t lost_packets = 0;
  KnownCertificate certificate{};     // over TLS; that of the first session that came to play
  std::string refused_certificate{};  // another one, shown since; empty: none
  /// Camera's clock minus ours, from RTCP; and how fast it runs away.
  std::optional<microseconds> clock_offset;
  std::optional<double> clock_drift_ppm;
};

/// Those of main streams: a sub stream comes and goes with who watches it, and sends as its main
/// one does.
[[nodiscard]] std::vector<CameraStatus> MainStreams(std::vector<CameraStatus> streams);

/// Keeps an RTSP session for each stream that it is told of, and hands what comes to that stream's
/// sink. A few threads serve all cameras; one camera's trouble never touches another's, nor that of
/// its sub stream its main one. All below that says camera is one stream of it.
///
/// A camera's sink is called from one thread, in order, and must not block; nor may it call the
/// Supervisor. Thread-safe.
class Supervisor {
 public:
  struct Options {
    unsigned threads = 1;  // one carries about 400 cameras of 2 Mbit/s
    /// Empty, or one for each thread; they outlive the Supervisor.
    std::span<ParsingNote> parsing_notes;
    /// Called on each reader thread, first of all, with its number: that of its parsing note.
    std::function<void(unsigned thread)> on_thread_start{};
    /// Pulls one camera over another transport than TCP (pull/pull_worker.h). None: such cameras
    /// aren't recorded.
    std::optional<WorkerCommand> pull_worker{};
    /// A camera's pull worker died by this signal. Called on a reader thread; must not block, nor
    /// call the Supervisor.
    std::function<void(CameraStream of, int signal)> on_worker_signal{};
  };

  /// `clock` outlives it.
  Supervisor(const Clock& clock, Options options);
  ~Supervisor();
  Supervisor(const Supervisor&) = delete;
  Supervisor& operator=(const Supervisor&) = delete;

  /// Adds the camera, or changes it: with another source or sink its session starts anew, with the
  /// same nothing happens, nor with a certificate that was seen here first. When it returns, a
  /// replaced sink is called no more. kInvalidArgument: the URL or the credentials can't be right.
  [[nodiscard]] Result<void> Set(CameraSource source, std::shared_ptr<AccessUnitSink> sink);
  /// When it returns, the camera's sink is called no more. Unknown cameras are passed over.
  void Remove(CameraStream of);
  /// While somebody watches live, packets are handed on as they come; else they are gathered for up
  /// to 190 ms.
  void SetWatched(CameraStream of, bool watched);
  /// Pull workers of many cameras crash: until told otherwise they are started slowly.
  void SetWorkersFailing(bool failing);
  [[nodiscard]] std::vector<CameraStatus> Status();
  /// Ends all sessions and threads; no sink is called any more. Set() then does nothing.
  void Stop();

 private:
  [[nodiscard]] ReaderThread& ThreadFor(CameraStream of);

  std::shared_ptr<Resolver> resolver_;
  std::unique_ptr<JoinPaces> paces_;
  std::mutex mutex_;  // guards the next two
  std::vector<std::unique_ptr<ReaderThread>> threads_;
  std::map<CameraStream, std::size_t> thread_of_;
};

}  // namespace yagura::ingest
