#include "office/read_office.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "office/check_office.h"
#include "office/compare.h"
#include "tests/office/office_files.h"

namespace yagura::office {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const OfficeCalendar kTokyo = OfficeCalendar::Load("Asia/Tokyo").value();

/// "file:line column" of each problem.
std::vector<std::string> Places(const Problems& problems) {
  std::vector<std::string> places;
  for (const Problem& problem : problems) {
    places.push_back(problem.file + ":" + std::to_string(problem.line) + " " + problem.column);
  }
  return places;
}

TEST(ReadOfficeTest, TheWardOfficeIsWhole) {
  ReadOffice read = ReadOfficeFiles(TestOffice("office"), kTokyo);
  EXPECT_THAT(Places(read.problems), IsEmpty());
  EXPECT_THAT(Places(CheckOffice(read.office)), IsEmpty());
  EXPECT_THAT(read.office[Sheet::kCameras].rows, SizeIs(100));
}

// The plan that the ward published: 39 cameras on floors 1 to 3, 15 on floors 5 to 9, 46 outside.
TEST(ReadOfficeTest, TheCamerasStandWhereTheWardPutThem) {
  const Office office = ReadOfficeFiles(TestOffice("office"), kTokyo).office;
  std::map<std::string, int> cameras;
  for (const Row& row : office[Sheet::kCameras].rows) {
    ++cameras[CellOf(Sheet::kCameras, row, "phase")];
  }
  EXPECT_EQ(cameras, (std::map<std::string, int>{{"P1", 39}, {"P2", 15}, {"P3", 46}}));
  for (const Row& row : office[Sheet::kPlacements].rows) {
    const bool inside = CellOf(Sheet::kPlacements, row, "floor").starts_with("HQ/MAIN/");
    const char first = row.cells.front().front();
    EXPECT_EQ(inside, first >= '1' && first <= '9') << row.cells.front();
  }
}

TEST(ReadOfficeTest, EveryWayOfSavingItIsTheSameOffice) {
  const Office office = ReadOfficeFiles(TestOffice("office"), kTokyo).office;
  for (const char* name : {"office-plain", "office-cp932"}) {
    const ReadOffice other = ReadOfficeFiles(TestOffice(name), kTokyo);
    EXPECT_THAT(Places(other.problems), IsEmpty()) << name;
    EXPECT_TRUE(Compare(office, other.office).empty()) << name;
  }
}

TEST(ReadOfficeTest, ColumnsStandInAnyOrderUnderEitherName) {
  auto files = TestOffice("office");
  files["phases.csv"] = "開始日,name,コード\n2026/6/1,第1期,P1\n2026/6/15,第2期,P2\n,,P3\n";
  const ReadOffice read = ReadOfficeFiles(files, kTokyo);
  EXPECT_EQ(read.office[Sheet::kPhases].rows[0].cells,
            (std::vector<std::string>{"P1", "第1期", "2026-06-01"}));
  EXPECT_THAT(Places(read.problems), ElementsAre("phases.csv:4 開始日", "phases.csv:4 name"));
}

/// Who is shown what a file would change decides by it: a cell must not hide or forge lines of
/// that.
TEST(ReadOfficeTest, NoCellNorNameOfAFileGivesOrdersToATerminal) {
  auto files = TestOffice("office");
  files["phases.csv"] =
      "code,name,starts\n\x1b[2J,第1期,2026-06-01\nP2,\xc2\x9b"
      "1A,2026-06-15\n"
      "P3,\"第3期\nnobody gains or loses anything\",2026-07-03\nP4,\xe2\x80\xae"
      "4P,2026-07-03\n";
  files["\x1b[1Ax.csv"] = "";
  std::vector<std::string> given;
  for (const Problem& problem : ReadOfficeFiles(files, kTokyo).problems)
    given.push_back(problem.file + ": " + problem.given);
  EXPECT_THAT(given, ElementsAre("phases.csv: �[2J", "phases.csv: �1A",
                                 "phases.csv: 第3期�nobody gains or loses anything",
                                 "phases.csv: �4P", "�[1Ax.csv: "));
}

TEST(ReadOfficeTest, PostsAndStatesHaveJapaneseNamesToo) {
  auto files = TestOffice("office");
  files["assignments.csv"] = "person,post,unit,from,to\nauditor,監査担当,WARD,2020-04-01,\n";
  const Office office = ReadOfficeFiles(files, kTokyo).office;
  EXPECT_EQ(office[Sheet::kAssignments].rows[0].cells[1], "auditor");
}

}  // namespace
}  // namespace yagura::office
