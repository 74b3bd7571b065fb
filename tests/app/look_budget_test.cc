#include "app/look_budget.h"

#include <gtest/gtest.h>

namespace yagura::app {
namespace {

using namespace std::chrono_literals;

constexpr LookBudget::Time kStart{1'000s};

int TakeAll(LookBudget& budget) {
  int looks = 0;
  while (budget.Take()) ++looks;
  return looks;
}

TEST(LookBudgetTest, BeginsWithNone) {
  LookBudget budget(kStart);
  EXPECT_EQ(TakeAll(budget), 0);
  budget.Refill(kStart, 100);
  EXPECT_EQ(TakeAll(budget), 0);
}

TEST(LookBudgetTest, GivesEachCameraOneInFiveMinutesSpreadOverThem) {
  LookBudget budget(kStart);
  for (int minute = 1; minute <= 10; ++minute) {
    budget.Refill(kStart + minute * 60s, 100);
    EXPECT_EQ(TakeAll(budget), 20);
  }
}

TEST(LookBudgetTest, SavesUpOneForEachCamera) {
  LookBudget budget(kStart);
  budget.Refill(kStart + 24h, 100);
  EXPECT_EQ(TakeAll(budget), 100);
}

TEST(LookBudgetTest, AFewCamerasShareWhatThirtyHave) {
  LookBudget budget(kStart);
  budget.Refill(kStart + 10s, 1);
  EXPECT_EQ(TakeAll(budget), 1);
}

}  // namespace
}  // namespace yagura::app
