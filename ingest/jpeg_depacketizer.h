#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "ingest/depacketizer.h"
#include "ingest/jpeg_payload.h"

namespace yagura::ingest {

/// JPEG (RFC 2435): each picture becomes a file, from SOI to EOI, whose headers are made from those
/// of its first packet and whose coded data are the camera's own.
///
/// A picture begins at offset 0; each further part begins where the one before ended and says the
/// same of size, type and restart interval, or the picture is damaged. So a loss before a picture
/// doesn't damage it. Tables of Q 128 to 254 are kept for pictures that come without.
class JpegDepacketizer final : public Depacketizer {
 public:
  JpegDepacketizer() : Depacketizer(0) {}

 private:
  [[nodiscard]] Fault AddPayload(std::span<const std::uint8_t> payload) override;
  [[nodiscard]] bool BeginsPicture(std::span<const std::uint8_t> payload) const override;
  void Finish() override;
  // There are no NAL units.
  [[nodiscard]] bool CanBeAggregated(std::span<const std::uint8_t>) const override { return false; }
  void Inspect(std::span<const std::uint8_t>) override {}

  [[nodiscard]] Fault Begin(JpegPart& part);
  [[nodiscard]] Fault GoOn(const JpegPart& part);
  /// Nothing is left of this picture.
  void Break();
  [[nodiscard]] bool FindTables(JpegPart& part);
  [[nodiscard]] bool IsOfThisPicture(const JpegPart& part) const;

  static constexpr std::uint8_t kFirstKept = 128;
  static constexpr std::size_t kKept = 127;
  std::array<std::vector<std::uint8_t>, kKept> kept_;  // of Q 128 and up; empty: none came
  JpegHeaders headers_;                                // of the picture being built
  std::vector<std::uint8_t> written_;                  // headers_ as they stand in a file
  bool whole_ = false;                                 // so far
  std::uint32_t data_bytes_ = 0;                       // so far
  std::array<std::uint8_t, 2> last_{};                 // of these
};

}  // namespace yagura::ingest
