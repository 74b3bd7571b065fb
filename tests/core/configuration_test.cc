#include "core/configuration.h"

#include <gtest/gtest.h>

namespace yagura {
namespace {

struct Database {
  std::string host;
  std::int64_t port = 0;
  std::vector<std::pair<std::string, std::optional<std::uint64_t>>> volumes;
  friend bool operator==(const Database&, const Database&) = default;
};

Result<Database> Read(std::string_view text) {
  ASSIGN_OR_RETURN(auto file, ConfigurationFile::Parse(text, "office.toml"));
  Database database;
  auto table = file.Table("database");
  database.host = table.Text({"host", "\"/run/postgresql\""});
  database.port = table.Integer({"port", "5432"}, 1, 65535, 5432);
  for (auto& volume : file.Tables("volume")) {
    database.volumes.emplace_back(volume.Text({"path", "\"/srv/yagura\""}),
                                  volume.Bytes({"limit", "\"20G\""}));
  }
  RETURN_IF_ERROR(file.Finish());
  return database;
}
std::string ProblemOf(std::string_view text) {
  const auto read = Read(text);
  return read.has_value() ? "none" : read.error().message();
}

TEST(ConfigurationTest, ReadsTypedValues) {
  const auto read = Read(
      "[database]\nhost = '/run'\n[[volume]]\npath = '/a'\nlimit = '2K'\n[[volume]]\npath = "
      "'/b'\n");
  ASSERT_TRUE(read.has_value()) << read.error().message();
  EXPECT_EQ(*read, (Database{"/run", 5432, {{"/a", 2048}, {"/b", std::nullopt}}}));
}

TEST(ConfigurationTest, SaysWhereAndWhatIsWrong) {
  constexpr std::string_view kVolume = "[[volume]]\npath = '/a'\n";
  const auto with = [&](std::string_view lines) {
    return ProblemOf(std::string(kVolume) + std::string(lines));
  };
  EXPECT_EQ(with(""), "office.toml: there is no table [database]");
  EXPECT_EQ(with("[database]\nport = 1\n"),
            "office.toml:3: [database] lacks host; add a line: host = \"/run/postgresql\"");
  EXPECT_EQ(with("[database]\nhost = 7\n"),
            "office.toml:4: [database] host: expected a text in quotes, found the number 7; for "
            "example: host = "
            "\"/run/postgresql\"");
  EXPECT_EQ(with("[database]\nhost = 'h'\nport = 70000\n"),
            "office.toml:5: [database] port: expected a whole number from 1 to 65535, found the "
            "number 70000; for "
            "example: port = 5432");
  EXPECT_EQ(with("[database]\nhost = 'h'\nprot = 1\n"),
            "office.toml:5: [database] has no key \"prot\"; did you mean \"port\"?");
  EXPECT_EQ(with("[database]\nhost = 'h'\n[databsae]\n"),
            "office.toml:5: there is no table \"databsae\"; did you mean \"database\"?");
  EXPECT_EQ(ProblemOf("[database]\nhost = 'h'\n"),
            "office.toml: expected one or more tables [[volume]]");
  EXPECT_EQ(with("limit = '20 cows'\n[database]\nhost = 'h'\n"),
            "office.toml:3: [[volume]] limit: expected a size, found the text \"20 cows\"; for "
            "example: limit = \"20G\"");
}

TEST(ConfigurationTest, TellsTheFirstProblemInTheFilesOrder) {
  EXPECT_EQ(ProblemOf("wrong = 1\n[database]\nhost = 7\n[[volume]]\n").substr(0, 14),
            "office.toml:1:");
}

TEST(ConfigurationTest, LocatesWhatIsNoToml) {
  EXPECT_EQ(ProblemOf("[database]\nhost = \n").substr(0, 14), "office.toml:2:");
}

TEST(ConfigurationTest, NamesAFileThatIsNotThere) {
  const auto file = ConfigurationFile::Load("/nowhere/office.toml");
  ASSERT_FALSE(file.has_value());
  EXPECT_EQ(file.error().code(), ErrorCode::kNotFound);
  EXPECT_EQ(file.error().message(),
            "\"/nowhere/office.toml\" can't be read: No such file or directory");
}

TEST(ConfigurationTest, NamesAFolderThatIsGivenForAFile) {
  const auto file = ConfigurationFile::Load("/tmp");
  ASSERT_FALSE(file.has_value());
  EXPECT_EQ(file.error().message(), "\"/tmp\" is a folder");
}

TEST(ParseDurationTest, KnowsItsUnits) {
  using std::chrono::hours;
  EXPECT_EQ(ParseDuration("0s"), microseconds(0));
  EXPECT_EQ(ParseDuration("15m"), std::chrono::minutes(15));
  EXPECT_EQ(ParseDuration("36h"), hours(36));
  EXPECT_EQ(ParseDuration("30d"), hours(30 * 24));
  for (const char* text :
       {"", "7", "d", "-1d", "1.5h", "7 d", "1w", "365001d", "99999999999999999999s"})
    EXPECT_EQ(ParseDuration(text), std::nullopt) << text;
}

TEST(ParseBytesTest, KnowsPowersOf1024) {
  EXPECT_EQ(ParseBytes("20G"), std::uint64_t{20} << 30);
  EXPECT_EQ(ParseBytes("7"), 7U);
  for (const auto* text :
       {"", "G", "-1", "1.5G", "20GB", "20 G", "99999999999999999999", "99999999999T"}) {
    EXPECT_EQ(ParseBytes(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace yagura
