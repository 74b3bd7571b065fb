#include "simulate/packet_pacer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace yagura::simulate {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;

using Bytes = std::vector<std::uint8_t>;

constexpr MonoTime kFrom{std::chrono::seconds(1000)};
constexpr MonoTime kUntil = kFrom + milliseconds(60);

/// A packet of `size` bytes in all, at least four.
void Append(Bytes& frame, std::size_t size, std::uint8_t fill) {
  const Bytes head{'$', 0, 0, static_cast<std::uint8_t>(size - 4)};
  frame.insert(frame.end(), head.begin(), head.end());
  frame.insert(frame.end(), size - 4, fill);
}

TEST(PacketPacerTest, SpreadsAFrameOverTheTimeUntilTheNext) {
  Bytes frame;
  for (std::uint8_t fill = 1; fill <= 3; ++fill) Append(frame, 20, fill);
  PacketPacer pacer;
  EXPECT_EQ(pacer.due(), std::nullopt);

  pacer.Begin(frame, {.number = 7}, kFrom, kUntil);
  std::vector<MonoTime> due;
  Bytes sent;
  std::vector<std::uint64_t> completed;
  while (pacer.due()) {
    due.push_back(*pacer.due());
    const PacketPacer::Packet packet = pacer.Next();
    EXPECT_EQ(packet.bytes.size(), 20u);
    sent.insert(sent.end(), packet.bytes.begin(), packet.bytes.end());
    if (packet.completes != nullptr) completed.push_back(packet.completes->number);
  }
  EXPECT_THAT(due, ElementsAre(kFrom, kFrom + milliseconds(20), kFrom + milliseconds(40)));
  EXPECT_EQ(sent, frame);
  EXPECT_THAT(completed, ElementsAre(7u));
}

TEST(PacketPacerTest, WhatIsLeftCanBeForgotten) {
  Bytes frame;
  for (std::uint8_t fill = 1; fill <= 2; ++fill) Append(frame, 20, fill);
  PacketPacer pacer;
  pacer.Begin(frame, {}, kFrom, kUntil);
  (void)pacer.Next();
  pacer.Discard();
  EXPECT_EQ(pacer.due(), std::nullopt);
  pacer.Begin(frame, {}, kFrom, kUntil);  // so that the next one can begin
  EXPECT_EQ(pacer.due(), kFrom);
}

}  // namespace
}  // namespace yagura::simulate
