#include "office/reach.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "office/read_office.h"
#include "tests/office/office_files.h"

namespace yagura::office {
namespace {

using ::testing::IsEmpty;

const OfficeCalendar kTokyo = OfficeCalendar::Load("Asia/Tokyo").value();
WallTime At(const std::string& text) { return ReadInstant(text, kTokyo).value(); }

Office Ward() { return ReadOfficeFiles(TestOffice("office"), kTokyo).office; }
Row& Find(Office& office, Sheet sheet, const std::string& first_cells) {
  for (Row& row : office[sheet].rows) {
    if (KeyOf(sheet, row).starts_with(first_cells)) return row;
  }
  ADD_FAILURE() << "no row " << first_cells;
  return office[sheet].rows.front();
}

std::vector<std::string> Told(const Office& before, const Office& after, const std::string& now) {
  std::vector<std::string> lines;
  const auto changes = CompareReach(before, after, At(now)).value();
  for (const ReachChange& change : changes) {
    lines.push_back(WriteInstant(change.from, kTokyo) + " " + change.person +
                    (change.gains ? " gains " : " loses ") + std::to_string(change.cameras.size()) +
                    (change.past_of.empty() ? "" : " of " + change.past_of));
  }
  return lines;
}

TEST(ReachTest, ThePresentOfficeChangesNothing) {
  EXPECT_THAT(Told(Ward(), Ward(), "2026-05-01"), IsEmpty());
}

// One post ends a month earlier: what it showed is lost from then on, until it would have ended.
TEST(ReachTest, APostThatEndsEarlierIsLostUntilItWouldHaveEnded) {
  Office after = Ward();
  Row& post = Find(after, Sheet::kAssignments, "head.tax\x1f");
  post.valid.to = At("2027-03-01");
  EXPECT_EQ(Told(Ward(), after, "2026-12-01"),
            (std::vector<std::string>{"2027-03-01 head.tax loses 13"}));
}

TEST(ReachTest, ACameraMovedToAnotherUnitChangesHands) {
  Office after = Ward();
  Row& charge = Find(after, Sheet::kCharges, "5F-01\x1f");
  Row next = charge;
  next.cells[1] = "HEALTH";
  charge.valid.to = next.valid.from = At("2026-12-24");
  after[Sheet::kCharges].rows.push_back(next);
  EXPECT_EQ(Told(Ward(), after, "2026-12-01"),
            (std::vector<std::string>{"2026-12-24 head.child loses 1",
                                      "2026-12-24 head.health gains 1"}));
}

// TAX-COLLECT succeeds TAX-PAY, and is split itself a year later: between TAX-ASSESS, which lies in
// the same department, and RESIDENTS-INS.
TEST(ReachTest, SuccessorsGainWhatAClosedUnitRecorded) {
  Office before = Ward();
  for (Row& row : before[Sheet::kUnits].rows) row.cells.back().clear();
  EXPECT_EQ(Told(before, Ward(), "2026-12-01"),
            (std::vector<std::string>{"2027-04-01 manager.collection gains 6 of TAX-PAY",
                                      "2028-04-01 head.residents gains 6 of TAX-COLLECT",
                                      "2028-04-01 head.residents gains 6 of TAX-PAY"}));
}

TEST(ReachTest, NobodySeesMoreBeforeACameraIsInService) {
  Office after = Ward();
  std::erase_if(after[Sheet::kStates].rows, [](const Row& row) {
    return row.cells[0] == "9F-01" && row.cells[1] == "in_service";
  });
  EXPECT_EQ(
      Told(after, Ward(), "2026-06-01"),
      (std::vector<std::string>{"2026-06-15 crisis gains 1", "2026-06-15 head.council gains 1"}));
}

}  // namespace
}  // namespace yagura::office
