#pragma once

#include "ingest/depacketizer.h"

namespace yagura::ingest {

/// H.265 (RFC 7798): single NAL unit, AP and FU packets without decoding order numbers, which come
/// only where the SDP announces them (FindRecordedTrack refuses that). PACI packets carry what
/// nobody asked for.
///
/// A picture begins with its first slice segment, or with what stands before that (H.265
/// 7.4.2.4.4): so several under one timestamp are told apart without markers, too.
class H265Depacketizer final : public Depacketizer {
 public:
  H265Depacketizer() : Depacketizer(2) {}

 private:
  [[nodiscard]] Fault AddPayload(std::span<const std::uint8_t> payload) override;
  [[nodiscard]] bool CanBeAggregated(std::span<const std::uint8_t> nal) const override;
  [[nodiscard]] bool BeginsPicture(std::span<const std::uint8_t> payload) const override;
  void Inspect(std::span<const std::uint8_t> nal) override;

  [[nodiscard]] Fault AddFragmentUnit(std::span<const std::uint8_t> payload);
};

}  // namespace yagura::ingest
