#include "ingest/rtcp_reception.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "ingest/big_endian.h"

namespace yagura::ingest {
namespace {

using ::testing::SizeIs;
using namespace std::chrono_literals;

using Bytes = std::vector<std::uint8_t>;

constexpr std::uint32_t kSource = 0x0a0b0c0d;

/// The fields of a report's block (RFC 3550 section 6.4.1).
struct Block {
  std::uint32_t source;
  int fraction_256;
  std::int32_t lost;
  std::uint32_t highest;
  std::uint32_t jitter;
  std::uint32_t last_report;
  std::uint32_t delay_65536;
};

class ReceptionReportsTest : public ::testing::Test {
 protected:
  void Packet(std::uint32_t sequence, std::uint32_t rtp_time = 0, std::uint32_t source = kSource) {
    Bytes packet = {0x80, 0x60, static_cast<std::uint8_t>(sequence >> 8),
                    static_cast<std::uint8_t>(sequence)};
    for (const std::uint32_t word : {rtp_time, source}) {
      for (const int shift : {24, 16, 8, 0})
        packet.push_back(static_cast<std::uint8_t>(word >> shift));
    }
    reports_.NoteRtp(packet, now_);
  }
  Bytes Take() {
    const std::string text = reports_.Take(now_);
    return {text.begin(), text.end()};
  }
  Block TakeBlock() {
    const Bytes bytes = Take();
    EXPECT_THAT(bytes, SizeIs(52));
    const std::span<const std::uint8_t> block = std::span(bytes).subspan(8);
    const auto word = [&](std::size_t index) { return Read32(block.subspan(4 * index)); };
    return {word(0),
            static_cast<int>(word(1) >> 24),
            static_cast<std::int32_t>(word(1) << 8) >> 8,
            word(2),
            word(3),
            word(4),
            word(5)};
  }

  MonoTime now_{100s};
  ReceptionReports reports_{0x01020304, now_};
};

TEST_F(ReceptionReportsTest, AreDueEachFiveSeconds) {
  EXPECT_FALSE(reports_.due(now_ + 4'999ms));
  now_ += 5s;
  EXPECT_TRUE(reports_.due(now_));
  (void)Take();
  EXPECT_FALSE(reports_.due(now_ + 4'999ms));
  EXPECT_TRUE(reports_.due(now_ + 5s));
}

TEST_F(ReceptionReportsTest, WithoutPacketsAreEmptyButComplete) {
  EXPECT_EQ(Take(), (Bytes{0x80, 201, 0,   1,   1,   2,   3,   4,  // RR, no block
                           0x81, 202, 0,   4,   1,   2,   3,   4,  // SDES, one chunk
                           1,    6,   'y', 'a', 'g', 'u', 'r', 'a', 0, 0, 0, 0}));  // CNAME, end
}

TEST_F(ReceptionReportsTest, CountWhatIsLost) {
  for (const std::uint32_t sequence : {10u, 11u, 13u, 17u}) Packet(sequence);
  Block block = TakeBlock();
  EXPECT_EQ(block.source, kSource);
  EXPECT_EQ(block.highest, 17u);
  EXPECT_EQ(block.lost, 4) << "12, 14, 15 and 16";
  EXPECT_EQ(block.fraction_256, 128) << "a half of eight";
  Packet(18);
  Packet(12);  // late
  block = TakeBlock();
  EXPECT_EQ(block.highest, 18u);
  EXPECT_EQ(block.lost, 3);
  EXPECT_EQ(block.fraction_256, 0) << "of those since the last report";
}

TEST_F(ReceptionReportsTest, CountRoundsOfTheSequenceNumber) {
  for (std::uint32_t sequence = 65'530; sequence < 65'540; ++sequence) Packet(sequence & 0xffff);
  const Block block = TakeBlock();
  EXPECT_EQ(block.highest, 65'539u);
  EXPECT_EQ(block.lost, 0);
}

TEST_F(ReceptionReportsTest, ANewSourceOrCountBeginsAnew) {
  Packet(10);
  Packet(40'000, 0, kSource + 1);
  EXPECT_EQ(reports_.source(), kSource + 1);
  EXPECT_EQ(TakeBlock().lost, 0);
  Packet(7, 0, kSource + 1);  // far back
  const Block block = TakeBlock();
  EXPECT_EQ(block.highest, 7u);
  EXPECT_EQ(block.lost, 0);
}

TEST_F(ReceptionReportsTest, TellTheJitterInTicks) {
  for (std::uint32_t i = 0; i < 100; ++i) {
    Packet(i, i * 3'600);
    now_ += 40ms;
  }
  EXPECT_EQ(TakeBlock().jitter, 0u);
  for (std::uint32_t i = 100; i < 400; ++i) {
    Packet(i, i * 3'600);
    now_ += i % 2 == 0 ? 30ms : 50ms;  // 10 ms too early or too late
  }
  EXPECT_NEAR(TakeBlock().jitter, 900, 30);
}

TEST_F(ReceptionReportsTest, EchoTheSenderReport) {
  Packet(1);
  EXPECT_EQ(TakeBlock().last_report, 0u);
  reports_.NoteSenderReport(0x1122'3344'5566'7788, now_);
  now_ += 1'500ms;
  const Block block = TakeBlock();
  EXPECT_EQ(block.last_report, 0x3344'5566u);
  EXPECT_EQ(block.delay_65536, 98'304u);
}

TEST_F(ReceptionReportsTest, WhatIsNoRtpIsPassedOver) {
  reports_.NoteRtp(Bytes(11, 0x80), now_);
  reports_.NoteRtp(Bytes(12, 0x00), now_);
  EXPECT_EQ(reports_.source(), std::nullopt);
}

}  // namespace
}  // namespace yagura::ingest
