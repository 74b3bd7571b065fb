#include "app/agreement.h"

#include <gmock/gmock.h>

namespace yagura::app {
namespace {

using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

WallTime At(int s) { return WallTime(seconds(1'800'000'000 + s)); }

MATCHER_P2(Says, kind, text, "") {
  return arg.kind == kind && arg.text.find(text) != std::string::npos;
}

class AgreementTest : public ::testing::Test {
 protected:
  AgreementTest() {
    camera_.code = "1F-01";
    camera_.due = {{At(0), At(100)}};
  }
  void Recorded(int from, int to) {
    storage::ClipRow row;
    row.start = At(from);
    row.end = At(to);
    catalogue_.clips[camera_.id].push_back(row);
  }
  void Gap(int from, int to) {
    storage::GapRow row;
    row.start = At(from);
    row.end = At(to);
    catalogue_.gaps[camera_.id].push_back(row);
  }
  [[nodiscard]] std::vector<Disagreement> Found() const {
    return CompareCoverage(camera_, catalogue_, {}, At(1'000)).disagreements;
  }

  fleet::RecordedCamera camera_;
  CatalogueEvidence catalogue_;
};

TEST_F(AgreementTest, DueIsRecordedOrInAGap) {
  Recorded(0, 60);
  Gap(60, 90);
  EXPECT_THAT(Found(),
              ElementsAre(Says(DisagreementKind::kUnexplained, "neither recorded nor in a gap")));
}

TEST_F(AgreementTest, AGapEndsWhereACameraIsDueNoMore) {
  Recorded(0, 90);
  Gap(90, 100);
  EXPECT_THAT(Found(), IsEmpty());
  Gap(101, 102);
  EXPECT_THAT(Found(),
              ElementsAre(Says(DisagreementKind::kToldTwice, "in a gap while it was not due")));
}

TEST_F(AgreementTest, InATimeLivedTwiceOneLifeMayBeAGapOfTheOther) {
  Recorded(0, 100);
  Gap(40, 60);
  Gap(50, 60);
  EXPECT_THAT(Found(),
              ElementsAre(Says(DisagreementKind::kToldTwice, "recorded and in a gap at once"),
                          Says(DisagreementKind::kToldTwice, "in two gaps at once")));
  catalogue_.lived_twice = {{At(30), At(70)}};
  EXPECT_THAT(Found(), IsEmpty());
}

}  // namespace
}  // namespace yagura::app
