#include "api/media/turns.h"

#include <gmock/gmock.h>

#include <deque>
#include <map>
#include <vector>

#include "tests/support/fake_clock.h"

namespace yagura::api {
namespace {

using std::chrono::seconds;

class TurnsTest : public ::testing::Test {
 protected:
  yagura::testing::FakeClock clock_;
  Turns turns_{clock_};
  const PersonId sato_ = NewId<PersonId>();
  const PersonId suzuki_ = NewId<PersonId>();
  const PersonId tanaka_ = NewId<PersonId>();
};

TEST_F(TurnsTest, WhoeverHasOneGetsNoSecondAndTakesNobodysPlace) {
  const auto one = turns_.Enter(sato_);
  ASSERT_TRUE(one.has_value());
  for (int i = 0; i < 10; ++i) {
    const auto another = turns_.Enter(sato_);
    ASSERT_FALSE(another.has_value());
    EXPECT_EQ(another.error().code(), ErrorCode::kUnavailable);
  }
  EXPECT_TRUE(turns_.Enter(suzuki_).has_value());
}

TEST_F(TurnsTest, APersonHasAsManyAsTheLimitsSay) {
  Turns turns(clock_, {.at_once = 3, .of_one = 2});
  const auto one = turns.Enter(sato_);
  {
    const auto two = turns.Enter(sato_);
    EXPECT_TRUE(two.has_value());
    EXPECT_FALSE(turns.Enter(sato_).has_value());
    EXPECT_TRUE(turns.Enter(suzuki_).has_value());
  }
  EXPECT_TRUE(turns.Enter(sato_).has_value());
}

TEST_F(TurnsTest, ATurnEnds) {
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(turns_.Enter(sato_).has_value());
}

TEST_F(TurnsTest, WhoWasTurnedAwayComesBeforeWhoHadATurn) {
  {
    const auto one = turns_.Enter(sato_);
    const auto two = turns_.Enter(suzuki_);
    EXPECT_FALSE(turns_.Enter(tanaka_).has_value());
  }
  const auto one = turns_.Enter(sato_);
  EXPECT_TRUE(one.has_value()) << "there is a place beside the one that is kept";
  EXPECT_FALSE(turns_.Enter(suzuki_).has_value());
  EXPECT_TRUE(turns_.Enter(tanaka_).has_value());
  EXPECT_TRUE(turns_.Enter(suzuki_).has_value());
}

TEST_F(TurnsTest, APlaceIsKeptForAFewSecondsOnly) {
  {
    const auto one = turns_.Enter(sato_);
    const auto two = turns_.Enter(suzuki_);
    EXPECT_FALSE(turns_.Enter(tanaka_).has_value());
    clock_.Advance(seconds(1));
  }
  clock_.Advance(Turns::kClaimLasts - seconds(1));
  const auto one = turns_.Enter(sato_);
  EXPECT_TRUE(turns_.Enter(suzuki_).has_value());
}

/// Everybody asks again and again, in the same order, and has a turn until another one begins.
TEST_F(TurnsTest, AmongManyEverybodyHasTheirTurn) {
  std::vector<PersonId> people;
  for (int i = 0; i < 10; ++i) people.push_back(NewId<PersonId>());
  std::map<PersonId, int> had;
  std::deque<Turns::Turn> running;
  for (int round = 0; round < 100; ++round) {
    if (!running.empty()) running.pop_front();
    for (const PersonId& person : people) {
      auto turn = turns_.Enter(person);
      if (!turn.has_value()) continue;
      ++had[person];
      running.push_back(*std::move(turn));
    }
    clock_.Advance(milliseconds(100));
  }
  for (const PersonId& person : people) EXPECT_GE(had[person], 9);
}

}  // namespace
}  // namespace yagura::api
