#include "api/media/thumbnail_cache.h"

#include <gtest/gtest.h>

#include "tests/support/fake_clock.h"

namespace yagura::api {
namespace {

ThumbnailCache::Key Key(std::uint32_t number) { return {{RunId{}, number}, MediaTime{900'000}}; }

TEST(ThumbnailCacheTest, GivesBackWhatItKeptAndNothingElse) {
  const yagura::testing::FakeClock clock;
  ThumbnailCache cache(clock);
  EXPECT_EQ(cache.Find(Key(1)), nullptr);
  EXPECT_EQ(*cache.Keep(Key(1), "one"), "one");
  EXPECT_EQ(*cache.Find(Key(1)), "one");
  EXPECT_EQ(cache.Find(Key(2)), nullptr);
  EXPECT_EQ(cache.Find({Key(1).clip, MediaTime{900'001}}), nullptr);
}

TEST(ThumbnailCacheTest, NewOnesTakeThePlaceOfTheOldest) {
  const yagura::testing::FakeClock clock;
  ThumbnailCache cache(clock, {.bytes = 10});
  cache.Keep(Key(1), "1111");
  cache.Keep(Key(2), "2222");
  cache.Keep(Key(2), "2222");
  EXPECT_NE(cache.Find(Key(1)), nullptr) << "the same again takes no place";
  cache.Keep(Key(3), "3333");
  EXPECT_EQ(cache.Find(Key(1)), nullptr);
  EXPECT_NE(cache.Find(Key(2)), nullptr);
  EXPECT_NE(cache.Find(Key(3)), nullptr);
  EXPECT_EQ(cache.Keep(Key(4), "more than all of it")->size(), 19U);
  EXPECT_EQ(cache.Find(Key(4)), nullptr);
  EXPECT_NE(cache.Find(Key(3)), nullptr);
}

TEST(ThumbnailCacheTest, NoneIsGivenOutLongAfterItWasMade) {
  yagura::testing::FakeClock clock;
  ThumbnailCache cache(clock);
  cache.Keep(Key(1), "one");
  clock.Advance(std::chrono::minutes(6));
  cache.Keep(Key(2), "two");
  EXPECT_NE(cache.Find(Key(1)), nullptr);
  clock.Advance(std::chrono::minutes(5));
  EXPECT_EQ(cache.Find(Key(1)), nullptr) << "asking for it doesn't make it newer";
  EXPECT_NE(cache.Find(Key(2)), nullptr);
}

}  // namespace
}  // namespace yagura::api
