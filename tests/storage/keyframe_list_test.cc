#include "storage/keyframe_list.h"

#include <gtest/gtest.h>

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

TEST(KeyframeListTest, TakesSixBytesAKeyframe) {
  EXPECT_LE(PackKeyframes(EveryTwoSeconds(30), kStart).size(), 30U * 6);
}

TEST(KeyframeListTest, TakesTwoKeyframesOfOneFragmentAndTimesThatGoBack) {
  const std::vector<ClipKeyframe> odd = {{.offset_bytes = 5, .media_time = MediaTime{1000}},
                                         {.offset_bytes = 5, .media_time = MediaTime{400}}};
  EXPECT_EQ(UnpackKeyframes(PackKeyframes(odd, kStart), kStart), odd);
}

TEST(KeyframeListTest, RefusesAListThatWasCut) {
  auto packed = PackKeyframes(EveryTwoSeconds(2), kStart);
  packed.pop_back();
  const auto keyframes = UnpackKeyframes(packed, kStart);
  ASSERT_FALSE(keyframes.has_value());
  EXPECT_EQ(keyframes.error().code(), ErrorCode::kDataLoss);
}

}  // namespace
}  // namespace yagura::storage
