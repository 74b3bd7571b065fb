// The office as files, through the commands: what is imported is exported as the same bytes, what
// changes is shown before, and nothing is half done.
#include "tests/app/office_files_fixture.h"

namespace yagura::app {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

TEST_F(OfficeFilesTest, WhatWasImportedIsExportedAsTheSameBytes) {
  EXPECT_THAT(Import(kData / "office"), HasSubstr("done: 848 rows added, 0 changed"));
  const std::string exported = (folder_.path() / "exported").string();
  EXPECT_EQ(Done({"office", "export", exported}),
            "written to " + exported + ": 848 rows in nine files\n");
  for (const auto& file : fs::directory_iterator(kData / "office")) {
    EXPECT_EQ(BytesOf(fs::path(exported) / file.path().filename()), BytesOf(file.path()))
        << file.path();
  }
  EXPECT_EQ(Ask("SELECT count(*) FROM camera"), "100");
  EXPECT_EQ(Ask("SELECT count(*) FROM audit_record WHERE event = 'camera_added'"), "100");
  EXPECT_EQ(Ask("SELECT count(*) FROM audit_record WHERE event = 'office_imported'"), "1");
}

TEST_F(OfficeFilesTest, EachWayInWhichASpreadsheetSavesItIsTheSameOffice) {
  Import(kData / "office");
  for (const char* folder : {"office", "office-plain", "office-cp932"}) {
    EXPECT_EQ(Done({"office", "diff", kData / folder}), "") << folder;
    EXPECT_EQ(Done({"office", "import", kData / folder, "--apply"}),
              "the office is what the files say; nothing to do\n")
        << folder;
  }
}

TEST_F(OfficeFilesTest, WithoutApplyItIsOnlyShown) {
  const std::string before = Fingerprint();
  const std::string said = Done({"office", "import", kData / "office"});
  EXPECT_THAT(said, AllOf(HasSubstr("+ cameras.csv: 1F-01, 1階 窓口 1, P1, "),
                          HasSubstr("848 rows to add, 0 to change; nothing was changed yet\nnext: "
                                    "yagura office import ")));
  EXPECT_EQ(Fingerprint(), before);
}

// The fixture's day is 15 June 2027: after the reorganisation, 3F-13 is in charge of RESIDENTS-INS.
TEST_F(OfficeFilesTest, SaysWhoGainsAndLosesWhichCamerasFromWhenOn) {
  Import(kData / "office");
  const std::string folder = Copy("office");
  Replace(folder, "charges.csv", "1F-01,RESIDENTS-REG,2026-04-01,",
          "1F-01,RESIDENTS-REG,2026-04-01,2027-07-01\r\n1F-01,TAX-ASSESS,2027-07-01,");
  const std::string said = Done({"office", "import", folder, "--apply"});
  EXPECT_EQ(said,
            "~ charges.csv: 1F-01, 2026-04-01: to - -> 2027-07-01\n"
            "+ charges.csv: 1F-01, TAX-ASSESS, 2027-07-01\n"
            "  head.residents loses 1 cameras at 2027-07-01T00:00:00+09:00: 1F-01\n"
            "  head.tax.next gains 1 cameras at 2027-07-01T00:00:00+09:00: 1F-01\n"
            "  manager.registry loses 1 cameras at 2027-07-01T00:00:00+09:00: 1F-01\n"
            "done: 1 rows added, 1 changed\n");
  EXPECT_EQ(Ask("SELECT count(*) FROM charge JOIN camera ON camera_id = camera.id WHERE code = "
                "'1F-01'"),
            "2");
}

TEST_F(OfficeFilesTest, AReorganisationMovesUnitsPeopleAndCamerasAtOnce) {
  Import(kData / "office");
  const std::string folder = Copy("office");
  Replace(folder, "units.csv", "HEALTH-CENTRE,HEALTH,", "HEALTH-CENTRE,WELFARE,");
  Replace(folder, "units.csv", "WELFARE,WARD,福祉部,", "WELFARE,WARD,健康福祉部,");
  Append(folder, "people.csv", "head.new,新部長,\r\n");
  Append(folder, "assignments.csv", "head.new,department_head,WELFARE,2027-10-01,\r\n");
  EXPECT_THAT(Done({"office", "import", folder, "--apply"}),
              AllOf(HasSubstr("~ units.csv: HEALTH-CENTRE: parent HEALTH -> WELFARE"),
                    HasSubstr("head.health loses 8 cameras"),
                    HasSubstr("head.new gains 20 cameras at 2027-10-01T00:00:00+09:00"),
                    HasSubstr("people without a password yet: head.new")));
  EXPECT_EQ(Done({"office", "diff", folder}), "");
}

TEST_F(OfficeFilesTest, WhatIsStoredIsNotTakenBackAndThePastNotRewritten) {
  Import(kData / "office");
  const std::string before = Fingerprint();
  const std::string folder = Copy("office");
  Replace(folder, "people.csv", "auditor,監査担当,\r\n", "");
  Replace(folder, "assignments.csv", "auditor,auditor,WARD,2020-04-01,\r\n", "");
  Replace(folder, "charges.csv", "1F-02,RESIDENTS-REG,", "1F-02,TAX-ASSESS,");
  Replace(folder, "charges.csv", "1F-03,RESIDENTS-REG,2026-04-01,",
          "1F-03,RESIDENTS-REG,2026-04-01,2027-06-15\r\n1F-03,TAX-ASSESS,2027-06-15,");
  Replace(folder, "assignments.csv", "head.tax,department_head,TAX,2020-04-01,2027-04-01",
          "head.tax,department_head,TAX,2020-04-01,2027-05-01");
  const std::string refused = Refused({"office", "import", folder, "--apply"});
  EXPECT_THAT(
      refused,
      AllOf(
          StartsWith("yagura: the office can't become what the files say"),
          HasSubstr("charges.csv:3: unit: it is stored as \"RESIDENTS-REG\" and can't be another"),
          HasSubstr("charges.csv:4: to: \"2027-06-15\" is too early; 5 seconds from now"),
          HasSubstr("charges.csv:5: from: \"2027-06-15\" is too early; 5 seconds from now"),
          HasSubstr("assignments.csv:15: to: it ended at 2027-04-01; what is past"),
          HasSubstr("people.csv: \"auditor\" is stored and has no line here; leave it, with the"),
          Not(HasSubstr("assignments.csv: \"auditor"))));
  EXPECT_EQ(Fingerprint(), before);
}

TEST_F(OfficeFilesTest, ACameraWhoseLinesAreGoneIsNamedOnceWithWhatToDo) {
  Import(kData / "office");
  const std::string folder = Copy("office");
  for (const char* file : {"cameras.csv", "placements.csv", "charges.csv", "states.csv"}) {
    std::istringstream lines(BytesOf(fs::path(folder) / file));
    std::ofstream left(fs::path(folder) / file, std::ios::binary);
    for (std::string line; std::getline(lines, line);) {
      if (!line.starts_with("1F-02,")) left << line << "\n";
    }
  }
  const std::string refused = Refused({"office", "import", folder, "--apply"});
  EXPECT_THAT(refused, AllOf(HasSubstr("cameras.csv: \"1F-02\" is stored and has no line here; "
                                       "leave all of its lines, "),
                             Not(HasSubstr("\"1F-02, "))));
}

// docs/design/office-csv.md, "Taking something out".
TEST_F(OfficeFilesTest, ACameraGoesByTheStateRetired) {
  Import(kData / "office");
  const std::string folder = Copy("office");
  Replace(folder, "charges.csv", "1F-02,RESIDENTS-REG,2026-04-01,",
          "1F-02,RESIDENTS-REG,2026-04-01,2027-07-01");
  Replace(folder, "placements.csv", "1F-02,HQ/MAIN/1F,2026-04-01,",
          "1F-02,HQ/MAIN/1F,2026-04-01,2027-07-01");
  Replace(folder, "states.csv", "1F-02,in_service,2026-06-01,,",
          "1F-02,in_service,2026-06-01,2027-07-01,\r\n1F-02,retired,2027-07-01,,");
  EXPECT_THAT(Import(folder), HasSubstr("done: 1 rows added, 3 changed"));
}

TEST_F(OfficeFilesTest, FilesOfAnotherOfficeAreRefusedInFewLines) {
  Import(kData / "office");
  const std::string before = Fingerprint();
  const std::string refused = Refused({"office", "import", kTwoCameras, "--apply"});
  EXPECT_THAT(refused, StartsWith("yagura: these files are of another office: they know 0 of the "
                                  "100 cameras that are stored; nothing was changed ("));
  EXPECT_THAT(refused, ::testing::ContainsRegex("\n  and [0-9]+ more\nnext: begin with the files"));
  EXPECT_EQ(std::ranges::count(refused, '\n'), 1 + 10 + 1 + 1);
  EXPECT_THAT(Refused({"office", "import", kTwoCameras, "--language", "ja"}),
              HasSubstr("カメラ 100 台のうち 0 台"));
  EXPECT_EQ(Fingerprint(), before);
}

TEST_F(OfficeFilesTest, SpeaksJapaneseToo) {
  const std::string folder = Copy("office-cp932");
  Append(folder, "charges.csv", "9F-99,TAX,2026/4/1,\r\n");
  EXPECT_THAT(Refused({"office", "import", folder, "--language", "ja"}),
              HasSubstr("charges.csv:115: カメラ: 「9F-99」は cameras.csv にありません"));
  Import(kData / "office");
  const std::string renamed = Copy("office");
  Replace(renamed, "people.csv", "auditor,監査担当,", "auditor,監査人,");
  EXPECT_EQ(Yagura({"office", "diff", renamed, "--language", "ja"}).out,
            "~ people.csv: auditor: 名称 監査担当 -> 監査人\n");
}

TEST_F(OfficeFilesTest, SaysWhatHelpsWhereThereIsNoFolder) {
  EXPECT_EQ(
      Refused({"office", "import", "/nowhere"}),
      "yagura: there is no folder \"/nowhere\"\nnext: yagura office export /nowhere makes one "
      "to begin with\n");
  EXPECT_EQ(Refused({"office", "import"}),
            "yagura: not given: DIR\nnext: yagura office import --help\n");
  EXPECT_THAT(Done({"office", "import", "--help"}), HasSubstr("Usage: yagura office import DIR"));
}

// Credentials have no column; what an import does to them stands in its preview.
TEST_F(OfficeFilesTest, NamesTheCamerasWhoseCredentialsGoWithTheirHost) {
  Import(kData / "office");
  Ask("UPDATE camera_stream SET sealed_credentials = '\\x00' FROM camera WHERE camera_id = id AND "
      "code IN ('1F-01', '1F-02')");
  const std::string folder = Copy("office");
  Replace(folder, "cameras.csv", "rtsp://10.20.0.2/stream1", "rtsp://10.20.0.2:8554/stream1");
  Replace(folder, "cameras.csv", "rtsp://10.20.0.3/stream1", "rtsp://10.20.0.3/stream2");
  Replace(folder, "cameras.csv", "rtsp://10.20.0.4/stream1", "rtsp://10.20.9.4/stream1");
  const std::string told =
      "! cameras.csv: 1F-01: url has another host or port, or transport is tls no longer: the user "
      "name and password stored for the camera are forgotten. Give those that it is to have by "
      "yagura camera change --camera 1F-01 --credentials\n";
  const std::string kept =
      "SELECT string_agg(code, ' ' ORDER BY code) FROM camera JOIN camera_stream ON camera_id = id "
      "WHERE has_credentials";
  const std::string preview = Done({"office", "import", folder});
  EXPECT_THAT(preview, AllOf(HasSubstr(told), Not(HasSubstr("! cameras.csv: 1F-02")),
                             Not(HasSubstr("! cameras.csv: 1F-03"))));
  EXPECT_EQ(Ask(kept), "1F-01 1F-02");
  EXPECT_THAT(Done({"office", "import", folder, "--apply"}), HasSubstr(told));
  EXPECT_EQ(Ask(kept), "1F-02");
  EXPECT_EQ(Ask("SELECT count(*) FROM audit_record WHERE body LIKE '%\"credentials\":false%'"),
            "1");
}

TEST_F(OfficeFilesTest, AnEmptyOfficeIsNineHeaders) {
  const std::string folder = (folder_.path() / "empty").string();
  Done({"office", "export", folder});
  EXPECT_EQ(BytesOf(fs::path(folder) / "charges.csv"),
            "\xEF\xBB\xBF"
            "camera,unit,from,to\r\n");
  EXPECT_EQ(Done({"office", "import", folder, "--apply"}),
            "the office is what the files say; nothing to do\n");
}

TEST_F(OfficeFilesTest, NobodyCanSignInAsAPersonWithoutAPassword) {
  Import(kData / "office");
  EXPECT_EQ(Ask("SELECT count(*) FROM person WHERE password_hash ~ "
                "'^\\$argon2id\\$v=19\\$m=65536,t=2,p=1\\$[A-Za-z0-9+/]{22}\\$[A-Za-z0-9+/]{43}$'"),
            "18");
  EXPECT_EQ(Ask("SELECT count(DISTINCT password_hash) FROM person"), "18");
}

}  // namespace
}  // namespace yagura::app
