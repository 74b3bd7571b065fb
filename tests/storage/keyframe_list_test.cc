#include "storage/keyframe_list.h"

#include <gtest/gtest.h>

#include "storage/bytes.h"

namespace yagura::storage {
namespace {

constexpr MediaTime kStart{900'000};

std::vector<ClipKeyframe> EveryTwoSeconds(int count) {
  std::vector<ClipKeyframe> keyframes;
  for (int i = 0; i < count; ++i) {
    keyframes.push_back({.offset_bytes = 876 + static_cast<std::uint64_t>(i) * 500'000,
                         .media_time = MediaTime{kStart.ticks_90k + i * 180'000}});
  }
  return keyframes;
}

TEST(KeyframeListTest, GoesThereAndBack) {
  for (const int count : {0, 1, 30}) {
    const auto keyframes = EveryTwoSeconds(count);
    EXPECT_EQ(UnpackKeyframes(PackKeyframes(keyframes, kStart), kStart), keyframes);
  }
}

/// As a camera of 2 Mbit/s has them: whole pages, some more and some less in each GOP.
std::vector<ClipKeyframe> AtWholePages(int count) {
  std::vector<ClipKeyframe> keyframes;
  std::uint64_t pages = 1;
  for (int i = 0; i < count; ++i) {
    keyframes.push_back(
        {.offset_bytes = pages * 4096, .media_time = MediaTime{kStart.ticks_90k + i * 180'000}});
    pages += 122 + static_cast<std::uint64_t>(i * 7 % 11);
  }
  return keyframes;
}

/// What programs wrote until schema version 43.
std::vector<std::uint8_t> PackAsBefore(const std::vector<ClipKeyframe>& keyframes) {
  ByteWriter out;
  ClipKeyframe before{.offset_bytes = 0, .media_time = kStart};
  for (const ClipKeyframe& keyframe : keyframes) {
    out.Varint(keyframe.offset_bytes - before.offset_bytes);
    out.SignedVarint(keyframe.media_time.ticks_90k - before.media_time.ticks_90k);
    before = keyframe;
  }
  return out.Take();
}

TEST(KeyframeListTest, TakesOneOrTwoBytesAKeyframe) {
  EXPECT_EQ(UnpackKeyframes(PackKeyframes(AtWholePages(30), kStart), kStart), AtWholePages(30));
  EXPECT_LE(PackKeyframes(AtWholePages(30), kStart).size(), 40U);
  EXPECT_GT(PackAsBefore(AtWholePages(30)).size(), 170U);
  EXPECT_LE(PackKeyframes(EveryTwoSeconds(30), kStart).size(), 40U);
}

TEST(KeyframeListTest, TakesStepsOfEachTheirOwnLength) {
  auto uneven = AtWholePages(30);
  for (std::size_t i = 0; i < uneven.size(); ++i) {
    uneven[i].media_time.ticks_90k += static_cast<std::int64_t>(i * i % 5) * 3000;
    if (i % 3 == 0) uneven[i].offset_bytes += i;
  }
  EXPECT_EQ(UnpackKeyframes(PackKeyframes(uneven, kStart), kStart), uneven);
}

TEST(KeyframeListTest, ReadsWhatEarlierProgramsWrote) {
  for (const int count : {0, 1, 30}) {
    const auto keyframes = EveryTwoSeconds(count);
    EXPECT_EQ(UnpackKeyframes(PackAsBefore(keyframes), kStart), keyframes);
  }
  auto cut = PackAsBefore(EveryTwoSeconds(2));
  cut.pop_back();
  EXPECT_FALSE(UnpackKeyframes(cut, kStart).has_value());
}

TEST(KeyframeListTest, TakesTwoKeyframesOfOneFragmentAndTimesThatGoBack) {
  const std::vector<ClipKeyframe> odd = {{.offset_bytes = 5, .media_time = MediaTime{1000}},
                                         {.offset_bytes = 5, .media_time = MediaTime{400}}};
  EXPECT_EQ(UnpackKeyframes(PackKeyframes(odd, kStart), kStart), odd);
}

TEST(KeyframeListTest, RefusesAListThatWasCut) {
  auto packed = PackKeyframes(EveryTwoSeconds(2), kStart);  // its last number has three bytes
  packed.pop_back();
  const auto keyframes = UnpackKeyframes(packed, kStart);
  ASSERT_FALSE(keyframes.has_value());
  EXPECT_EQ(keyframes.error().code(), ErrorCode::kDataLoss);
}

}  // namespace
}  // namespace yagura::storage
