// Each rule of the house can fail: a tree that breaks it, and one that keeps it.
#include "tests/tidy/rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "tests/support/child_process_posix.h"

namespace yagura::tidy {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using yagura::testing::TemporaryFolder;

SourceTree TreeOf(const std::string& path, const std::string& text) { return {{path, text}}; }
std::string Including(const std::string& header) { return "#include " + header + "\n"; }

TEST(ArrowsTest, StorageAndIngestNeverSeeEachOther) {
  EXPECT_THAT(CheckArrows(TreeOf("storage/clip.cc", Including("\"ingest/sdp.h\""))),
              ElementsAre(HasSubstr("storage/clip.cc:1: storage may not know ingest")));
  EXPECT_THAT(CheckArrows(TreeOf("ingest/sdp.cc", Including("\"storage/clip.h\""))),
              ElementsAre(HasSubstr("ingest/sdp.cc:1")));
}

TEST(ArrowsTest, RoomsKnowOnlyWhatTheArrowsAllow) {
  EXPECT_THAT(CheckArrows(TreeOf("api/clips.cc",
                                 Including("\"storage/clip.h\"") + Including("\"core/time.h\""))),
              IsEmpty());
  EXPECT_THAT(CheckArrows(TreeOf("app/main.cc",
                                 Including("\"ingest/sdp.h\"") + Including("\"api/routes.h\""))),
              IsEmpty());
  EXPECT_THAT(CheckArrows(TreeOf("api/clips.cc", Including("\"ingest/sdp.h\""))),
              ElementsAre(HasSubstr("api may not know ingest")));
  EXPECT_THAT(CheckArrows(TreeOf("core/time.h", Including("\"storage/clip.h\""))),
              ElementsAre(HasSubstr("core")));
  EXPECT_THAT(CheckArrows(TreeOf("access_control/decide.cc", Including("\"api/http.h\""))),
              ElementsAre(HasSubstr("api")));
}

TEST(ArrowsTest, NothingKnowsAppTestsAndBench) {
  EXPECT_THAT(CheckArrows(TreeOf("api/clips.cc", Including("\"app/main.h\""))),
              ElementsAre(HasSubstr("may not know app")));
  EXPECT_THAT(CheckArrows(TreeOf("app/main.cc", Including("\"tests/support/fake_clock.h\""))),
              ElementsAre(HasSubstr("app may not know tests")));
  EXPECT_THAT(CheckArrows(TreeOf("tests/app/main_test.cc", Including("\"app/main.h\""))),
              IsEmpty());
}

TEST(ArrowsTest, HeadersAreNamedFromTheRoot) {
  EXPECT_THAT(CheckArrows(TreeOf("api/clips.cc", Including("\"clips.h\""))),
              ElementsAre(HasSubstr("from the project's root")));
  EXPECT_THAT(CheckArrows(TreeOf("api/clips.cc", Including("\"../core/time.h\""))),
              ElementsAre(HasSubstr("root")));
}

TEST(LibrariesTest, EachLivesOnlyInFilesWithItsSuffix) {
  const std::vector<std::pair<std::string, std::string>> libraries{
      {"_gst", "<gst/gst.h>"},         {"_av", "<libavformat/avformat.h>"},
      {"_pg", "<pqxx/pqxx>"},          {"_rest", "<cpprest/json.h>"},
      {"_beast", "<boost/beast.hpp>"}, {"_ssl", "<openssl/evp.h>"},
      {"_isal", "<isa-l/crc.h>"},      {"_x86", "<immintrin.h>"},
      {"_curl", "<curl/curl.h>"},      {"_sodium", "<sodium.h>"},
      {"_oath", "<liboath/oath.h>"},   {"_posix", "<sys/socket.h>"},
  };
  for (const auto& [suffix, header] : libraries) {
    EXPECT_THAT(CheckLibraries(TreeOf("storage/clip.cc", Including(header))),
                ElementsAre(HasSubstr(suffix)))
        << header;
    EXPECT_THAT(CheckLibraries(TreeOf("storage/clip" + suffix + ".cc", Including(header))),
                IsEmpty())
        << header;
  }
  EXPECT_THAT(
      CheckLibraries(TreeOf("tests/storage/catalogue_pg_test.cc", Including("<pqxx/pqxx>"))),
      IsEmpty());
}

TEST(LibrariesTest, NoHeaderShowsALibrary) {
  EXPECT_THAT(CheckLibraries(TreeOf("storage/catalogue_pg.h", Including("<pqxx/pqxx>"))),
              ElementsAre(HasSubstr("pqxx")));
  EXPECT_THAT(CheckLibraries(TreeOf("core/json.h", Including("<nlohmann/json.hpp>"))),
              ElementsAre(HasSubstr("a .cc of core")));
  EXPECT_THAT(CheckLibraries(TreeOf("core/result.h", Including("<tl/expected.hpp>"))), IsEmpty());
  EXPECT_THAT(CheckLibraries(TreeOf("core/time.h", Including("<tl/expected.hpp>"))),
              ElementsAre(HasSubstr("core/result.h")));
}

TEST(LibrariesTest, JsonLoggingAndTomlAreCoresAlone) {
  EXPECT_THAT(CheckLibraries(
                  TreeOf("core/json.cc", Including("<nlohmann/json.hpp>") + Including("<vector>"))),
              IsEmpty());
  EXPECT_THAT(CheckLibraries(TreeOf("api/clips.cc", Including("<spdlog/spdlog.h>"))),
              ElementsAre(HasSubstr("core")));
  EXPECT_THAT(CheckLibraries(TreeOf("app/main.cc", Including("<gtest/gtest.h>"))),
              ElementsAre(HasSubstr("tests")));
}

TEST(LineLengthsTest, CountsCharactersNotBytes) {
  EXPECT_THAT(CheckLineLengths(TreeOf("core/time.h", std::string(101, 'x') + "\n")),
              ElementsAre(HasSubstr("core/time.h:1")));
  std::string japanese;
  for (int i = 0; i < 100; ++i) japanese += "櫓";
  EXPECT_THAT(CheckLineLengths(TreeOf("core/time.h", japanese)), IsEmpty());
  EXPECT_THAT(CheckLineLengths(TreeOf("storage/schema/0001_x.sql", std::string(141, 'x'))),
              ElementsAre(HasSubstr("140")));
  EXPECT_THAT(CheckLineLengths(TreeOf("README.md", std::string(500, 'x'))), IsEmpty());
}

TEST(LineLengthsTest, LetsTextInRawStringsBeAsLongAsScripts) {
  const std::string sql = std::string(120, 'x');
  const std::string text = "auto a = R\"sql(" + sql + "\n" + sql + "\n)sql\";\n";
  EXPECT_THAT(CheckLineLengths(TreeOf("storage/catalogue_pg.cc", text)), IsEmpty());
  EXPECT_THAT(CheckLineLengths(TreeOf("storage/catalogue_pg.cc", text + sql)),
              ElementsAre(HasSubstr("catalogue_pg.cc:4: longer than 100")));
}

TEST(FileLengthsTest, FindsAFileOfTooManyIdeas) {
  std::string text;
  for (int i = 0; i < 351; ++i) text += "\n";
  EXPECT_THAT(CheckFileLengths(TreeOf("core/time.cc", text)), ElementsAre(HasSubstr("351 lines")));
  EXPECT_THAT(CheckFileLengths(TreeOf("core/time.cc", text.substr(1))), IsEmpty());
}

TEST(LeftoversTest, FindsNotesToSelf) {
  for (const std::string& word :
       {std::string("TO") + "DO", std::string("FIX") + "ME", std::string("HA") + "CK"}) {
    EXPECT_THAT(CheckLeftovers(TreeOf("deploy/demo", "true\n# " + word + ": later")),
                ElementsAre(HasSubstr("deploy/demo:2")));
  }
  EXPECT_THAT(CheckLeftovers(TreeOf("core/time.cc", "// methods")), IsEmpty());
}

TEST(MachinePathsTest, FindsWhatExistsOnOneMachine) {
  EXPECT_THAT(CheckMachinePaths(TreeOf("README.md", std::string("see /wo") + "rk/main")),
              ElementsAre(HasSubstr("README.md:1")));
  EXPECT_THAT(CheckMachinePaths(TreeOf("README.md", std::string("see docs/wo") + "rk/main")),
              IsEmpty());
}

TEST(HeaderGuardsTest, EveryHeaderHasOne) {
  EXPECT_THAT(CheckHeaderGuards(TreeOf("core/time.h", "int x;\n")),
              ElementsAre(HasSubstr("core/time.h")));
  EXPECT_THAT(CheckHeaderGuards(TreeOf("core/time.h", "#pragma once\nint x;\n")), IsEmpty());
}

TEST(NodiscardTest, EveryResultIsLookedAt) {
  EXPECT_THAT(CheckNodiscard(TreeOf("core/a.h", "  Result<void> Do();\n")),
              ElementsAre(HasSubstr("core/a.h:1")));
  EXPECT_THAT(
      CheckNodiscard(TreeOf("core/a.h", "  virtual Result<std::vector<int>> Do(int x) = 0;\n")),
      ElementsAre(HasSubstr("core/a.h:1")));
  EXPECT_THAT(CheckNodiscard(TreeOf("core/a.h", "  [[nodiscard]] Result<void> Do();\n")),
              IsEmpty());
  EXPECT_THAT(CheckNodiscard(TreeOf("core/a.h", "[[nodiscard]]\nResult<void> Do();\n")), IsEmpty());
}

TEST(TestNamesTest, SayWhatHolds) {
  EXPECT_THAT(CheckTests(TreeOf("tests/core/a_test.cc", "TEST(Time, Works) {\n")),
              ElementsAre(HasSubstr("by what holds")));
  EXPECT_THAT(CheckTests(TreeOf("tests/core/a_test.cc", "TEST_F(Time, ReadsAnyOffset) {\n")),
              IsEmpty());
}

TEST(TestNamesTest, NoTestIsSkipped) {
  EXPECT_THAT(CheckTests(TreeOf("tests/core/a_test.cc", std::string("  GTEST_") + "SKIP();\n")),
              ElementsAre(HasSubstr("doesn't run")));
  EXPECT_THAT(CheckTests(TreeOf("tests/core/a_test.cc",
                                std::string("TEST(Time, DIS") + "ABLED_ReadsOffsets) {")),
              ElementsAre(HasSubstr("doesn't run")));
}

TEST(DeadFilesTest, FindsWhatNothingUses) {
  SourceTree tree{{"core/CMakeLists.txt", "yagura_room(core SOURCES\n  time.cc)\n"},
                  {"core/time.cc", Including("\"core/time.h\"")},
                  {"core/time.h", ""}};
  EXPECT_THAT(CheckDeadFiles(tree), IsEmpty());
  tree.push_back({"core/forgotten.cc", ""});
  tree.push_back({"core/forgotten.h", ""});
  EXPECT_THAT(CheckDeadFiles(tree), ElementsAre("core/forgotten.cc: no CMakeLists.txt names it",
                                                "core/forgotten.h: nothing includes it"));
}

TEST(RoomReadmesTest, EveryRoomHasOne) {
  EXPECT_THAT(CheckRoomReadmes(TreeOf("core/README.md", "")),
              ::testing::Contains(HasSubstr("storage/README.md: missing")));
  EXPECT_THAT(CheckRoomReadmes(TreeOf("core/README.md", "")),
              ::testing::Not(::testing::Contains(HasSubstr("core/README.md"))));
}

TEST(DocumentLinksTest, FindsWhatALinkMisses) {
  const TemporaryFolder root;
  std::ofstream(root.path() / "GLOSSARY.md") << "words";
  const std::string good =
      "[words](GLOSSARY.md#clip), [there](https://example.org/x), [here](#below)";
  EXPECT_THAT(CheckDocumentLinks(TreeOf("README.md", good), root.path()), IsEmpty());
  EXPECT_THAT(CheckDocumentLinks(TreeOf("docs/a.md", "[words](../GLOSSARY.md)"), root.path()),
              IsEmpty());
  EXPECT_THAT(CheckDocumentLinks(TreeOf("docs/a.md", "[words](GLOSSARY.md)"), root.path()),
              ElementsAre("docs/a.md: names docs/GLOSSARY.md, which doesn't exist"));
}

TEST(DocumentLinksTest, FindsFilesThatAreNamedButGone) {
  const TemporaryFolder root;
  EXPECT_THAT(CheckDocumentLinks(TreeOf("README.md", "read `core/gone.h` first"), root.path()),
              ElementsAre(HasSubstr("core/gone.h")));
  EXPECT_THAT(CheckDocumentLinks(TreeOf("core/time.h", "// docs/design/gone.md\n"), root.path()),
              ElementsAre(HasSubstr("docs/design/gone.md")));
}

}  // namespace
}  // namespace yagura::tidy
