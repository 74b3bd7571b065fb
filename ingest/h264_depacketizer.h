#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "core/shared_bytes.h"
#include "ingest/rtp_packet.h"

namespace yagura::ingest {

/// The NAL units that one RTP timestamp brought, each behind its length in four bytes.
struct CodedPicture {
  SharedBytes data;
  RtpTime time;
  bool idr = false;
  bool recovery_point = false;        // of 0: decoding can start here
  bool damaged = false;               // packets are missing, or make no sense together
  bool starts_clean = false;          // its first slice begins at the picture's first macroblock
  std::span<const std::uint8_t> sps;  // in `data`; the first of each kind, empty without one
  std::span<const std::uint8_t> pps;
};

/// Puts the NAL units of one track together again (RFC 6184, packetization modes 0 and 1): single
/// NAL unit, STAP-A and FU-A packets. Bytes are copied once, from the receive buffer to where they
/// stay. One thread.
///
/// A picture ends with the marker bit or with the next timestamp. Quirks that are met: a marker on
/// parameter sets (Geovision, Reolink) ends nothing, since a picture needs a slice; parameter sets
/// under a timestamp of their own go with the picture that follows; a marker on every slice is
/// noticed at the second slice and from then on only timestamps count.
class H264Depacketizer {
 public:
  enum class Fault : std::uint8_t {
    kNone,
    kNalTooLarge,       // over kMaxNalBytes, as when a FU-A never ends
    kPictureTooLarge,   // over kMaxAccessUnitBytes
    kTooManyNals,       // over kMaxNalsPerAccessUnit
    kUnsupportedPacket  // STAP-B, MTAP, FU-B: packetization mode 2, that nobody asked for
  };

  H264Depacketizer();

  /// Whether `packet` belongs to a later picture than the one being built: Take() that one first.
  [[nodiscard]] bool EndsBefore(const RtpPacket& packet) const {
    return has_slice_ && !(packet.time == time_);
  }
  /// After a fault the session can't go on.
  [[nodiscard]] Fault Add(const RtpPacket& packet);
  /// The picture has ended: Take() it.
  [[nodiscard]] bool complete() const { return complete_; }
  [[nodiscard]] CodedPicture Take();

  /// What is being built lacks packets.
  void MarkDamaged() { damaged_ = true; }

 private:
  struct Place {
    std::size_t offset = 0;
    std::size_t size = 0;
  };

  [[nodiscard]] Fault AddNal(std::span<const std::uint8_t> nal);
  [[nodiscard]] Fault AddAggregate(std::span<const std::uint8_t> payload);
  [[nodiscard]] Fault AddFragment(std::span<const std::uint8_t> payload);
  [[nodiscard]] Fault BeginNal();
  [[nodiscard]] Fault AppendToNal(std::span<const std::uint8_t> bytes);
  void EndNal();
  void Inspect(std::span<const std::uint8_t> nal);
  void InspectSlice(std::span<const std::uint8_t> nal);
  void Remember(std::span<const std::uint8_t> nal, Place& place) const;
  void Reset();

  ByteArena arena_;
  RtpTime time_;
  RtpTime taken_time_;
  bool taken_any_ = false;
  bool marker_counts_ = true;
  bool in_fragment_ = false;
  bool complete_ = false;
  bool damaged_ = false;
  bool has_slice_ = false;
  bool starts_clean_ = false;
  bool idr_ = false;
  bool recovery_point_ = false;
  std::uint8_t fragment_header_ = 0;
  std::size_t size_ = 0;       // of the picture so far
  std::size_t nal_begin_ = 0;  // of the NAL unit being built, behind its length
  std::size_t nal_count_ = 0;
  Place sps_;
  Place pps_;
};

[[nodiscard]] std::string_view ToString(H264Depacketizer::Fault fault);

}  // namespace yagura::ingest
