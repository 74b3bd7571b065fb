#pragma once

#include <filesystem>
#include <iterator>

#include "tests/app/office_fixture.h"

namespace yagura::app {

inline const std::filesystem::path kData = YAGURA_TEST_DATA;
inline const std::filesystem::path kTwoCameras = kData / "../../deploy/two-cameras";

inline std::string BytesOf(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// An office that comes from files and goes to files.
class OfficeFilesTest : public OfficeTest {
 protected:
  /// A copy of a test office, to be changed.
  std::string Copy(const std::string& name) {
    std::filesystem::copy(kData / name, folder_.path() / name,
                          std::filesystem::copy_options::recursive);
    return (folder_.path() / name).string();
  }
  void Replace(const std::string& folder, const std::string& file, const std::string& from,
               const std::string& to) {
    const std::filesystem::path path = std::filesystem::path(folder) / file;
    std::string text = BytesOf(path);
    const std::size_t at = text.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    std::ofstream(path, std::ios::binary) << text.replace(at, from.size(), to);
  }
  void Append(const std::string& folder, const std::string& file, const std::string& line) {
    std::ofstream(std::filesystem::path(folder) / file, std::ios::binary | std::ios::app) << line;
  }
  std::string Import(const std::string& folder) {
    return Done({"office", "import", folder, "--apply"});
  }
  /// Everything about the office that is stored, and how often it was changed.
  std::string Fingerprint() {
    return Ask(
        "SELECT md5(string_agg(t, '|')) FROM (SELECT row(camera.*)::text FROM camera "
        "UNION ALL SELECT row(unit.*)::text FROM unit UNION ALL SELECT row(charge.*)::text FROM "
        "charge UNION ALL SELECT row(placement.*)::text FROM placement UNION ALL SELECT "
        "row(camera_state.*)::text FROM camera_state UNION ALL SELECT row(person.*)::text FROM "
        "person UNION ALL SELECT row(assignment.*)::text FROM assignment UNION ALL SELECT "
        "row(facts_epoch.*)::text FROM facts_epoch UNION ALL SELECT count(*)::text FROM "
        "audit_record ORDER BY 1) AS all_rows (t)");
  }
};

}  // namespace yagura::app
