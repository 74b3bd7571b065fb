// What the files say of how cameras send, and cameras that are added by one file.
#include "tests/app/office_files_fixture.h"

namespace yagura::app {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;

class OfficeCamerasTest : public OfficeFilesTest {};

/// The transport that is stored of 1F-01, and how many others' isn't tcp.
const char* const kTransports =
    "SELECT max(transport) FILTER (WHERE code = '1F-01') || ' ' || count(*) FILTER (WHERE "
    "transport <> 'tcp' AND code <> '1F-01') "
    "FROM camera_stream JOIN camera ON camera_id = id";

TEST_F(OfficeCamerasTest, SaysOverWhichTransportACameraSends) {
  Import(kData / "office");
  EXPECT_EQ(Ask(kTransports), "tcp 0");
  const std::string folder = Copy("office");
  Replace(folder, "cameras.csv", "rtsp://10.20.0.2/stream1,tcp", "rtsp://10.20.0.2/stream1,udp");
  EXPECT_THAT(Import(folder), AllOf(HasSubstr("~ cameras.csv: 1F-01: transport tcp -> udp\n"),
                                    HasSubstr("done: 0 rows added, 1 changed")));
  EXPECT_EQ(Ask(kTransports), "udp 0");
  EXPECT_EQ(Ask("SELECT count(*) FROM audit_record WHERE event = 'camera_changed' AND body LIKE "
                "'%\"transport\":\"udp\"%' AND body LIKE '%\"url_changed\":false%'"),
            "1");
  const std::string exported = (folder_.path() / "exported").string();
  Done({"office", "export", exported});
  EXPECT_EQ(BytesOf(fs::path(exported) / "cameras.csv"), BytesOf(fs::path(folder) / "cameras.csv"));
  Replace(folder, "cameras.csv", "rtsp://10.20.0.2/stream1,udp", "rtsp://10.20.0.2/stream1,");
  Import(folder);
  EXPECT_EQ(Ask(kTransports), "tcp 0");
}

// Files of before there was such a column change nothing about it.
TEST_F(OfficeCamerasTest, FilesWithoutTheColumnTransportKeepWhatIsStored) {
  const std::string folder = Copy("office");
  std::string cameras = BytesOf(fs::path(folder) / "cameras.csv");
  for (const char* cells : {",transport,sub_url,record_sub\r\n", ",tcp,-,no\r\n"}) {
    for (auto at = cameras.find(cells); at != std::string::npos; at = cameras.find(cells, at))
      cameras.replace(at, std::string(cells).size(), "\r\n");
  }
  std::ofstream(fs::path(folder) / "cameras.csv", std::ios::binary) << cameras;
  Import(folder);
  EXPECT_EQ(Ask(kTransports), "tcp 0");
  Done({"camera", "change", "--camera", "1F-01", "--transport", "tls"});
  EXPECT_EQ(Done({"office", "diff", folder}), "");
  Replace(folder, "cameras.csv", "1F-01,1階 窓口 1,", "1F-01,1階 入口,");
  Import(folder);
  EXPECT_EQ(Ask(kTransports), "tls 0");
}

TEST_F(OfficeCamerasTest, SaysWhereACamerasSubStreamIsAndWhetherItIsRecorded) {
  const auto subs = [&] {
    return Ask(
        "SELECT string_agg(code || ' ' || url || ' ' || transport || ' ' || record_sub, ', ') "
        "FROM camera_stream JOIN camera ON camera_id = id WHERE stream = 'sub'");
  };
  Import(kData / "office");
  EXPECT_EQ(subs(), "");
  const std::string folder = Copy("office");
  const auto say = [&](const std::string& before, const std::string& after) {
    Replace(folder, "cameras.csv", "10.20.0.2/stream1," + before, "10.20.0.2/stream1," + after);
  };
  say("tcp,-,no", "udp,rtsp://10.20.0.2/stream2,あり");
  EXPECT_THAT(Import(folder), HasSubstr("sub_url - -> rtsp://10.20.0.2/stream2"));
  EXPECT_EQ(subs(), "1F-01 rtsp://10.20.0.2/stream2 udp true");
  EXPECT_EQ(Ask("SELECT count(*) FROM audit_record WHERE event = 'camera_changed' AND body LIKE "
                "'%\"sub_stream_recorded\":true%'"),
            "1");
  EXPECT_EQ(Done({"office", "diff", folder}), "");
  say("udp,rtsp://10.20.0.2/stream2,あり", "tcp,rtsp://10.20.0.2/stream2,");
  Import(folder);
  EXPECT_EQ(subs(), "1F-01 rtsp://10.20.0.2/stream2 tcp false");
  say("tcp,rtsp://10.20.0.2/stream2,", "tcp,,");
  Import(folder);
  EXPECT_EQ(subs(), "");
}

class CameraImportTest : public OfficeFilesTest {
 protected:
  void SetUp() override {
    OfficeFilesTest::SetUp();
    LoadOffice();
  }
  std::string File(const std::string& text) {
    std::ofstream(folder_.path() / "new.csv") << "code,name,floor,unit,phase,url,state\n" << text;
    return (folder_.path() / "new.csv").string();
  }
};

TEST_F(CameraImportTest, AddsCamerasFromOneFile) {
  const std::string file = File(
      "1F-01,窓口,HQ/MAIN/1F,TAX,,rtsp://10.0.0.1/s,in_service\n"
      "1F-02,窓口,HQ/MAIN/1F,TAX,,rtsp://10.0.0.2/s,\n");
  EXPECT_THAT(Done({"camera", "import", file}),
              HasSubstr("8 rows to add, 0 to change; nothing was changed yet\nnext: yagura camera "
                        "import "));
  EXPECT_EQ(Ask("SELECT count(*) FROM camera"), "0");
  EXPECT_THAT(Done({"camera", "import", file, "--apply"}), HasSubstr("done: 8 rows added"));
  EXPECT_EQ(Ask("SELECT string_agg(code || ' ' || state || ' ' || (valid_from AT TIME ZONE "
                "'Asia/Tokyo'), ', ' ORDER BY code) FROM camera_state JOIN camera ON camera_id = "
                "camera.id"),
            "1F-01 in_service 2027-06-15 12:00:05, 1F-02 planned 2027-06-15 12:00:05");
}

TEST_F(CameraImportTest, TakesTheirTransportWhereThereIsSuchAColumn) {
  const std::string file = (folder_.path() / "sent.csv").string();
  std::ofstream(file) << "code,name,floor,unit,phase,url,state,transport\n"
                         "1F-01,窓口,HQ/MAIN/1F,TAX,,rtsp://10.0.0.1/s,,auto\n"
                         "1F-02,窓口,HQ/MAIN/1F,TAX,,rtsp://10.0.0.2/s,,\n";
  Done({"camera", "import", file, "--apply"});
  EXPECT_EQ(Ask(kTransports), "auto 0");
  std::ofstream(file) << "code,name,floor,unit,phase,url,state,transport\n"
                         "1F-03,窓口,HQ/MAIN/1F,TAX,,rtsp://10.0.0.3/s,,UDP\n";
  EXPECT_THAT(Refused({"camera", "import", file}),
              HasSubstr("  sent.csv:2: transport: no transport is called \"UDP\""));
}

TEST_F(CameraImportTest, TakesTheirSubStreamsWhereThereAreSuchColumns) {
  const std::string file = (folder_.path() / "subs.csv").string();
  std::ofstream(file) << "code,name,floor,unit,phase,url,state,sub_url,record_sub\n"
                         "1F-01,窓口,HQ/MAIN/1F,TAX,,rtsp://10.0.0.1/s,,rtsp://10.0.0.1/t,yes\n"
                         "1F-02,窓口,HQ/MAIN/1F,TAX,,rtsp://10.0.0.2/s,,,\n";
  Done({"camera", "import", file, "--apply"});
  EXPECT_EQ(Ask("SELECT url || ' ' || record_sub FROM camera_stream WHERE stream = 'sub'"),
            "rtsp://10.0.0.1/t true");
}

TEST_F(CameraImportTest, NamesEveryBadLineAndAddsNothing) {
  Done(AddCamera("1F-01"));
  const std::string file = File(
      "1F-01,窓口,HQ/MAIN/1F,TAX,,rtsp://10.0.0.1/s,\n"
      "1F-02,窓口,HQ/MAIN/7F,NONE,,rtsp://10.0.0.2/s,\n"
      "1F-03,窓口,HQ/MAIN/1F,TAX,P1,http://10.0.0.2/s,\n");
  EXPECT_EQ(Refused({"camera", "import", file, "--apply"}),
            "yagura: the office can't become what the files say; nothing was changed (4):\n"
            "  new.csv:2: \"1F-01\" is stored already\n"
            "  new.csv:3: floor: \"HQ/MAIN/7F\" is not in places.csv\n"
            "  new.csv:3: unit: \"NONE\" is not in units.csv\n"
            "  new.csv:4: url: not an address such as rtsp://10.20.1.3/stream1\n"
            "next: correct these lines and do it again; yagura office export DIR writes files that "
            "fit\n");
  EXPECT_EQ(Ask("SELECT count(*) FROM camera"), "1");
  EXPECT_THAT(Refused({"camera", "import", "/nowhere.csv"}), HasSubstr("can't be read"));
}

// A new office begins with the files of an empty one.
}  // namespace
}  // namespace yagura::app
