#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "core/shared_bytes.h"
#include "ingest/rtp_packet.h"

namespace yagura::ingest {

/// Parameter sets found together, the first of each kind, empty without one. H.264 has no VPS; JPEG
/// has its frame header in the SPS's place, and nothing else.
struct ParameterSetNals {
  std::span<const std::uint8_t> vps;
  std::span<const std::uint8_t> sps;
  std::span<const std::uint8_t> pps;
};

/// The NAL units of one picture, each behind its length in four bytes; or a JPEG file.
struct CodedPicture {
  SharedBytes data;
  RtpTime time;
  bool keyframe = false;            // decoding can start here
  bool closed = false;              // a keyframe that no picture follows which is shown before it
  bool damaged = false;             // packets are missing, or make no sense together
  bool follows_loss = false;        // whole itself, but pictures before it are missing
  bool starts_clean = false;        // its first slice is the picture's first
  ParameterSetNals parameter_sets;  // in `data`
};

/// Puts the pictures of one track together again. Bytes are copied once, from the receive buffer
/// to where they stay. A codec's payload format and NAL units are what a derived class knows; what
/// begins and ends a picture, and the limits, are the same for all. One thread.
///
/// A picture ends with the marker bit or with the next timestamp. Quirks that are met: a marker on
/// parameter sets (Geovision, Reolink) ends nothing, since a picture needs a slice; parameter sets
/// under a timestamp of their own go with the picture that follows; a marker on every slice is
/// noticed at the second slice and from then on only timestamps count; a further picture under the
/// timestamp of the one before is a picture.
class Depacketizer {
 public:
  enum class Fault : std::uint8_t {
    kNone,
    kNalTooLarge,        // over kMaxNalBytes, as when a fragmented NAL unit never ends
    kPictureTooLarge,    // over kMaxAccessUnitBytes
    kTooManyNals,        // over kMaxNalsPerAccessUnit
    kUnsupportedPacket,  // of a kind that was not agreed to in the SDP
    kUnsupportedJpeg,    // a picture that isn't to be had from what RFC 2435 says of it
    kJpegTooWide         // or too high: its size isn't told
  };

  virtual ~Depacketizer() = default;
  Depacketizer(const Depacketizer&) = delete;
  Depacketizer& operator=(const Depacketizer&) = delete;

  /// Whether `packet` belongs to a later picture than the one being built: Take() that one first.
  [[nodiscard]] bool EndsBefore(const RtpPacket& packet) const {
    return has_slice_ && (!(packet.time == time_) || BeginsPicture(packet.payload));
  }
  /// After a fault the session can't go on.
  [[nodiscard]] Fault Add(const RtpPacket& packet);
  /// The packet added last had nothing for any picture.
  [[nodiscard]] bool ignored() const { return ignored_; }
  /// The picture has ended: Take() it.
  [[nodiscard]] bool complete() const { return complete_; }
  [[nodiscard]] CodedPicture Take();

  /// What is being built lacks packets.
  void MarkDamaged() { damaged_ = true; }

 protected:
  enum class ParameterSet : std::uint8_t { kVps, kSps, kPps };
  static constexpr std::size_t kNalHeaderBytesMax = 2;
  /// A part of a NAL unit.
  struct Fragment {
    std::array<std::uint8_t, kNalHeaderBytesMax> nal_header{};  // of the whole one
    std::uint8_t type = 0;
    bool start = false;
    bool end = false;
    std::span<const std::uint8_t> bytes;  // behind the header
  };
  /// What a slice says of its picture.
  struct Slice {
    bool first = false;  // of its picture
    bool keyframe = false;
    bool closed = false;
  };

  explicit Depacketizer(std::size_t nal_header_bytes);

  /// Takes a payload (not empty) apart, by the functions below.
  [[nodiscard]] virtual Fault AddPayload(std::span<const std::uint8_t> payload) = 0;
  /// Whether a NAL unit (not empty) of an aggregate is one that can be in there.
  [[nodiscard]] virtual bool CanBeAggregated(std::span<const std::uint8_t> nal) const = 0;
  /// Whether a payload under the same timestamp as the slices before it can't belong to them.
  [[nodiscard]] virtual bool BeginsPicture(std::span<const std::uint8_t> payload) const = 0;
  /// Notes what a whole NAL unit says of the picture.
  virtual void Inspect(std::span<const std::uint8_t> nal) = 0;
  /// Before the picture being built is taken: adds what belongs at its end.
  virtual void Finish() {}

  [[nodiscard]] Fault AddNal(std::span<const std::uint8_t> nal);
  /// size(16) and a NAL unit of that size, again and again.
  [[nodiscard]] Fault AddAggregate(std::span<const std::uint8_t> units);
  [[nodiscard]] Fault AddFragment(const Fragment& fragment);
  void NoteSlice(const Slice& slice);
  /// Of the picture, but no slice by which its beginning could be told.
  void NoteSliceData() { has_slice_ = true; }
  void NoteKeyframe() { keyframe_ = true; }
  /// The payload is of a kind that is to be ignored.
  void NoteIgnored() { ignored_ = true; }
  void NoteParameterSet(ParameterSet kind, std::span<const std::uint8_t> nal);

  /// For a codec without NAL units: bytes of the picture, as they are.
  [[nodiscard]] Fault Append(std::span<const std::uint8_t> bytes);
  /// What was just appended ends with this parameter set and `behind_bytes` more.
  void NoteParameterSet(ParameterSet kind, std::size_t size_bytes, std::size_t behind_bytes);
  /// What is being built has its front: whatever was lost came before it.
  void NoteWholeFront() {
    follows_loss_ = damaged_;
    damaged_ = false;
  }

 private:
  struct Place {
    std::size_t offset = 0;
    std::size_t size = 0;
  };

  [[nodiscard]] Fault BeginNal();
  [[nodiscard]] Fault AppendToNal(std::span<const std::uint8_t> bytes);
  void EndNal();
  void Reset();

  std::size_t nal_header_bytes_;
  ByteArena arena_;
  RtpTime time_;
  RtpTime taken_time_;
  bool taken_any_ = false;
  bool taken_damaged_ = false;  // and no marker ended it
  bool marker_counts_ = true;
  bool in_fragment_ = false;
  bool ignored_ = false;
  bool complete_ = false;
  bool damaged_ = false;
  bool follows_loss_ = false;
  bool has_slice_ = false;
  bool starts_clean_ = false;
  bool keyframe_ = false;
  bool closed_ = false;
  std::uint8_t fragment_type_ = 0;
  std::size_t size_ = 0;       // of the picture so far
  std::size_t nal_begin_ = 0;  // of the NAL unit being built, behind its length
  std::size_t nal_count_ = 0;
  std::array<Place, 3> parameter_sets_;
};

[[nodiscard]] std::string_view ToString(Depacketizer::Fault fault);
/// Whether the camera does nothing wrong, but sends what we don't record.
[[nodiscard]] bool IsOfWhatWeDontRecord(Depacketizer::Fault fault);

}  // namespace yagura::ingest
