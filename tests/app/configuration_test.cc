#include "app/configuration.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace yagura::app {
namespace {

using ::testing::HasSubstr;

/// A whole configuration in which `from` is replaced by `to`.
std::string With(const std::string& from = "", const std::string& to = "") {
  std::string text =
      "[office]\ntime_zone = 'Asia/Tokyo'\n"
      "[database]\nhost = '/run/postgresql'\n"
      "[record]\nstate_directory = '/var/lib/yagura'\n"
      "[[volume]]\npath = '/srv/a'\nlimit = '20G'\n"
      "[[volume]]\npath = '/srv/b/'\n"
      "[api]\nlisten = '127.0.0.1:8081'\n"
      "[media]\nlisten = '[::1]:8082'\n"
      "[web]\npublic_url = 'https://localhost:8443'\n";
  if (const auto at = text.find(from); !from.empty() && at != std::string::npos)
    text.replace(at, from.size(), to);
  return text;
}
std::string ProblemOf(const std::string& text) {
  const auto read = ParseConfiguration(text, "yagura.toml");
  return read.has_value() ? "none" : read.error().message();
}

TEST(ConfigurationTest, ReadsTheWholeOffice) {
  const auto read = ParseConfiguration(With(), "yagura.toml");
  ASSERT_TRUE(read.has_value()) << read.error().message();
  EXPECT_EQ(read->time_zone, "Asia/Tokyo");
  const auto database = read->DatabaseAs("yagura_record");
  EXPECT_EQ(database.host, "/run/postgresql");
  EXPECT_EQ(database.port, 5432);
  EXPECT_EQ(database.database, "yagura");
  EXPECT_EQ(database.role, "yagura_record");
  EXPECT_EQ(read->state_directory, "/var/lib/yagura");
  EXPECT_EQ(read->live_socket, "/var/lib/yagura/live.socket");  // where nothing is said
  EXPECT_EQ(read->reader_threads, 2);
  EXPECT_EQ(read->record_metrics, std::nullopt);  // where nothing is said
  ASSERT_EQ(read->volumes.size(), 2U);
  EXPECT_EQ(read->volumes[0], (VolumeConfiguration{"/srv/a", std::uint64_t{20} << 30}));
  EXPECT_EQ(read->volumes[1].limit_bytes, std::nullopt);
  EXPECT_EQ(read->volumes[1].weight, 1U);  // where nothing is said
  EXPECT_EQ(read->api, (ListenAddress{"127.0.0.1", 8081}));
  EXPECT_EQ(read->media, (ListenAddress{"::1", 8082}));
  EXPECT_EQ(read->public_url, "https://localhost:8443");
  EXPECT_EQ(read->proxy_key, "");  // where nothing is said
}

TEST(ConfigurationTest, ReadsTheExampleThatIsShipped) {
  const auto read = LoadConfiguration(YAGURA_EXAMPLE_CONFIGURATION);
  EXPECT_TRUE(read.has_value()) << read.error().message();
}

TEST(ConfigurationTest, ListensOnThisMachineAlone) {
  for (const auto* listen : {"'0.0.0.0:8081'", "'8081'", "'127.0.0.1'", "'127.0.0.1:0'",
                             "'127.0.0.1:99999'", "'office:81'", "8081"}) {
    EXPECT_THAT(ProblemOf(With("'127.0.0.1:8081'", listen)),
                HasSubstr("yagura.toml:13: [api] listen: expected"))
        << listen;
  }
}

TEST(ConfigurationTest, RefusesVolumesOverTheSameFiles) {
  for (const auto* path : {"/srv/a", "/srv/a/inner", "/srv", "/srv/a/../a"}) {
    EXPECT_THAT(ProblemOf(With("/srv/b/", path)),
                HasSubstr("yagura.toml:11: [[volume]] path: expected a folder outside"))
        << path;
  }
}

TEST(ConfigurationTest, SomeVolumeMustGetSomething) {
  const auto drained = ParseConfiguration(With("'20G'\n", "'20G'\nweight = 0\n"), "yagura.toml");
  ASSERT_TRUE(drained.has_value()) << drained.error().message();
  EXPECT_EQ(drained->volumes[0].weight, 0U);
  EXPECT_THAT(ProblemOf(With("limit = '20G'\n[[volume]]\npath = '/srv/b/'\n", "weight = 0\n")),
              HasSubstr("yagura.toml:9: [[volume]] weight: expected 1 or more of one volume"));
  EXPECT_THAT(ProblemOf(With("'20G'\n", "'20G'\nweight = -1\n")), HasSubstr("[[volume]] weight"));
}

TEST(ConfigurationTest, RefusesWhatCantWork) {
  EXPECT_THAT(ProblemOf(With("Asia/Tokyo", "Asia/Nowhere")),
              HasSubstr("yagura.toml:2: [office] time_zone: expected a name of the tz"));
  EXPECT_THAT(ProblemOf(With("'/var/lib/yagura'", "'state'")),
              HasSubstr("yagura.toml:6: [record] state_directory: expected a path"));
  for (const auto* url :
       {"http://localhost", "https://", "https://host/path", "https://user@host", "localhost"}) {
    EXPECT_THAT(ProblemOf(With("https://localhost:8443", url)),
                HasSubstr("[web] public_url: expected https://"))
        << url;
  }
  EXPECT_THAT(ProblemOf(With("limit", "limits")),
              HasSubstr("has no key \"limits\"; did you mean \"limit\"?"));
}

std::string WithStore(const std::string& lines) {
  return With() + "[object_store]\nbucket = 'footage'\nkeys = '/etc/yagura/store.keys'\n" + lines;
}

TEST(ConfigurationTest, AnObjectStoreIsOptional) {
  EXPECT_EQ(ParseConfiguration(With(), "yagura.toml")->object_store, std::nullopt);
  const auto read = ParseConfiguration(
      WithStore("endpoint = 'https://store.example'\nkeep_files_for = '7d'\n"), "yagura.toml");
  ASSERT_TRUE(read.has_value()) << read.error().message();
  EXPECT_EQ(read->object_store,
            (ObjectStoreConfiguration{.endpoint = "https://store.example",
                                      .bucket = "footage",
                                      .region = "us-east-1",
                                      .keys = "/etc/yagura/store.keys",
                                      .authority = "",
                                      .copy_after = microseconds(0),
                                      .keep_files_for = std::chrono::hours(7 * 24),
                                      .bytes_per_s_max = 0}));
}

TEST(ConfigurationTest, FootageGoesOverTheNetworkSealedOnly) {
  EXPECT_EQ(ProblemOf(WithStore("endpoint = 'http://127.0.0.1:7480'\n")), "none");
  for (const char* endpoint : {"http://store.example", "https://", "https://store/path",
                               "https://key:secret@store", "store.example"}) {
    EXPECT_THAT(ProblemOf(WithStore("endpoint = '" + std::string(endpoint) + "'\n")),
                HasSubstr("expected https://, a host and no path"))
        << endpoint;
  }
}

TEST(ConfigurationTest, FilesGoNoEarlierThanTheirCopiesAreMade) {
  EXPECT_THAT(ProblemOf(WithStore("endpoint = 'https://store.example'\ncopy_after = '7d'\n"
                                  "keep_files_for = '6d'\n")),
              HasSubstr("no less than copy_after"));
  EXPECT_THAT(ProblemOf(WithStore("endpoint = 'https://store.example'\ncopy_after = '7 days'\n")),
              HasSubstr("a time with its unit"));
}

}  // namespace
}  // namespace yagura::app
