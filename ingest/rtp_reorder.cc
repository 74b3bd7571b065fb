#include "ingest/rtp_reorder.h"

#include <algorithm>

#include "ingest/big_endian.h"

namespace yagura::ingest {
namespace {

constexpr std::size_t kFixedBytes = 12;  // RFC 3550 section 5.1
/// Further ahead, or further behind, the camera counts anew.
constexpr std::uint16_t kMaxAhead = 3'000;
constexpr std::uint16_t kMaxBehind = 3'000;
/// So does one that goes on behind: late packets come among those whose turn it is.
constexpr int kMaxBehindInARow = 256;
/// Or one that is later than what passed, twice in a row: one alone may have been overtaken by the
/// pictures that are shown before it.
constexpr int kMaxAnewInARow = 2;

RtpTime TimeOf(std::span<const std::uint8_t> packet) { return {Read32(packet.subspan(4))}; }

}  // namespace

void RtpReorder::OnPacket(std::span<const std::uint8_t> packet, MonoTime arrival,
                          const Next& next) {
  if (packet.size() < kFixedBytes) return next(packet);
  const std::uint16_t sequence = Read16(packet.subspan(2));
  const std::uint32_t source = Read32(packet.subspan(8));
  if (source_ != source) {
    GiveUpAll(next);
    Begin(source, sequence);
  }
  const auto ahead = static_cast<std::uint16_t>(sequence - expected_);
  const bool behind = ahead >= 65'536 - kMaxBehind;
  if (behind && !CountsAnew(packet)) return;
  if (behind || ahead > kMaxAhead) {
    GiveUpAll(next);
    Begin(source, sequence);
    return OnPacket(packet, arrival, next);
  }
  behind_in_a_row_ = anew_in_a_row_ = 0;
  if (ahead > 0) {
    Hold(ahead, packet, arrival);
    return OnTime(arrival, next);
  }
  ++expected_;
  PassOne(packet, next);
  PassOn(next);
}

/// Of one that is behind.
bool RtpReorder::CountsAnew(std::span<const std::uint8_t> packet) {
  ++behind_in_a_row_;
  anew_in_a_row_ = newest_.IsBefore(TimeOf(packet)) ? anew_in_a_row_ + 1 : 0;
  return behind_in_a_row_ >= kMaxBehindInARow || anew_in_a_row_ >= kMaxAnewInARow;
}

void RtpReorder::PassOne(std::span<const std::uint8_t> packet, const Next& next) {
  newest_.Note(TimeOf(packet));
  next(packet);
}

void RtpReorder::OnTime(MonoTime now, const Next& next) {
  const auto overdue = [&] {
    return now - waiting_since_ >= kMaxWait || held_.size() > kMaxHeldPackets ||
           held_bytes_ > kMaxHeldBytes;
  };
  while (!held_.empty() && overdue()) {
    GiveUpFirstHole();
    PassOn(next);
  }
}

/// The first number is one turn up, so that nothing lies below zero.
void RtpReorder::Begin(std::uint32_t source, std::uint16_t sequence) {
  source_ = source;
  expected_ = 65'536u + sequence;
  behind_in_a_row_ = anew_in_a_row_ = 0;
}

void RtpReorder::Hold(std::uint16_t ahead, std::span<const std::uint8_t> packet, MonoTime arrival) {
  if (held_.empty()) waiting_since_ = arrival;
  const auto [place, added] = held_.try_emplace(expected_ + ahead);
  if (!added) return;
  place->second = {{packet.begin(), packet.end()}, arrival};
  held_bytes_ += packet.size();
}

/// Those that follow without a hole.
void RtpReorder::PassOn(const Next& next) {
  while (!held_.empty() && held_.begin()->first == expected_) {
    const auto held = held_.extract(held_.begin());
    held_bytes_ -= held.mapped().bytes.size();
    ++expected_;
    PassOne(held.mapped().bytes, next);
  }
  if (!held_.empty()) waiting_since_ = held_.begin()->second.arrival;
}

void RtpReorder::GiveUpFirstHole() { expected_ = held_.begin()->first; }

void RtpReorder::GiveUpAll(const Next& next) {
  while (!held_.empty()) {
    GiveUpFirstHole();
    PassOn(next);
  }
}

}  // namespace yagura::ingest
