#include "app/crash_book.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace yagura::app {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const WallTime kNoon{seconds(1'800'000'000)};
const auto kBoot = NewId<BootId>();
const auto kCamera = NewId<CameraId>();

CrashEntry Crash(microseconds after, CameraId camera = kCamera) {
  return {camera, 11, kNoon + after, hours(5) + after, kBoot};
}
CrashEntry Lift(microseconds after) { return {kCamera, kLift, kNoon + after, {}, {}}; }

CrashBook BookOf(const std::vector<CrashEntry>& entries) {
  CrashBook book;
  for (const CrashEntry& entry : entries) book.Add(entry);
  return book;
}
bool Parks(const std::vector<CrashEntry>& entries) { return BookOf(entries).IsParked({kCamera}); }

std::vector<std::uint8_t> Encoded(const std::vector<CrashEntry>& entries) {
  std::vector<std::uint8_t> bytes;
  for (const CrashEntry& entry : entries) {
    const auto encoded = EncodeCrashEntry(entry);
    bytes.insert(bytes.end(), encoded.begin(), encoded.end());
  }
  return bytes;
}

TEST(CrashBookTest, TwoCrashesWithinTenMinutesParkTheirCameraAlone) {
  EXPECT_FALSE(Parks({}));
  EXPECT_FALSE(Parks({Crash(seconds(0))}));
  EXPECT_TRUE(Parks({Crash(seconds(0)), Crash(seconds(3))}));
  EXPECT_TRUE(Parks({Crash(seconds(0)), Crash(minutes(10))}));
  EXPECT_FALSE(Parks({Crash(seconds(0)), Crash(minutes(10) + microseconds(1))}));
  EXPECT_FALSE(Parks({Crash(seconds(0)), Crash(minutes(11)), Crash(minutes(22))}));
  EXPECT_TRUE(Parks({Crash(seconds(0)), Crash(minutes(11)), Crash(minutes(20))}));
  EXPECT_FALSE(Parks({Crash(seconds(0)), Crash(seconds(3), NewId<CameraId>())}));
}

TEST(CrashBookTest, ASubStreamIsParkedByItself) {
  CrashEntry first = Crash(seconds(0));
  CrashEntry second = Crash(seconds(3));
  first.stream = second.stream = Stream::kSub;
  EXPECT_FALSE(Parks({Crash(seconds(0)), second}));
  const CrashBook book = BookOf(DecodeCrashEntries(Encoded({first, second})).entries);
  EXPECT_TRUE(book.IsParked({kCamera, Stream::kSub}));
  EXPECT_FALSE(book.IsParked({kCamera}));
}

TEST(CrashBookTest, ItStaysParkedHoweverLongAgoThatWas) {
  EXPECT_TRUE(Parks({Crash(seconds(0)), Crash(seconds(3)), Crash(hours(48))}));
}

TEST(CrashBookTest, CrashesBeforeALiftCountNoMore) {
  EXPECT_FALSE(Parks({Crash(seconds(0)), Crash(seconds(3)), Lift(minutes(1))}));
  EXPECT_FALSE(Parks({Crash(seconds(0)), Lift(seconds(1)), Crash(seconds(3))}));
  EXPECT_TRUE(Parks({Crash(seconds(0)), Lift(seconds(1)), Crash(seconds(3)), Crash(seconds(5))}));
  const CrashBook book = BookOf({Lift(seconds(1)), Crash(seconds(3))});
  EXPECT_EQ(book.LiftedAt({kCamera}), kNoon + seconds(1));
  EXPECT_THAT(book.CrashesOf({kCamera}), ElementsAre(Crash(seconds(3))));
}

TEST(CrashBookTest, AnOlderLiftThanTheOneKnownIsNone) {
  const CrashBook book = BookOf(
      {Lift(minutes(2)), Crash(minutes(3)), Crash(minutes(4)), Lift(minutes(2)), Lift(minutes(1))});
  EXPECT_TRUE(book.IsParked({kCamera}));
  EXPECT_EQ(book.LiftedAt({kCamera}), kNoon + minutes(2));
}

