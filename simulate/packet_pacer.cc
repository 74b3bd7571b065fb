#include "simulate/packet_pacer.h"

#include <algorithm>

#include "core/check.h"

namespace yagura::simulate {
namespace {

/// '$', channel, length (RFC 2326, 10.12).
constexpr std::size_t kInterleavedSize = 4;

}  // namespace

void PacketPacer::Begin(std::span<const std::uint8_t> frame, const SentFrame& note, MonoTime from,
                        MonoTime until) {
  CHECK(at_ == frame_.size());
  frame_.assign(frame.begin(), frame.end());
  at_ = 0;
  note_ = note;
  from_ = from;
  until_ = until;
}

PacketPacer::Packet PacketPacer::Next() {
  const std::span rest = std::span(frame_).subspan(at_);
  CHECK(rest.size() > kInterleavedSize);
  const std::size_t size = kInterleavedSize + static_cast<std::size_t>(rest[2] << 8 | rest[3]);
  CHECK(size <= rest.size());
  at_ += size;
  return {rest.first(size), at_ == frame_.size() ? &note_ : nullptr};
}

std::optional<MonoTime> PacketPacer::due() const {
  if (at_ == frame_.size()) return std::nullopt;
  const auto part = static_cast<double>(at_) / static_cast<double>(frame_.size());
  return from_ + std::chrono::duration_cast<MonoTime::duration>((until_ - from_) * part);
}

}  // namespace yagura::simulate
