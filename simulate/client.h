#pragma once

#include <optional>
#include <span>

#include "core/sent_log_writer.h"
#include "core/time.h"
#include "simulate/camera.h"
#include "simulate/camera_farm.h"
#include "simulate/camera_set.h"
#include "simulate/client_socket.h"
#include "simulate/packet_fault.h"
#include "simulate/packet_pacer.h"
#include "simulate/rtsp_dialogue.h"

namespace yagura::simulate {

/// One connected client: its RTSP dialogue, and the frames it is being sent. Farm thread only.
///
/// What a call returns is the reason to close the connection now; nothing: go on.
class Client {
 public:
  struct Surroundings {  // all outlive the client
    const CameraSet* cameras;
    SentLogWriter* log;  // may be null
    const Clock* clock;
    FarmCounts* counts;
  };
  using Verdict = std::optional<SessionEnd>;

  Client(UniqueFd fd, std::optional<Authenticator> authenticator, Surroundings around);
  ~Client() = default;
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  [[nodiscard]] Verdict OnReadable();
  [[nodiscard]] Verdict OnWritable();
  /// Sends the frame, or packet, that is due and turns to the next one. Only while playing.
  [[nodiscard]] Verdict SendDue();
  /// From the next packet on, instead of what went wrong with them before. Only while playing.
  void Break(const Fault& fault) { packet_fault_.emplace(fault, playing_->codec()); }
  /// The connection will end with a TCP RST.
  void EndByReset() { socket_.EndByReset(); }
  /// Notes the end of the session, if there is one; the last call.
  void End(SessionEnd reason);

  [[nodiscard]] bool playing() const { return playing_ != nullptr; }
  /// `time` in which nobody could be heard doesn't count.
  void Forgive(MonoTime::duration time) { last_heard_ += time; }
  /// How long it may show no life.
  [[nodiscard]] std::chrono::seconds timeout() const { return dialogue_.habits().timeout; }
  /// When the next frame, or packet, is due. Only while playing.
  [[nodiscard]] MonoTime next_due() const { return pacer_.due().value_or(next_due_); }
  [[nodiscard]] MonoTime last_heard() const { return last_heard_; }
  [[nodiscard]] std::uint32_t camera() const { return dialogue_.camera(); }
  [[nodiscard]] std::size_t waiting_bytes() const { return socket_.waiting_bytes(); }
  [[nodiscard]] int fd() const { return socket_.fd(); }

  /// The owner's notes: what its event loop has been told about this client.
  bool watched_for_writing = false;
  MonoTime scheduled{};

 private:
  [[nodiscard]] Verdict AnswerRequests();
  [[nodiscard]] Verdict Obey(const RtspReply& reply);
  [[nodiscard]] bool StartPlaying();
  void NoteLife(bool shown);
  [[nodiscard]] Verdict SendFrame();
  [[nodiscard]] Verdict SendPacket();
  [[nodiscard]] bool SendOddities(std::uint64_t number);
  [[nodiscard]] bool SendReport(MonoTime now);
  [[nodiscard]] Verdict SendPackets(std::span<const std::uint8_t> frame, SentFrame note,
                                    MonoTime due);
  [[nodiscard]] WallTime CapturedWall(std::uint64_t number) const;
  void OnFrameSent(const SentFrame& frame);

  Surroundings around_;
  ClientSocket socket_;
  RtspRequestReader reader_;
  RtspDialogue dialogue_;
  MonoTime last_heard_;
  std::uint64_t packets_heard_ = 0;

  const Camera* playing_ = nullptr;
  std::uint32_t log_session_ = 0;
  std::uint64_t next_number_ = 0;
  MonoTime next_due_{};  // of the next frame
  PacketPacer pacer_;    // what is left of the one before
  MonoTime next_report_{};
  std::uint16_t sequence_ = 0;
  std::uint32_t ssrc_ = 0;
  std::uint32_t packets_ = 0;
  std::uint32_t octets_ = 0;
  std::optional<PacketFault> packet_fault_;
};

}  // namespace yagura::simulate
