// The office's files broken in every way that we could think of: each is refused with file, line,
// column and reason, in both languages, and the office stays as it was.
#include "tests/app/office_files_fixture.h"

namespace yagura::app {
namespace {

using ::testing::HasSubstr;

/// One text of one file replaced; without `from`, the whole file.
struct Break {
  std::string file;
  std::string from;
  std::string to;
  std::string said;  // of what the import says
};

std::string Repeated(const std::string& text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

const std::string kMark = "\xEF\xBB\xBF";

std::vector<Break> BrokenFiles() {
  return {
      {"charges.csv", "", "", "charges.csv: the file is empty"},
      {"charges.csv", "",
       "\xFF\xFE"
       "c\0a\0",
       "charges.csv:1: this is UTF-16"},
      {"charges.csv", "", Repeated("x", (8 << 20) + 1), "charges.csv: the file is larger than"},
      {"charges.csv", "", kMark + "camera,unit,from,to\r\n1F-01,\xE5\x8C,2026-04-01,\r\n",
       "charges.csv:2: neither UTF-8 nor CP932"},
      {"charges.csv", "", "camera,unit,from,to\n1F-01,\x85\x20,2026-04-01,\n",
       "charges.csv:2: neither UTF-8 nor CP932"},
      {"camera.csv", "", "code,name\r\n", "camera.csv: no file of this name"},
      {"units.csv", "code,parent", "code,above", "units.csv:1: parent: this column is missing"},
      {"units.csv", "code,parent", "code,above",
       "units.csv:1: above: this file has no such column"},
      {"units.csv", "code,parent", "code,code", "units.csv:1: code: this column is there twice"},
      {"units.csv", "code,parent,name,from,to,successors", "code;parent;name;from;to;successors",
       "units.csv:1: code;parent;name;from;to;successors: this file has no such column"},
  };
}

std::vector<Break> BrokenLines() {
  const std::string first = "1F-01,RESIDENTS-REG,2026-04-01,\r\n";
  return {
      {"charges.csv", first, "1F-01,RES\"IDENTS,2026-04-01,\r\n",
       "charges.csv:2: unit: a quote in a cell that doesn't begin with one"},
      {"charges.csv", first, "1F-01,\"RESIDENTS\"-REG,2026-04-01,\r\n",
       "charges.csv:2: unit: something stands behind the closing quote"},
      {"charges.csv", first, "1F-01,\"" + Repeated("x", 5000) + "\",2026-04-01,\r\n",
       "charges.csv:2: unit: the cell is longer than 4096 bytes"},
      {"phases.csv", "P3,本庁", "P3,\"本庁", "phases.csv:4: name: the quote that opens here"},
      {"charges.csv", first, "1F-01,RESIDENTS-REG,2026-04-01,\r1F-02\r\n",
       "charges.csv:2: a line ends in CR alone"},
      {"charges.csv", first, "1F-01,RESIDENTS-REG,2026-04-01\r\n",
       "charges.csv:2: 4 cells are expected, 3 are there"},
      {"charges.csv", first, "1F-01,RESIDENTS-REG,2026-04-01,,\r\n",
       "charges.csv:2: 4 cells are expected, 5 are there"},
      {"charges.csv", first, "1F-01" + Repeated(",", 70) + "\r\n",
       "charges.csv:2: the line has more than 64 cells"},
      {"charges.csv", first, Repeated("a,b\r\n", 50'001),
       "charges.csv: the file has more than 50000 lines"},
      {"cameras.csv", "1F-01,1階 窓口 1,", "1F-01," + Repeated("長", 1400) + ",",
       "cameras.csv:2: name: the cell is longer than 4096 bytes"},
  };
}

std::vector<Break> BrokenCells() {
  return {
      {"cameras.csv", "1F-01,", ",", "cameras.csv:2: code: nothing stands here"},
      {"cameras.csv", "1F-01,", "1F 01,", "cameras.csv:2: code: \"1F 01\" is no code"},
      {"cameras.csv", "1F-01,", "1F/01,", "cameras.csv:2: code: \"1F/01\" is no code"},
      {"cameras.csv", "1F-01,1階 窓口 1", "1F-01,", "cameras.csv:2: name: nothing stands here"},
      {"cameras.csv", "1F-01,1階 窓口 1", "1F-01,\"1階\r\n窓口\"",
       "cameras.csv:2: name: the text is too long, or has a line break"},
      {"cameras.csv", "1F-01,1階 窓口 1", "1F-01," + Repeated("長", 100),
       "cameras.csv:2: name: the text is too long"},
      {"cameras.csv", "rtsp://10.20.0.2/", "http://10.20.0.2/",
       "cameras.csv:2: url: not an address such as rtsp://"},
      {"cameras.csv", "rtsp://10.20.0.2/", "rtsp://10.20.0.2:99999/",
       "cameras.csv:2: url: not an address such as rtsp://"},
      {"cameras.csv", "rtsp://10.20.0.2/", "rtsp://viewer:secret@10.20.0.2/",
       "cameras.csv:2: url: the address has a user name"},
      {"cameras.csv", "/stream1,tcp", "/stream1,rtsp",
       "cameras.csv:2: transport: no transport is called \"rtsp\": tcp, udp,"},
      {"cameras.csv", "/stream1,tcp,-,no", "/stream1,tcp,stream2,no",
       "cameras.csv:2: sub_url: not an address such as rtsp://"},
      {"cameras.csv", "/stream1,tcp,-,no", "/stream1,tcp,-,maybe",
       "cameras.csv:2: record_sub: \"maybe\" is neither yes nor no"},
      {"cameras.csv", "/stream1,tcp,-,no", "/stream1,tcp,,yes",
       "cameras.csv:2: record_sub: a sub stream is to be recorded, and sub_url says of none"},
      {"places.csv", "HQ/MAIN/9F", "HQ//9F", "\"HQ//9F\" is no place"},
      {"places.csv", "HQ/MAIN/9F", "HQ/MAIN/9F/EAST", "\"HQ/MAIN/9F/EAST\" is no place"},
      {"places.csv", "9階,9", "9階,九", "order: \"九\" is no whole number"},
      {"places.csv", "9階,9", "9階,", "order: nothing stands here"},
      {"places.csv", "HQ/MAIN,本庁舎,", "HQ/MAIN,本庁舎,1", "order: only a floor has an order"},
      {"people.csv", "auditor,", "Auditor,", "people.csv:3: username: \"Auditor\" can't be a name"},
      {"assignments.csv", "auditor,auditor", "auditor,inspector",
       "post: there is no post \"inspector\""},
      {"states.csv", "1F-01,planned", "1F-01,thought of",
       "states.csv:2: state: there is no state \"thought of\""},
      {"phases.csv", "2026-06-15", "2026-06-31",
       "phases.csv:3: starts: \"2026-06-31\" is no instant"},
      {"phases.csv", "2026-06-15", "15.6.2026",
       "phases.csv:3: starts: \"15.6.2026\" is no instant"},
      {"phases.csv", "2026-06-15", "2026-06-15T09:30:00", "\"2026-06-15T09:30:00\" is no instant"},
      {"phases.csv", "2026-06-15", "46188", "phases.csv:3: starts: \"46188\" is no instant"},
  };
}

std::vector<Break> BrokenTogether() {
  const std::string dated = ",2026-04-01,\r\n";
  return {
      {"cameras.csv", "1F-02,", "1F-01,",
       "cameras.csv:3: \"1F-01\" is there twice; first in line 2"},
      {"cameras.csv", ",P1,", ",P9,", "cameras.csv:2: phase: \"P9\" is not in phases.csv"},
      {"charges.csv", "1F-01,RES", "1F-99,RES", "camera: \"1F-99\" is not in cameras.csv"},
      {"charges.csv", "1F-01,RESIDENTS-REG", "1F-01,RESIDENT",
       "charges.csv:2: unit: \"RESIDENT\" is not in units.csv"},
      {"placements.csv", "1F-01,HQ/MAIN/1F", "1F-01,HQ/MAIN/4F",
       "placements.csv:2: floor: \"HQ/MAIN/4F\" is not in places.csv"},
      {"placements.csv", "1F-01,HQ/MAIN/1F", "1F-01,HQ/MAIN",
       "placements.csv:2: floor: \"HQ/MAIN\" is no floor"},
      {"places.csv", "BR01/A/1F", "BR01/B/1F", "code: \"BR01/B\" is not in places.csv"},
      {"units.csv", "TAX,WARD", "TAX,TOWN", "parent: \"TOWN\" is not in units.csv"},
      {"units.csv", "TAX,WARD", "TAX,TAX-PAY", "parent: the unit lies below itself"},
      {"units.csv", "税務部,2020-04-01,", "税務部,2026-10-01,",
       "unit: \"TAX\" doesn't exist all that time, but from 2026-10-01"},
      {"assignments.csv", "crisis,crisis", "nobody,crisis",
       "person: \"nobody\" is not in people.csv"},
      {"units.csv", "2028-04-01,RESIDENTS-INS TAX-ASSESS", "2028-04-01,RESIDENTS-INS TAX-ASSES",
       "units.csv:19: successors: \"TAX-ASSES\" can't succeed it"},
      {"units.csv", "2028-04-01,RESIDENTS-INS TAX-ASSESS", "2028-04-01,RESIDENTS-INS TAX-PAY",
       "units.csv:19: successors: \"TAX-PAY\" can't succeed it"},
      {"units.csv", "2028-04-01,RESIDENTS-INS TAX-ASSESS", "2028-04-01,EDU-OFFICE",
       "units.csv:19: successors: \"EDU-OFFICE\" can't succeed it"},
      {"units.csv", "2028-04-01,RESIDENTS-INS TAX-ASSESS", "2028-04-01,RESIDENTS/INS",
       "units.csv:19: successors: \"RESIDENTS/INS\" is no code"},
      {"units.csv", "介護保険課,2020-04-01,,", "介護保険課,2020-04-01,,WELFARE-LIFE",
       "units.csv:23: successors: the unit has successors, but no `to`"},
      {"assignments.csv", "TAX,2020-04-01,2027-04-01", "TAX,2020-04-01,2020-04-01",
       "to: 2020-04-01 is not after 2020-04-01, where it begins"},
      {"charges.csv", "1F-01,RESIDENTS-REG" + dated,
       "1F-01,RESIDENTS-REG" + dated + "1F-01,TAX,2027-07-01,\r\n",
       "charges.csv:3: from: what begins at 2027-07-01 overlaps line 2"},
      {"states.csv", "1F-01,in_service,2026-06-01,,",
       "1F-01,in_service,2026-06-01,2027-07-01,\r\n1F-01,planned,2027-07-01,,",
       "states.csv:6: state: a camera can't go from in_service to planned"},
      {"states.csv", "1F-01,accepted,2026-05-25,2026-06-01,現地で画角と時刻を確認\r\n", "",
       "states.csv:4: state: a camera can't go from staged to in_service"},
      {"charges.csv", "1F-01,RESIDENTS-REG" + dated, "",
       "states.csv:5: state: recorded in this state, it must have a line in charges.csv"},
      {"placements.csv", "1F-01,HQ/MAIN/1F" + dated, "1F-01,HQ/MAIN/1F,2026-05-20,\r\n",
       "states.csv:3: state: recorded in this state, it must have a line in placements.csv"},
      {"states.csv", "1F-01,in_service,2026-06-01,,", "1F-01,retired,2026-06-01,,",
       "charges.csv:2: to: the camera is retired at 2026-06-01"},
      {"cameras.csv", "1F-01,", "1F-00,x,P1,rtsp://10.0.0.1/s,,,\r\n1F-01,",
       "cameras.csv:2: \"1F-00\" has no line in states.csv"},
  };
}

/// What is stored already speaks against them.
std::vector<Break> BrokenAgainstTheStored() {
  return {
      {"states.csv", "1F-01,planned,2026-04-01,2026-05-11,\r\n", "",
       "states.csv: \"1F-01, 2026-04-01\" is stored and has no line here"},
      {"units.csv", "国保年金課,2020-04-01", "国保年金課,2021-04-01",
       "from: it is stored as \"2020-04-01\""},
      {"states.csv", "2026-05-25,2026-06-01,現地で", "2026-05-25,2026-06-01,窓口で",
       "note: it is stored as \"現地で画角と時刻を確認\""},
      {"charges.csv", "1F-02,RESIDENTS-REG", "1F-02,TAX",
       "unit: it is stored as \"RESIDENTS-REG\""},
      {"states.csv", "1F-01,in_service,2026-06-01,,",
       "1F-01,in_service,2026-06-01,2027-06-15,\r\n1F-01,suspended,2027-06-15,,",
       "states.csv:6: from: \"2027-06-15\" is too early"},
      {"assignments.csv", "TAX,2020-04-01,2027-04-01", "TAX,2020-04-01,2027-05-01",
       "to: it ended at 2027-04-01; what is past is not changed"},
  };
}

class BrokenOfficeTest : public OfficeFilesTest {
 protected:
  void SetUp() override {
    OfficeFilesTest::SetUp();
    Import(kData / "office");
    before_ = Fingerprint();
    folder_name_ = Copy("office");
  }

  /// "\n  charges.csv:2: " of the line that says it.
  static std::string PlaceOf(const std::string& text, const std::string& said) {
    const std::size_t at = text.find(said);
    if (at == std::string::npos) return "nowhere";
    const std::size_t from = text.rfind("\n  ", at);
    return text.substr(from, text.find(": ", from) + 2 - from);
  }

  void ExpectRefused(const Break& broken) {
    const std::filesystem::path path = std::filesystem::path(folder_name_) / broken.file;
    const bool was_there = std::filesystem::exists(path);
    const std::string whole = BytesOf(path);
    if (broken.from.empty()) {
      std::ofstream(path, std::ios::binary) << broken.to;
    } else {
      Replace(folder_name_, broken.file, broken.from, broken.to);
    }
    const std::string said = Refused({"office", "import", folder_name_, "--apply"});
    EXPECT_THAT(said, HasSubstr(broken.said));
    EXPECT_THAT(Refused({"office", "import", folder_name_, "--apply", "--language", "ja"}),
                HasSubstr(PlaceOf(said, broken.said)));
    EXPECT_EQ(Fingerprint(), before_) << broken.said;
    std::ofstream(path, std::ios::binary) << whole;
    if (!was_there) std::filesystem::remove(path);
    ++refused_;
  }

  std::string before_;
  std::string folder_name_;
  std::size_t refused_ = 0;
};

TEST_F(BrokenOfficeTest, EveryBrokenFileIsRefusedByLineAndColumnAndNothingChanges) {
  for (const auto& group :
       {BrokenFiles(), BrokenLines(), BrokenCells(), BrokenTogether(), BrokenAgainstTheStored()}) {
    for (const Break& broken : group) ExpectRefused(broken);
  }
  EXPECT_GE(refused_, 50U);
  EXPECT_EQ(Done({"office", "diff", folder_name_}), "");  // every one was mended
}

TEST_F(BrokenOfficeTest, EveryBadLineIsNamedAtOnce) {
  Replace(folder_name_, "charges.csv", "1F-01,RESIDENTS-REG", "1F-01,NOWHERE");
  Replace(folder_name_, "charges.csv", "1F-03,RESIDENTS-REG", "1F-03,NOBODY");
  Replace(folder_name_, "places.csv", "9階,9", "9階,x");
  std::filesystem::remove(folder_name_ + "/people.csv");
  const std::string said = Refused({"office", "import", folder_name_});
  EXPECT_THAT(said,
              ::testing::ContainsRegex(
                  "changed \\(4\\):\n  places.csv:[0-9]+: order: .*\n  people.csv: the file is "
                  "missing\n  charges.csv:2: unit: .*\n  charges.csv:4: unit: "));
}

TEST_F(BrokenOfficeTest, NoPasswordInAnAddressIsRepeated) {
  Replace(folder_name_, "cameras.csv", "rtsp://10.20.0.2/", "rtsp://viewer:secret@10.20.0.2/");
  EXPECT_THAT(Refused({"office", "import", folder_name_}), ::testing::Not(HasSubstr("secret")));
}

}  // namespace
}  // namespace yagura::app