TEST(CrashBookTest, AClockSetBackOrForwardBetweenTwoCrashesChangesNothing) {
  for (const microseconds step : {microseconds(-hours(3)), microseconds(hours(3))}) {
    CrashEntry soon = Crash(minutes(1));
    soon.at += step;
    EXPECT_TRUE(Parks({Crash(seconds(0)), soon}));
    CrashEntry late = Crash(hours(3));
    late.at -= hours(3);
    EXPECT_FALSE(Parks({Crash(seconds(0)), late}));
  }
}

TEST(CrashBookTest, AClockSetBackAfterALiftDoesNotMakeCrashesSeemOlderThanIt) {
  CrashEntry first = Crash(hours(1));
  CrashEntry second = Crash(hours(1) + seconds(3));
  first.at -= hours(2);
  second.at -= hours(2);
  EXPECT_TRUE(Parks({Lift(minutes(30)), first, second}));
}

TEST(CrashBookTest, AcrossARestartOfTheMachineTheWallClockTellsHowFarApart) {
  CrashEntry soon = Crash(minutes(4));
  soon.boot = NewId<BootId>();
  soon.uptime = seconds(30);
  EXPECT_TRUE(Parks({Crash(seconds(0)), soon}));
  CrashEntry unknown = Crash(hours(1));
  unknown.boot = {};
  unknown.uptime = {};
  EXPECT_FALSE(Parks({Crash(seconds(0)), unknown}));
}

TEST(CrashBookTest, KeepsNoMoreThanWhatItComesTo) {
  const auto other = NewId<CameraId>();
  const CrashBook book = BookOf(
      {Lift(minutes(-9)), Crash(minutes(-8)), Lift(minutes(-7)), Crash(seconds(0), other),
       Crash(minutes(1)), Crash(hours(1), other), Crash(minutes(2)), Crash(hours(2), other)});
  EXPECT_THAT(book.Kept(), ElementsAre(Lift(minutes(-7)), Crash(minutes(1)), Crash(minutes(2)),
                                       Crash(hours(2), other)));
  EXPECT_EQ(BookOf(book.Kept()).Kept(), book.Kept());
}

TEST(CrashBookTest, IsBoundedAndLosesTheOldestFirst) {
  CrashBook book;
  for (std::size_t i = 0; i <= CrashBook::kEntriesMax; ++i)
    book.Add(Crash(seconds(i), NewId<CameraId>()));
  const auto kept = book.Kept();
  ASSERT_EQ(kept.size(), CrashBook::kEntriesMax);
  EXPECT_EQ(kept.front().at, kNoon + seconds(1));
}

TEST(CrashEntryTest, IsReadAsItWasWritten) {
  const std::vector<CrashEntry> entries{Crash(seconds(0)), Lift(seconds(1)),
                                        Crash(-hours(24), NewId<CameraId>())};
  const CrashEntries read = DecodeCrashEntries(Encoded(entries));
  EXPECT_EQ(read.entries, entries);
  EXPECT_EQ(read.skipped_bytes, 0U);
}

TEST(CrashEntryTest, OfATornTailTheWholeEntriesBeforeItAreRead) {
  const std::vector<CrashEntry> entries{Crash(seconds(0)), Crash(seconds(1))};
  const auto bytes = Encoded(entries);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const CrashEntries read = DecodeCrashEntries(std::span(bytes).first(size));
    EXPECT_EQ(read.entries.size(), size / kCrashEntryBytes) << size;
    EXPECT_EQ(read.skipped_bytes, size % kCrashEntryBytes) << size;
  }
}

TEST(CrashEntryTest, WhatComesBehindATornEntryIsRead) {
  const auto bytes = Encoded({Crash(seconds(0)), Crash(seconds(1))});
  for (std::size_t lost = 1; lost <= kCrashEntryBytes; ++lost) {
    const CrashEntries read = DecodeCrashEntries(std::span(bytes).subspan(lost));
    EXPECT_THAT(read.entries, ElementsAre(Crash(seconds(1)))) << lost;
  }
}

TEST(CrashEntryTest, EveryFlippedBitIsNoticed) {
  const auto bytes = Encoded({Crash(seconds(0))});
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    auto damaged = bytes;
    damaged[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
    EXPECT_THAT(DecodeCrashEntries(damaged).entries, IsEmpty()) << bit;
  }
}

}  // namespace
}  // namespace yagura::app
