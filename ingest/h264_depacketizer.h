#pragma once

#include "ingest/depacketizer.h"

namespace yagura::ingest {

/// H.264 (RFC 6184, packetization modes 0 and 1): single NAL unit, STAP-A and FU-A packets. STAP-B,
/// MTAP and FU-B belong to mode 2, that nobody asked for.
///
/// Two fields may share a timestamp, each with a first slice of its own: without a marker between
/// them they stay one access unit.
class H264Depacketizer final : public Depacketizer {
 public:
  H264Depacketizer() : Depacketizer(1) {}

 private:
  [[nodiscard]] Fault AddPayload(std::span<const std::uint8_t> payload) override;
  [[nodiscard]] bool CanBeAggregated(std::span<const std::uint8_t> nal) const override;
  [[nodiscard]] bool BeginsPicture(std::span<const std::uint8_t>) const override { return false; }
  void Inspect(std::span<const std::uint8_t> nal) override;

  [[nodiscard]] Fault AddFragmentUnit(std::span<const std::uint8_t> payload);
};

}  // namespace yagura::ingest
