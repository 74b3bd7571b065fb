#include "simulate/packet_fault.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace yagura::simulate {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Bytes = std::vector<std::uint8_t>;

constexpr std::size_t kHeaders = 16;  // interleaved and RTP

/// A packet on channel 2 with sequence number `sequence` and a payload of three bytes.
Bytes Packet(std::uint8_t sequence) {
  return {'$', 2, 0, 15, 0x80, 96, 0, sequence, 0, 0, 0, 0, 0, 0, 0, 0, 0x41, sequence, 0x99};
}

Bytes Frame(std::uint8_t first, std::uint8_t last) {
  Bytes frame;
  for (std::uint8_t n = first; n <= last; ++n) {
    const Bytes packet = Packet(n);
    frame.insert(frame.end(), packet.begin(), packet.end());
  }
  return frame;
}

/// The sequence numbers of the packets, in order.
std::vector<int> Sequences(const Bytes& bytes) {
  std::vector<int> sequences;
  for (std::size_t at = 0; at < bytes.size();) {
    sequences.push_back(bytes[at + 7]);
    at += 4 + (std::size_t{bytes[at + 2]} << 8 | bytes[at + 3]);
  }
  return sequences;
}

PacketFault FaultOf(FaultKind kind, std::vector<PacketNumbers::Range> packets) {
  return {Fault{.kind = kind, .packets = {.ranges = std::move(packets)}}, Codec::kH264};
}

TEST(PacketFaultTest, DropsByNumberOverAllFrames) {
  PacketFault fault = FaultOf(FaultKind::kDrop, {{2, 2}, {4, 5}});
  const auto first = fault.Pass(Frame(11, 13));
  EXPECT_THAT(Sequences(first.bytes), ElementsAre(11, 13));
  EXPECT_TRUE(first.broken);
  EXPECT_FALSE(fault.spent());
  const auto second = fault.Pass(Frame(14, 15));
  EXPECT_THAT(second.bytes, IsEmpty());
  EXPECT_TRUE(second.broken);
  EXPECT_TRUE(fault.spent());
  const auto third = fault.Pass(Frame(16, 17));
  EXPECT_EQ(third.bytes, Frame(16, 17));
  EXPECT_FALSE(third.broken);
}

TEST(PacketFaultTest, SendsTwiceWithoutBreakingAnything) {
  PacketFault fault = FaultOf(FaultKind::kDuplicate, {{1, 2}});
  const auto passed = fault.Pass(Frame(1, 3));
  EXPECT_THAT(Sequences(passed.bytes), ElementsAre(1, 1, 2, 2, 3));
  EXPECT_FALSE(passed.broken);
}

TEST(PacketFaultTest, HoldsBackUntilAfterTheNextPacketEvenOfTheNextFrame) {
  PacketFault fault = FaultOf(FaultKind::kReorder, {{1, 1}, {4, 4}});
  EXPECT_THAT(Sequences(fault.Pass(Frame(1, 3)).bytes), ElementsAre(2, 1, 3));
  EXPECT_TRUE(fault.Pass(Frame(4, 4)).broken);
  EXPECT_FALSE(fault.spent());
  EXPECT_THAT(Sequences(fault.Pass(Frame(5, 6)).bytes), ElementsAre(5, 4, 6));
  EXPECT_TRUE(fault.spent());
}

TEST(PacketFaultTest, MalformsBehindTheHeadersThatThePacketHad) {
  const auto passed = [](Malformation malformation, Codec codec) {
    PacketFault fault({.kind = FaultKind::kMalform,
                       .packets = {.ranges = {{1, 1}}},
                       .malformation = malformation},
                      codec);
    const auto result = fault.Pass(Packet(7));
    EXPECT_TRUE(result.broken);
    EXPECT_THAT(Sequences(result.bytes), ElementsAre(7));
    return result.bytes;
  };
  const auto payload = [&](Malformation malformation, Codec codec) {
    const Bytes bytes = passed(malformation, codec);
    return Bytes(bytes.begin() + kHeaders, bytes.end());
  };
  EXPECT_THAT(payload(Malformation::kTruncatedFragment, Codec::kH264), ElementsAre(0x7c));
  EXPECT_THAT(payload(Malformation::kTruncatedFragment, Codec::kH265), ElementsAre(0x62, 0x01));
  EXPECT_THAT(payload(Malformation::kWrongAggregate, Codec::kH264),
              ElementsAre(0x78, 0xff, 0xff, 0x41));
  EXPECT_EQ(passed(Malformation::kOversize, Codec::kH265).size(), 4u + 65'535u);
  EXPECT_EQ(passed(Malformation::kShortHeader, Codec::kH264).size(), 4u + 6u);
}

}  // namespace
}  // namespace yagura::simulate
