#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/frame_stamp.h"
#include "simulate/loop_file.h"
#include "simulate/payload_format.h"

namespace yagura::simulate {

/// Where a camera tells its parameter sets.
enum class ParameterSets { kSdpAndInBand, kSdpOnly, kInBandOnly };

/// What differs between cameras that play the same loop.
struct PacketFields {
  std::uint8_t channel = 0;  // of the interleaved frames (RFC 2326, 10.12)
  std::uint16_t first_sequence = 0;
  std::uint32_t rtp_time = 0;
  std::uint32_t ssrc = 0;
};

/// A loop laid out as it goes over the wire: per frame, all its RTP packets with their interleaved
/// headers lie side by side, so that one write sends a frame. Shared by all cameras that play it,
/// on one thread: Prepare patches the fields that differ in place.
///
/// Packets (PayloadFormat): what precedes the picture (parameter sets, SEI, our stamp) is one
/// aggregate where it is more than one NAL unit; slices are single NAL unit packets, or fragments
/// above the size limit. Of JPEG (RFC 2435) the coded data, then the stamp and EOI in a packet of
/// their own. The last packet of a frame has the marker bit.
class PacketLoop {
 public:
  struct Frame {
    std::uint32_t begin = 0;  // in bytes_
    std::uint32_t end = 0;
    std::uint32_t first_packet = 0;  // in packets_
    std::uint32_t packet_count = 0;
    std::uint32_t stamp = 0;  // where the stamp lies in bytes_
    std::uint32_t crc = 0;    // for the stamp
    std::uint32_t presentation = 0;
    bool keyframe = false;
  };

  PacketLoop(const LoopFile& file, ParameterSets parameter_sets);

  [[nodiscard]] const std::vector<Frame>& frames() const { return frames_; }
  [[nodiscard]] Codec codec() const { return codec_; }
  [[nodiscard]] std::uint32_t reorder_frames() const { return reorder_frames_; }
  [[nodiscard]] std::size_t size_bytes() const { return bytes_.size(); }

  /// The bytes to send for `frame`, valid until the next call.
  [[nodiscard]] std::span<const std::uint8_t> Prepare(const Frame& frame,
                                                      const PacketFields& fields,
                                                      const FrameStamp& stamp);

 private:
  void AddFrame(const LoopFrame& frame, bool keep_parameter_sets);
  void AddNals(const LoopFrame& source, bool keep_parameter_sets, Frame& frame);
  void AddJpeg(const LoopFrame& source, Frame& frame);
  void AddAggregate(std::span<const std::span<const std::uint8_t>> nals);
  void AddSlice(std::span<const std::uint8_t> nal);
  void AddFragments(std::span<const std::uint8_t> nal);
  void BeginPacket(std::size_t payload_size_bytes);
  void Append(std::span<const std::uint8_t> bytes);

  const PayloadFormat& format_;
  Codec codec_;
  std::vector<std::uint8_t> bytes_;
  std::vector<std::uint32_t> packets_;  // where each packet's interleaved header lies in bytes_
  std::vector<Frame> frames_;
  std::uint32_t reorder_frames_ = 0;
};

}  // namespace yagura::simulate
