#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "core/time.h"
#include "ingest/failure.h"
#include "ingest/pull_message.h"
#include "ingest/sdp.h"

namespace yagura::ingest {

/// One session that a pull worker keeps with a camera, as its frames tell: what an RtspSession is
/// where we speak with the camera ourselves. The worker may have been taken over by what the camera
/// sent: its bytes are read as a camera's. Pure; one thread.
class PullSession {
 public:
  /// Until a worker says that the camera plays; longer than each of its own waits.
  static constexpr std::chrono::seconds kPatience{15};

  /// The order waits in outbox().
  PullSession(const PullOrder& order, MonoTime now);

  /// A frame that is no packet.
  void OnFrame(std::uint8_t kind, std::span<const std::uint8_t> payload);
  void OnTime(MonoTime now);
  /// What came is no frame at all.
  void OnNonsense();

  [[nodiscard]] std::string& outbox() { return outbox_; }
  [[nodiscard]] bool playing() const { return playing_ && !failure_; }
  /// track() is valid, and packets may come.
  [[nodiscard]] bool set_up() const { return track_.has_value(); }
  [[nodiscard]] const RecordedTrack& track() const { return *track_; }
  /// Of the certificate that the camera showed, as IsFingerprint() has it; empty: none, which over
  /// TLS no session that is set up has.
  [[nodiscard]] const std::string& certificate() const { return certificate_; }
  [[nodiscard]] const std::optional<SessionFailure>& failure() const { return failure_; }

 private:
  void OnDescription(std::string_view text);
  void OnCertificate(std::string_view fingerprint);
  void OnFailure(std::span<const std::uint8_t> payload);
  void Fail(GapReason reason, Error error);

  std::string outbox_;
  MonoTime begun_at_;
  bool playing_ = false;
  const bool over_tls_;
  const std::string expected_certificate_;
  std::string certificate_;
  std::optional<RecordedTrack> track_;
  std::optional<SessionFailure> failure_;
};

}  // namespace yagura::ingest
