#include <filesystem>

#include "tests/app/office_fixture.h"

namespace yagura::app {
namespace {

using ::testing::HasSubstr;
namespace fs = std::filesystem;

/// The command `record` with volumes in a folder of the test's own.
class RecordVerbTest : public OfficeTest {
 protected:
  void Configure(const std::vector<std::string>& volumes) {
    std::ofstream config(Path());
    config << "[office]\ntime_zone = 'Asia/Tokyo'\n[database]\nhost = '"
           << database_->ConnectAs("").host << "'\nname = '" << database_->ConnectAs("").database
           << "'\n[record]\nstate_directory = '" << (folder_.path() / "state").string() << "'\n";
    for (const std::string& volume : volumes) config << "[[volume]]\npath = '" << volume << "'\n";
    config << "[api]\nlisten = '127.0.0.1:8081'\n[media]\nlisten = '127.0.0.1:8082'\n"
              "[web]\npublic_url = 'https://localhost'\n";
  }
};

TEST_F(RecordVerbTest, MakesNoVolumeWhereTheDiskIsNotMounted) {
  const fs::path volume = folder_.path() / "disk1" / "yagura";
  Configure({volume.string()});
  const std::string said = Refused({"record"});
  EXPECT_THAT(said, HasSubstr(volume.string() + " is not there"));
  EXPECT_THAT(said, HasSubstr("yagura volume format --config " + Path()));
  EXPECT_FALSE(fs::exists(volume.parent_path()));
}

TEST_F(RecordVerbTest, MakesNoVolumeOfAnEmptyFolder) {
  const fs::path volume = folder_.path() / "disk1";
  fs::create_directory(volume);
  Configure({volume.string()});
  EXPECT_THAT(Refused({"record"}), HasSubstr("yagura volume format"));
  EXPECT_TRUE(fs::is_empty(volume));
}

TEST_F(RecordVerbTest, FormatMakesAVolumeOfAFolderThatIsThereOnly) {
  const fs::path volume = folder_.path() / "disk1" / "yagura";
  Configure({volume.string()});
  Refused({"volume", "format"});
  EXPECT_FALSE(fs::exists(volume));
  fs::create_directories(volume);
  EXPECT_THAT(Done({"volume", "format"}), HasSubstr(volume.string() + " is volume "));
  EXPECT_TRUE(fs::exists(volume / "volume"));
}

}  // namespace
}  // namespace yagura::app
