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

TEST(LookBudgetTest, GivesEachCameraOneInAQuarterOfAnHourSpreadOverIt) {
  LookBudget budget(kStart);
  for (int minutes = 3; minutes <= 30; minutes += 3) {
    budget.Refill(kStart + minutes * 60s, 100);
    EXPECT_EQ(TakeAll(budget), 20);
  }
}

TEST(LookBudgetTest, SavesUpOneForEachCamera) {
  LookBudget budget(kStart);
  budget.Refill(kStart + 24h, 100);
  EXPECT_EQ(TakeAll(budget), 100);
}

TEST(LookBudgetTest, AFewCamerasShareWhatFifteenHave) {
  LookBudget budget(kStart);
  budget.Refill(kStart + 60s, 1);
  EXPECT_EQ(TakeAll(budget), 1);
}

}  // namespace
}  // namespace yagura::app
