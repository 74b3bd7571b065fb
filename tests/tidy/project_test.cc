// The project keeps the rules of its house (rules.h).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "tests/support/child_process_posix.h"
#include "tests/tidy/rules.h"

namespace yagura::tidy {
namespace {

using ::testing::IsEmpty;
using yagura::testing::ChildOptions;
using yagura::testing::RunToEnd;
using yagura::testing::TemporaryFolder;

const std::filesystem::path kRoot(YAGURA_SOURCE_DIR);

/// A line per finding.
std::string Told(const Findings& findings) {
  std::string text;
  for (const std::string& finding : findings) text += "\n" + finding;
  return text;
}

class ProjectTest : public ::testing::Test {
 protected:
  static const SourceTree& tree() {
    static const SourceTree kTree = LoadTree(kRoot);
    return kTree;
  }
};

TEST_F(ProjectTest, IsReadWhole) {
  EXPECT_NE(Find(tree(), "core/result.h"), nullptr);
  EXPECT_NE(Find(tree(), "deploy/test"), nullptr);
  EXPECT_NE(Find(tree(), ".ci/run"), nullptr);
}

TEST_F(ProjectTest, KeepsTheIncludeArrows) { EXPECT_EQ(Told(CheckArrows(tree())), ""); }
TEST_F(ProjectTest, KeepsLibrariesInTheirFiles) { EXPECT_EQ(Told(CheckLibraries(tree())), ""); }
TEST_F(ProjectTest, HasNoLongLines) { EXPECT_EQ(Told(CheckLineLengths(tree())), ""); }
TEST_F(ProjectTest, HasNoLongFiles) { EXPECT_EQ(Told(CheckFileLengths(tree())), ""); }
TEST_F(ProjectTest, HasNoLeftovers) { EXPECT_EQ(Told(CheckLeftovers(tree())), ""); }
TEST_F(ProjectTest, NamesNoMachinesPaths) { EXPECT_EQ(Told(CheckMachinePaths(tree())), ""); }
TEST_F(ProjectTest, GuardsItsHeaders) { EXPECT_EQ(Told(CheckHeaderGuards(tree())), ""); }
TEST_F(ProjectTest, DiscardsNoResult) { EXPECT_EQ(Told(CheckNodiscard(tree())), ""); }
TEST_F(ProjectTest, NamesItsTestsAndRunsThemAll) { EXPECT_EQ(Told(CheckTests(tree())), ""); }
TEST_F(ProjectTest, HasNoDeadFiles) { EXPECT_EQ(Told(CheckDeadFiles(tree())), ""); }
TEST_F(ProjectTest, SaysWhatEachRoomPromises) { EXPECT_EQ(Told(CheckRoomReadmes(tree())), ""); }
TEST_F(ProjectTest, HasNoBrokenLinks) { EXPECT_EQ(Told(CheckDocumentLinks(tree(), kRoot)), ""); }

/// What clang-format says of these files; empty where they are formatted.
std::string FormatterSays(const std::vector<std::string>& files) {
  const TemporaryFolder folder;
  ChildOptions options{.arguments = {"clang-format-14", "--dry-run", "-Werror", "--ferror-limit=1",
                                     "--style=file:" + (kRoot / ".clang-format").string()},
                       .environment = {},
                       .output = folder.path() / "output",
                       .input = {},
                       .user = {}};
  options.arguments.insert(options.arguments.end(), files.begin(), files.end());
  const auto done = RunToEnd(options, std::chrono::seconds(120));
  return done.has_value() ? "" : done.error().message() + "\nnext: clang-format-14 -i FILES";
}

TEST_F(ProjectTest, IsFormattedByClangFormat14) {
  std::vector<std::string> files;
  for (const SourceFile& file : tree()) {
    if (IsCpp(file.path)) files.push_back((kRoot / file.path).string());
  }
  EXPECT_EQ(FormatterSays(files), "");
}

TEST(FormatterTest, FindsWhatIsNotFormatted) {
  const TemporaryFolder folder;
  const std::string file = folder.path() / "a.cc";
  std::ofstream(file) << "int  x;\n";
  EXPECT_NE(FormatterSays({file}), "");
  std::ofstream(file) << "int x;\n";
  EXPECT_EQ(FormatterSays({file}), "");
}

}  // namespace
}  // namespace yagura::tidy
