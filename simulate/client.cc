#include "simulate/client.h"

#include <array>
#include <random>
#include <span>
#include <utility>

#include "simulate/odd_packets.h"
#include "simulate/sender_report.h"

namespace yagura::simulate {
namespace {

constexpr std::chrono::seconds kReportInterval{5};
constexpr std::size_t kPacketOverhead = 16;  // interleaved and RTP header

std::span<const std::uint8_t> BytesOf(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace

Client::Client(UniqueFd fd, std::optional<Authenticator> authenticator, Surroundings around)
    : around_(around),
      socket_(std::move(fd), [this](const SentFrame& frame) { OnFrameSent(frame); }),
      dialogue_(*around_.cameras, std::move(authenticator)),
      last_heard_(around_.clock->Monotonic()) {}

Client::Verdict Client::OnReadable() {
  std::array<std::uint8_t, 4096> buffer;
  const auto bytes = socket_.Receive(buffer);
  if (!bytes) return SessionEnd::kClientClosed;
  reader_.Feed(*bytes);
  return AnswerRequests();
}

Client::Verdict Client::AnswerRequests() {
  while (true) {
    const auto request = reader_.Next();
    const bool reported = std::exchange(packets_heard_, reader_.packets()) != reader_.packets();
    const Habits::Life life = dialogue_.habits().life;
    NoteLife(reported && (life == Habits::Life::kAnything || life == Habits::Life::kReports));
    if (!request) return SessionEnd::kClientClosed;
    if (!*request) return std::nullopt;
    if (const Verdict verdict = Obey(dialogue_.Answer(**request))) return verdict;
    NoteLife(dialogue_.ShowsLife(**request));
  }
}

void Client::NoteLife(bool shown) {
  if (shown) last_heard_ = around_.clock->Monotonic();
}

Client::Verdict Client::Obey(const RtspReply& reply) {
  if (!reply.text.empty() && !socket_.Send(BytesOf(reply.text))) return SessionEnd::kClientClosed;
  switch (reply.then) {
    case AfterReply::kGoOn:
      return std::nullopt;
    case AfterReply::kPlay:
      return StartPlaying() ? Verdict() : SessionEnd::kClientClosed;
    case AfterReply::kStopPlaying:
      End(SessionEnd::kTeardown);
      return std::nullopt;
    case AfterReply::kClose:
      break;
  }
  return SessionEnd::kScripted;
}

bool Client::StartPlaying() {
  std::random_device random;
  const MonoTime now = around_.clock->Monotonic();
  const Camera* camera = around_.cameras->Find(dialogue_.camera());
  if (camera == nullptr) return false;
  const bool again = playing();  // a second PLAY changes nothing
  if (!again) {
    playing_ = camera;
    sequence_ = static_cast<std::uint16_t>(random());
    ssrc_ = random();
    packets_ = octets_ = 0;
    next_number_ = camera->clock().FirstDue(now);
    next_due_ = camera->clock().DueTime(next_number_);
    next_report_ = now;
  }
  const std::string reply = dialogue_.PlayReply({sequence_, playing_->RtpTimeOf(next_number_)});
  if (!again && around_.log != nullptr) {
    log_session_ = around_.log->Begin({.camera = playing_->number(),
                                       .epoch = playing_->epoch(),
                                       .first_number = next_number_,
                                       .begin = around_.clock->Now()});
  }
  if (!again && playing_->habits().media_before_play_reply && SendFrame()) return false;
  return socket_.Send(BytesOf(reply));
}

bool Client::SendOddities(std::uint64_t number) {
  constexpr std::uint64_t kQuestionsEach = 10;
  const Habits& habits = playing_->habits();
  if (habits.stray_channels && !socket_.Send(BytesOf(StrayPacket()))) return false;
  if (!habits.asks_client || number % kQuestionsEach != 0) return true;
  return socket_.Send(BytesOf(RequestsToClient("rtsp://camera" + playing_->path(), number)));
}

Client::Verdict Client::OnWritable() {
  return socket_.Resume() ? Verdict() : SessionEnd::kClientClosed;
}

Client::Verdict Client::SendDue() {
  if (playing_->silent()) pacer_.Discard();
  return pacer_.due() ? SendPacket() : SendFrame();
}

Client::Verdict Client::SendPacket() {
  const PacketPacer::Packet packet = pacer_.Next();
  return socket_.Send(packet.bytes, packet.completes) ? Verdict() : SessionEnd::kClientClosed;
}

Client::Verdict Client::SendFrame() {
  const std::uint64_t number = next_number_++;
  const MonoTime now = around_.clock->Monotonic();
  const MonoTime due = next_due_;
  next_due_ = playing_->clock().DueTime(next_number_);
  if (playing_->silent()) return std::nullopt;
  const bool reports = playing_->habits().reports && now >= next_report_;
  if (reports && !SendReport(now)) return SessionEnd::kClientClosed;
  if (!SendOddities(number)) return SessionEnd::kClientClosed;

  const PacketLoop::Frame& frame = playing_->FrameAt(number);
  const auto bytes = playing_->Prepare(
      number, {.channel = dialogue_.rtp_channel(), .first_sequence = sequence_, .ssrc = ssrc_});
  sequence_ = static_cast<std::uint16_t>(sequence_ + frame.packet_count);
  packets_ += frame.packet_count;
  octets_ += static_cast<std::uint32_t>(bytes.size() - frame.packet_count * kPacketOverhead);
  const SentFrame note = {.session = log_session_,
                          .number = number,
                          .crc = frame.crc,
                          .rtp_time = playing_->RtpTimeOf(number),
                          .keyframe = frame.keyframe,
                          .captured = CapturedWall(number)};
  return SendPackets(bytes, note, due);
}

Client::Verdict Client::SendPackets(std::span<const std::uint8_t> frame, SentFrame note,
                                    MonoTime due) {
  PacketFault::Passed passed;
  if (packet_fault_) {
    passed = packet_fault_->Pass(frame);
    if (packet_fault_->spent()) packet_fault_.reset();
    note.broken = passed.broken;
    frame = passed.bytes;
  }
  if (playing_->habits().packet_by_packet && !frame.empty()) {
    pacer_.Begin(frame, note, due, next_due_);
    return SendPacket();
  }
  return socket_.Send(frame, &note) ? Verdict() : SessionEnd::kClientClosed;
}

WallTime Client::CapturedWall(std::uint64_t number) const {
  // The two clocks are read at one instant, or, where we were held up between them, once more.
  constexpr milliseconds kTogether{1};
  MonoTime now{};
  WallTime wall{};
  for (int tries = 0; tries < 5; ++tries) {
    now = around_.clock->Monotonic();
    wall = around_.clock->Now();
    if (around_.clock->Monotonic() - now < kTogether) break;
  }
  return wall - std::chrono::round<microseconds>(now - playing_->CapturedAt(number));
}

bool Client::SendReport(MonoTime now) {
  next_report_ = now + kReportInterval;
  const SenderReport report = {.channel = dialogue_.rtcp_channel(),
                               .ssrc = ssrc_,
                               .camera_time = playing_->OwnTimeAt(now),
                               .rtp_time = playing_->RtpTimeAt(now),
                               .packets = packets_,
                               .octets = octets_};
  if (!socket_.Send(EncodeSenderReport(report))) return false;
  return !playing_->habits().foreign_reports || socket_.Send(ForeignReports(report));
}

void Client::OnFrameSent(const SentFrame& frame) {
  ++around_.counts->frames_sent;
  if (around_.log == nullptr) return;
  SentFrame done = frame;
  done.sent = around_.clock->Now();
  around_.log->Frame(done);
}

void Client::End(SessionEnd reason) {
  if (!playing()) return;
  playing_ = nullptr;
  pacer_.Discard();
  packet_fault_.reset();
  if (around_.log == nullptr) return;
  around_.log->End({.session = log_session_, .reason = reason, .at = around_.clock->Now()});
}

}  // namespace yagura::simulate
