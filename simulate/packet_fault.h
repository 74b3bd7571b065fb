#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/access_unit.h"
#include "simulate/fault_script.h"

namespace yagura::simulate {

/// What becomes of one client's packets under a fault of theirs (kDrop, kDuplicate, kReorder,
/// kMalform), from its making on. Sequence numbers stay those that the packets were given. One
/// thread.
class PacketFault {
 public:
  PacketFault(const Fault& fault, Codec codec) : fault_(fault), codec_(codec) {}

  struct Passed {
    std::vector<std::uint8_t> bytes;
    bool broken = false;  // a packet of the frame is missing, late or not what it was
  };
  /// `frame`: all packets of one, with their interleaved headers (RFC 2326, 10.12).
  [[nodiscard]] Passed Pass(std::span<const std::uint8_t> frame);
  /// Nothing will be changed any more.
  [[nodiscard]] bool spent() const { return number_ >= fault_.packets.last() && held_.empty(); }

 private:
  void Change(std::span<const std::uint8_t> packet, Passed& passed);
  void Malform(std::span<const std::uint8_t> packet, std::vector<std::uint8_t>& out) const;

  Fault fault_;
  Codec codec_;
  std::uint32_t number_ = 0;        // of the packet at hand
  std::vector<std::uint8_t> held_;  // to go behind the next one
};

}  // namespace yagura::simulate
