#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ingest/back_off.h"
#include "ingest/byte_budget.h"
#include "ingest/camera_socket_posix.h"
#include "ingest/camera_worker_posix.h"
#include "ingest/failure.h"
#include "ingest/join_paces.h"
#include "ingest/noted_reader.h"
#include "ingest/resolver_posix.h"
#include "ingest/session_budget.h"
#include "ingest/supervisor.h"

namespace yagura::ingest {

/// What the connections of one thread share.
struct ConnectionSurroundings {
  const Clock& clock;
  int epoll = -1;
  /// Room for kMaxCarryBytes, and behind it for one read.
  std::span<std::uint8_t> receive_buffer;
  ParsingNote& parsing_note;
  JoinPaces& paces;
  /// Looks a name up; the answer comes back as OnResolved() on the thread.
  std::function<void(CameraStream of, const RtspUrl& url)> look_up;
  /// As Supervisor::Options has them.
  const std::optional<WorkerCommand>& pull_worker;
  const std::function<void(CameraStream of, int signal)>& on_worker_signal;
  LeavingWorkers& leaving_workers;
};

/// One camera's TCP connection, or the pipe to the worker that pulls it, and what is done about its
/// absence: name, connect, read, write, back off, again. Its thread only.
class CameraConnection {
 public:
  /// `session_budget` is shared by the streams of the camera.
  CameraConnection(CameraSource source, RtspUrl url, std::shared_ptr<AccessUnitSink> sink,
                   std::shared_ptr<SessionBudget> session_budget,
                   const ConnectionSurroundings& surroundings);
  ~CameraConnection();
  CameraConnection(const CameraConnection&) = delete;
  CameraConnection& operator=(const CameraConnection&) = delete;

  /// epoll has events for its socket.
  void OnEvents(std::uint32_t events);
  /// Five to seven times a second: reads what was gathered, and does what is due.
  void OnSweep();
  void OnResolved(const RtspUrl& url, const Result<SocketAddresses>& addresses);
  void Change(CameraSource source, RtspUrl url, std::shared_ptr<AccessUnitSink> sink);
  void SetWatched(bool watched);

  /// Change() would come to what is.
  [[nodiscard]] bool IsAlready(const CameraSource& source,
                               const std::shared_ptr<AccessUnitSink>& sink) const;
  [[nodiscard]] const std::shared_ptr<SessionBudget>& session_budget() const {
    return session_budget_;
  }
  [[nodiscard]] CameraStatus Status() const;

 private:
  enum class Phase : std::uint8_t {
    kWaiting,
    kResolving,
    kConnecting,
    kJoining,
    kConnected,
    kWorkerEnding,  // its pipe is closed; how it ended isn't known yet
  };

  [[nodiscard]] Instant Now() const;
  void Attempt(const Instant& now);
  void Retry(const Instant& now);
  void WaitUntil(MonoTime at, const Instant& now);
  void Connect(const Instant& now);
  void StartPulling(const Instant& now);
  void OnWorkerGone(const Instant& now);
  void OnWorkerFlood(const Instant& now);
  void AwaitWorkerEnd(const Instant& now);
  void LetWorkerLeave();
  [[nodiscard]] CameraTransport TransportNow() const;
  void OnNotConnected(const Error& error, const Instant& now);
  void OnConnected(const Instant& now);
  void AwaitTurn(const Instant& now);
  void JoinInTurn(const Instant& now);
  void Join(const Instant& now);
  void Receive();
  void Flush();
  void AfterReading(const Instant& now);
  void TryOtherTransport(const Instant& now);
  void NoteCertificate();
  [[nodiscard]] std::string CertificateOf(const CameraSource& source, const RtspUrl& url) const;
  void FollowRedirect(const RtspUrl& target, const Instant& now);
  void Fail(GapReason reason, const Error& error, const Instant& now);
  void LogFailure(GapReason reason, const Error& error);
  void CloseSocket();
  void SayGoodbye();
  void ChooseGathering(const Instant& now);
  void NoteState(const Instant& now);
  [[nodiscard]] CameraState CurrentState() const;

  CameraSource source_;
  RtspUrl url_;                // of the record
  RtspUrl now_url_;            // where this attempt goes: url_, or where the camera redirected us
  SocketAddresses addresses_;  // of its host, those not tried yet in this attempt
  std::shared_ptr<AccessUnitSink> sink_;
  const ConnectionSurroundings& surroundings_;
  CameraSocket socket_;
  std::unique_ptr<CameraWorker> worker_;  // where the camera is pulled by one
  ByteBudget worker_bytes_;
  bool pulled_in_vain_ = false;      // no footage came of its last worker, or not yet
  bool tcp_refused_ = false;         // of `auto`: UDP then
  std::string certificate_;          // over TLS: the one that this camera must show
  std::string refused_certificate_;  // another one that it showed since
  NotedReader reader_;
  BackOff back_off_;
  const std::shared_ptr<SessionBudget> session_budget_;

  Phase phase_ = Phase::kWaiting;
  MonoTime phase_since_{};
  MonoTime retry_at_{};
  MonoTime join_at_{};                       // its turn, while joining
  std::optional<WorkerTurns::Place> place_;  // instead, while a worker is to be started
  MonoTime last_read_{};
  std::optional<RtspUrl> looked_up_;  // its host; the answer is under way
  bool answered_ = false;             // in this session
  bool watched_ = false;
  bool gathering_ = false;
  int redirects_ = 0;  // in a row, or since less than a minute
  MonoTime redirected_at_{};
  std::size_t pulls_ = 0;            // of the addresses of a name each is tried in turn
  std::vector<std::uint8_t> carry_;  // a packet or message cut by the end of a read

  CameraState state_ = CameraState::kConnecting;
  WallTime state_since_{};
  MonoTime state_since_mono_{};
  std::optional<GapReason> logged_reason_;
  std::string last_error_;
  std::uint64_t sessions_ = 0;
};

}  // namespace yagura::ingest
