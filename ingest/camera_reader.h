#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "core/access_unit.h"
#include "ingest/delivery.h"
#include "ingest/failure.h"
#include "ingest/instant.h"
#include "ingest/interleaved.h"
#include "ingest/pull_session.h"
#include "ingest/rtcp_reception.h"
#include "ingest/rtp_reorder.h"
#include "ingest/rtsp_session.h"
#include "ingest/video_track.h"

namespace yagura::ingest {

/// One camera over all its connections: what comes over the wire in, access units and interruptions
/// out to its sink. Knows no sockets and no clocks: bytes and time are handed in. One thread.
class CameraReader {
 public:
  /// `due_since`: the instant from which on missing footage is a gap. The sink must outlive the
  /// reader.
  CameraReader(AccessUnitSink& sink, WallTime due_since) : delivery_(sink, due_since) {}

  /// A connection to `url`'s host stands: begins an RTSP session on it.
  void Begin(const RtspUrl& url, const Credentials& credentials, const Instant& now);
  /// A pull worker stands: has it begin a session; its frames are OnBytes()' bytes.
  void BeginPulling(const PullOrder& order, const Instant& now);
  /// Takes what it can from the front of what the camera sent and returns how much that was; the
  /// rest (less than kMaxCarryBytes) is to be presented again with what comes next.
  [[nodiscard]] std::size_t OnBytes(std::span<const std::uint8_t> bytes, const Instant& now);
  /// To be called five to seven times a second: keep-alive, receiver reports, overdue replies,
  /// silence.
  void OnTime(const Instant& now);
  /// The connection is gone or is given up, or couldn't be made. Tells the sink why there is no
  /// media.
  void End(GapReason reason, const Instant& now);
  /// Says goodbye into the outbox; nothing more reaches the sink of this session.
  void Stop();
  /// The camera's record changed while media flowed: the next session starts anew.
  void Restart(const Instant& now);

  /// Bytes for the camera; whoever sends them takes them out. Only while a session stands.
  [[nodiscard]] std::string& outbox() { return pull_ ? pull_->outbox() : session_->outbox(); }
  [[nodiscard]] bool has_session() const { return session_.has_value() || pull_.has_value(); }
  /// PLAY was answered: from here on reads may be gathered.
  [[nodiscard]] bool playing() const;
  /// Of what is pulled over TLS: the certificate's fingerprint (pull_message.h); else empty.
  [[nodiscard]] std::string certificate() const {
    return pull_ ? pull_->certificate() : std::string();
  }
  /// Set: the session is over, End() it.
  [[nodiscard]] const std::optional<SessionFailure>& failure() const;
  /// Set: the session is over, Begin() one there.
  [[nodiscard]] const std::optional<RtspUrl>& redirect() const;
  /// Access units are being delivered.
  [[nodiscard]] bool flowing() const { return delivery_.flowing(); }
  /// The reason last told for not delivering any.
  [[nodiscard]] std::optional<GapReason> reason() const { return delivery_.reason(); }

  /// Over all sessions.
  [[nodiscard]] VideoTrack::Counters counters() const;
  [[nodiscard]] std::uint64_t lost_packets() const;
  /// Of this session; null before SETUP.
  [[nodiscard]] const CameraClock* camera_clock() const;

  /// More than an interleaved frame and than an RTSP message.
  static constexpr std::size_t kMaxCarryBytes = 128 * 1024;

 private:
  [[nodiscard]] std::size_t OnNext(std::span<const std::uint8_t> bytes, const Instant& now);
  [[nodiscard]] std::size_t OnPulled(std::span<const std::uint8_t> bytes, const Instant& now);
  void OnPulledFrame(const InterleavedFrame& frame, const Instant& now);
  void NotePlaying(bool was_playing, const Instant& now);
  [[nodiscard]] std::size_t OnMessage(std::span<const std::uint8_t> bytes, const Instant& now);
  void OnFrame(std::uint8_t channel, std::span<const std::uint8_t> payload, const Instant& now);
  void OnRtcp(std::span<const std::uint8_t> payload, const Instant& now);
  void NoteMedia(const Instant& now);
  void FailForSilence(std::chrono::seconds patience);
  void SendReport(const Instant& now);
  void Drop();

  Delivery delivery_;
  std::optional<RtspSession> session_;
  std::optional<PullSession> pull_;  // instead of it
  RtpReorder reorder_;               // of what is pulled
  std::optional<VideoTrack> track_;
  std::optional<ReceptionReports> reports_;  // while playing
  KeepAlive keep_alive_ = KeepAlive::kAsAnnounced;
  Challenge::Scheme weakest_scheme_ = Challenge::Scheme::kBasic;  // until the record changes
  std::optional<SessionFailure> failure_;
  MonoTime last_media_{};
  VideoTrack::Counters seen_;  // at last_media_
  MonoTime last_picture_{};    // ended, whole or not
  std::uint64_t pictures_ = 0;
  VideoTrack::Counters past_;  // of sessions that are over
  std::uint64_t past_lost_packets_ = 0;
};

}  // namespace yagura::ingest
