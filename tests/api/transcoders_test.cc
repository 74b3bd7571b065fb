#include "api/media/transcoders.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "tests/support/fake_clock.h"

namespace yagura::api {
namespace {

using std::chrono::seconds;

class TranscodersTest : public ::testing::Test {
 protected:
  static CameraStream Camera() { return {NewId<CameraId>(), Stream::kMain}; }

  yagura::testing::FakeClock clock_;
  Transcoders transcoders_{{.worker = {.program = "/bin/cat", .arguments = {}}, .at_once_max = 2},
                           clock_};
};

TEST_F(TranscodersTest, LiveAndPastTakePlacesOfTheSameFew) {
  auto live = std::make_optional(transcoders_.Take().value());
  const CameraStream camera = Camera();
  ASSERT_TRUE(transcoders_.PlayerFor("a", camera).has_value());
  const auto refused = transcoders_.Take();
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code(), ErrorCode::kResourceExhausted);
  EXPECT_FALSE(transcoders_.PlayerFor("b", camera).has_value()) << "each player has its own";
  EXPECT_TRUE(transcoders_.PlayerFor("a", camera).has_value()) << "it has its place";
  live.reset();
  EXPECT_TRUE(transcoders_.PlayerFor("b", camera).has_value());
}

TEST_F(TranscodersTest, APlaceThatNobodyUsesGoesToTheNext) {
  ASSERT_TRUE(transcoders_.PlayerFor("a", Camera()).has_value());
  const CameraStream playing = Camera();
  ASSERT_TRUE(transcoders_.PlayerFor("b", playing).has_value());
  clock_.Advance(seconds(29));
  ASSERT_TRUE(transcoders_.PlayerFor("b", playing).has_value()) << "it goes on";
  EXPECT_FALSE(transcoders_.Take().has_value());
  clock_.Advance(seconds(2));
  const auto taken = transcoders_.Take();
  EXPECT_TRUE(taken.has_value());
  EXPECT_FALSE(transcoders_.Take().has_value()) << "the other one still plays";
}

TEST_F(TranscodersTest, WhoGoesToAnotherCameraGivesUpTheFirstSooner) {
  ASSERT_TRUE(transcoders_.PlayerFor("a", Camera()).has_value());
  ASSERT_TRUE(transcoders_.PlayerFor("a", Camera()).has_value());
  EXPECT_FALSE(transcoders_.PlayerFor("a", Camera()).has_value());
  clock_.Advance(seconds(9));
  EXPECT_FALSE(transcoders_.PlayerFor("b", Camera()).has_value()) << "not to others";
  EXPECT_TRUE(transcoders_.PlayerFor("a", Camera()).has_value());
}

TEST_F(TranscodersTest, AWorkerAtWorkKeepsItsPlaceHoweverLongItTakes) {
  const auto working = transcoders_.PlayerFor("a", Camera()).value();
  ASSERT_TRUE(transcoders_.PlayerFor("b", Camera()).has_value());
  clock_.Advance(seconds(31));
  const auto first = transcoders_.Take();
  ASSERT_TRUE(first.has_value());
  EXPECT_FALSE(transcoders_.Take().has_value());
}

TEST_F(TranscodersTest, WhoAsksForMuchAtOnceTakesNoMoreThreadsThanTwo) {
  const auto player = transcoders_.PlayerFor("a", Camera()).value();
  std::atomic<bool> going_on = false;
  std::atomic<int> served = 0;
  const auto work = [&](pictures::Transcode&) -> Result<void> {
    while (!going_on) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    ++served;
    return {};
  };
  std::vector<std::thread> asking;
  std::atomic<int> refused = 0;
  for (int i = 0; i < 8; ++i) {
    asking.emplace_back([&] {
      const auto done = player->Use(work);
      if (!done.has_value() && done.error().code() == ErrorCode::kResourceExhausted) ++refused;
    });
  }
  while (refused < 6) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  going_on = true;
  for (auto& one : asking) one.join();
  EXPECT_EQ(served, 2);
  EXPECT_TRUE(player->Use(work).has_value()) << "one after the other";
}

TEST_F(TranscodersTest, NoneAtAllIsARefusal) {
  Transcoders none({.worker = {}, .at_once_max = 0}, clock_);
  EXPECT_FALSE(none.Take().has_value());
  EXPECT_FALSE(none.PlayerFor("a", Camera()).has_value());
}

}  // namespace
}  // namespace yagura::api
