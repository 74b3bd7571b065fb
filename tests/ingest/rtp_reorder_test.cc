#include "ingest/rtp_reorder.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <random>
#include <set>

#include "tests/support/seed.h"

namespace yagura::ingest {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using namespace std::chrono_literals;

class RtpReorderTest : public ::testing::Test {
 protected:
  void Arrive(std::uint16_t number, std::uint8_t source = 1, std::uint8_t time = 0) {
    const std::vector<std::uint8_t> packet = {0x80,
                                              96,
                                              static_cast<std::uint8_t>(number >> 8),
                                              static_cast<std::uint8_t>(number & 0xff),
                                              0,
                                              0,
                                              time,
                                              0,
                                              0,
                                              0,
                                              0,
                                              source};
    reorder_.OnPacket(packet, now_, next_);
  }
  void Arrive(std::initializer_list<std::uint16_t> numbers) {
    for (const std::uint16_t number : numbers) Arrive(number);
  }
  void Pass(std::chrono::milliseconds time) {
    now_ += time;
    reorder_.OnTime(now_, next_);
  }
  /// The numbers passed on since it was asked last.
  std::vector<int> Passed() { return std::exchange(passed_, {}); }

  RtpReorder reorder_;
  MonoTime now_{1'000s};
  std::vector<int> passed_;
  const RtpReorder::Next next_ = [this](std::span<const std::uint8_t> packet) {
    passed_.push_back(packet.size() < 4 ? -1 : packet[2] << 8 | packet[3]);
  };
};

TEST_F(RtpReorderTest, WhatComesInOrderPassesAtOnce) {
  Arrive({65'534, 65'535, 0, 1});
  EXPECT_THAT(Passed(), ElementsAre(65'534, 65'535, 0, 1));
}

TEST_F(RtpReorderTest, WhatWasOvertakenTakesItsPlace) {
  Arrive({65'534, 0, 2, 1, 65'535, 3});
  EXPECT_THAT(Passed(), ElementsAre(65'534, 65'535, 0, 1, 2, 3));
}

TEST_F(RtpReorderTest, NothingPassesTwice) {
  Arrive({10, 10, 11, 13, 13, 12, 12, 11, 14});
  EXPECT_THAT(Passed(), ElementsAre(10, 11, 12, 13, 14));
}

TEST_F(RtpReorderTest, AHoleIsWaitedForAndThenGivenUp) {
  Arrive({1, 3, 4});
  Pass(RtpReorder::kMaxWait - 1ms);
  EXPECT_THAT(Passed(), ElementsAre(1));
  Pass(1ms);
  EXPECT_THAT(Passed(), ElementsAre(3, 4));
  Arrive({2, 5});
  EXPECT_THAT(Passed(), ElementsAre(5)) << "the turn of 2 is over";
}

TEST_F(RtpReorderTest, EachHoleHasItsOwnTime) {
  Arrive({1, 3});
  Pass(150ms);
  Arrive({5});
  Pass(50ms);
  EXPECT_THAT(Passed(), ElementsAre(1, 3));
  Pass(150ms);
  EXPECT_THAT(Passed(), ElementsAre(5));
}

TEST_F(RtpReorderTest, NoMoreIsHeldThanAllowed) {
  Arrive(1);
  for (std::size_t i = 0; i <= RtpReorder::kMaxHeldPackets; ++i)
    Arrive(static_cast<std::uint16_t>(3 + i));
  EXPECT_EQ(Passed().size(), 2 + RtpReorder::kMaxHeldPackets);
}

TEST_F(RtpReorderTest, ACameraMayCountAnewOrSendFromAnotherSource) {
  Arrive({1, 3, 20'000, 20'001});
  EXPECT_THAT(Passed(), ElementsAre(1, 3, 20'000, 20'001));
  Arrive(7, 2);
  Arrive(8, 2);
  EXPECT_THAT(Passed(), ElementsAre(7, 8));
}

TEST_F(RtpReorderTest, ACameraThatStepsBackALittleIsHeardSoon) {
  for (std::uint16_t number = 0; number < 2'000; ++number) Arrive(number);
  (void)Passed();
  for (std::uint16_t number = 0; number < 300; ++number) Arrive(number);
  const auto passed = Passed();
  ASSERT_EQ(passed.size(), 45u);
  EXPECT_EQ(passed.front(), 255);
  EXPECT_EQ(passed.back(), 299);
}

TEST_F(RtpReorderTest, ACameraThatStepsBackInLaterPicturesIsHeardAtOnce) {
  for (std::uint16_t number = 0; number < 300; ++number) Arrive(number, 1, 1);
  (void)Passed();
  for (std::uint16_t number = 100; number < 110; ++number)
    Arrive(number, 1, static_cast<std::uint8_t>(number - 98));
  EXPECT_THAT(Passed(), ElementsAre(101, 102, 103, 104, 105, 106, 107, 108, 109));
}

TEST_F(RtpReorderTest, APictureThatWasOvertakenByThoseShownBeforeItIsLate) {
  Arrive(1, 1, 10);
  Arrive(3, 1, 11);  // 2, of time 13, is on its way
  Arrive(4, 1, 12);
  Pass(RtpReorder::kMaxWait);
  EXPECT_THAT(Passed(), ElementsAre(1, 3, 4));
  Arrive(2, 1, 13);
  Arrive(5, 1, 16);
  EXPECT_THAT(Passed(), ElementsAre(5));
}

TEST_F(RtpReorderTest, EachPacketMayComeOnceMoreALongTimeLater) {
  for (std::uint16_t number = 0; number < 5'000; ++number) {
    Arrive(number);
    if (number >= 1'000) Arrive(static_cast<std::uint16_t>(number - 1'000));
  }
  EXPECT_EQ(Passed().size(), 5'000u);
}

TEST_F(RtpReorderTest, WhatHasNoNumberPassesOn) {
  reorder_.OnPacket({}, now_, next_);
  EXPECT_THAT(Passed(), ElementsAre(-1));
}

/// Any order within the wait, any duplicates: each number once, in order.
TEST_F(RtpReorderTest, AShuffledStreamComesOutSorted) {
  std::mt19937 random(testing::PrintedSeed());
  std::vector<std::uint16_t> numbers;
  for (int i = 0; i < 5'000; ++i) {
    numbers.push_back(static_cast<std::uint16_t>(64'000 + i));
    if (random() % 10 == 0) numbers.push_back(numbers.back());
  }
  for (std::size_t i = 1; i + 20 < numbers.size(); i += 20)
    std::shuffle(numbers.begin() + static_cast<std::ptrdiff_t>(i),
                 numbers.begin() + static_cast<std::ptrdiff_t>(i) + 20, random);
  for (const std::uint16_t number : numbers) Arrive(number);
  const std::vector<int> passed = Passed();
  ASSERT_EQ(passed.size(), 5'000u);
  for (std::size_t i = 0; i < passed.size(); ++i)
    ASSERT_EQ(passed[i], static_cast<int>((64'000 + i) % 65'536));
}

}  // namespace
}  // namespace yagura::ingest
