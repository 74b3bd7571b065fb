#include "tests/app/office_fixture.h"

namespace yagura::app {
namespace {

using ::testing::HasSubstr;

class DatabaseCheckTest : public OfficeTest {
 protected:
  void SetUp() override {
    OfficeTest::SetUp();
    WriteConfiguration("Asia/Tokyo");
  }
  void WriteConfiguration(const std::string& zone) {
    const std::string state = (folder_.path() / "state").string();
    const std::string volume = (folder_.path() / "volume").string();
    std::filesystem::create_directory(volume);
    std::ofstream(Path()) << "[office]\ntime_zone = '" << zone << "'\n[database]\nhost = '"
                          << database_->ConnectAs("").host << "'\nname = '"
                          << database_->ConnectAs("").database << "'\n[record]\nstate_directory = '"
                          << state << "'\n[[volume]]\npath = '" << volume
                          << "'\n[api]\nlisten = '127.0.0.1:8081'\n"
                             "[media]\nlisten = '127.0.0.1:8082'\n"
                             "[web]\npublic_url = 'https://localhost'\n";
  }
};

TEST_F(DatabaseCheckTest, AnUnmigratedDatabaseIsRefusedWithTheNextStep) {
  EXPECT_EQ(Ask("DELETE FROM schema_version WHERE version = (SELECT max(version) FROM "
                "schema_version)"),
            "");
  for (const std::string verb : {"keep", "media"}) {
    const std::string said = Refused({verb});
    EXPECT_THAT(said, HasSubstr("lacks 1 of this program's schema migrations")) << verb;
    EXPECT_THAT(said, HasSubstr("yagura migrate --config " + Path())) << verb;
  }
}

TEST_F(DatabaseCheckTest, ANewerDatabaseIsRefusedWithTheNextStep) {
  EXPECT_EQ(Ask("INSERT INTO schema_version VALUES (9999, '9999_future', 'aa')"), "");
  for (const std::string verb : {"keep", "media"}) {
    const std::string said = Refused({verb});
    EXPECT_THAT(said, HasSubstr("9999_future")) << verb;
    EXPECT_THAT(said, HasSubstr("yagura migrate --config " + Path())) << verb;
  }
}

TEST_F(DatabaseCheckTest, AnotherTimeZoneIsRefusedWithTheNextStep) {
  Done({"migrate"});
  Done({"volume", "format"});
  WriteConfiguration("Europe/Paris");
  for (const std::string verb : {"migrate", "keep", "media", "record"}) {
    const std::string said = Refused({verb});
    EXPECT_THAT(said, HasSubstr("time zone is Asia/Tokyo")) << verb;
    EXPECT_THAT(said, HasSubstr("set time_zone = \"Asia/Tokyo\" in " + Path())) << verb;
  }
  EXPECT_EQ(Ask("SELECT time_zone FROM office_zone"), "Asia/Tokyo");
}

}  // namespace
}  // namespace yagura::app
