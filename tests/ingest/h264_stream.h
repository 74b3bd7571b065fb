#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/access_unit.h"

namespace yagura::testing {

using Bytes = std::vector<std::uint8_t>;

/// Fields of a parameter set bit by bit; emulation prevention is added by Nal().
class BitWriter {
 public:
  BitWriter& Bits(std::uint32_t value, int count);
  BitWriter& Flag(bool value) { return Bits(value ? 1 : 0, 1); }
  BitWriter& Ue(std::uint32_t value);
  /// Behind `header` (one byte; two of H.265), with the stop bit and with emulation prevention
  /// bytes.
  [[nodiscard]] Bytes Nal(Bytes header) const;

 private:
  std::vector<bool> bits_;
};

struct SpsFields {
  std::uint8_t profile = 77;
  std::uint8_t constraints = 0;
  std::uint8_t level = 40;
  std::uint32_t width_mbs = 120;
  std::uint32_t height_mbs = 68;
  std::uint32_t crop_bottom = 4;  // in units of two lines
  std::uint32_t poc_type = 0;
  int reorder_frames = -1;          // -1: the stream doesn't tell
  std::uint32_t units_in_tick = 0;  // 0: no timing
  std::uint32_t time_scale = 0;
};
[[nodiscard]] Bytes MakeSps(const SpsFields& fields = {});
[[nodiscard]] Bytes MakePps();
/// A slice that begins at the picture's first macroblock; `fill` makes its bytes its own.
[[nodiscard]] Bytes MakeSlice(bool idr, std::size_t size_bytes, std::uint32_t fill);
/// A slice that goes on with a picture.
[[nodiscard]] Bytes MakeLaterSlice(bool idr, std::size_t size_bytes, std::uint32_t fill);
/// An SEI NAL unit with user data and, behind it, a recovery point.
[[nodiscard]] Bytes MakeRecoveryPoint(std::uint32_t recovery_frame_cnt);

/// What an access unit of these NAL units must look like (core/access_unit.h).
[[nodiscard]] Bytes WithLengths(const std::vector<Bytes>& nals);

/// Writes RTP packets of one source, one after the other.
class RtpWriter {
 public:
  explicit RtpWriter(std::uint16_t first_sequence = 65'530, std::uint32_t source = 0x1234'5678,
                     Codec codec = Codec::kH264)
      : sequence_(first_sequence), source_(source), codec_(codec) {}

  [[nodiscard]] Bytes Packet(std::span<const std::uint8_t> payload, std::uint32_t time,
                             bool marker);
  /// A picture in packets of at most `payload_max` bytes: large NAL units as FU-A (H.265: FU),
  /// others as single NAL units; the last one marked.
  [[nodiscard]] std::vector<Bytes> Picture(const std::vector<Bytes>& nals, std::uint32_t time,
                                           std::size_t payload_max = 1'400);
  /// The same in a random way: any NAL unit as FU-A, runs of them as STAP-A (H.265: FU, AP), single
  /// ones; odd sizes.
  [[nodiscard]] std::vector<Bytes> RandomPicture(const std::vector<Bytes>& nals, std::uint32_t time,
                                                 std::mt19937& random);
  /// Packets that the camera gives up.
  void Skip(int count) { sequence_ = static_cast<std::uint16_t>(sequence_ + count); }

 private:
  void AddFragments(const Bytes& nal, std::uint32_t time, std::size_t payload_max,
                    std::vector<Bytes>& packets);

  std::uint16_t sequence_;
  std::uint32_t source_;
  Codec codec_;
};

/// '$', channel, length, packet.
[[nodiscard]] Bytes Interleaved(std::uint8_t channel, std::span<const std::uint8_t> packet);
void Append(Bytes& bytes, std::span<const std::uint8_t> more);
void Append(Bytes& bytes, std::string_view text);

}  // namespace yagura::testing
