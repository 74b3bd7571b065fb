#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "app/verbs.h"
#include "core/json.h"
#include "tests/support/fake_clock.h"
#include "tests/support/migrated_postgres.h"

namespace yagura::app {

/// Runs commands as a person at the console would, on a PostgreSQL of their own, at noon of 15 June
/// 2027 in Tokyo.
class OfficeTest : public ::testing::Test {
 protected:
  struct Said {
    int code = -1;
    std::string out;
    std::string err;
  };

  static void SetUpTestSuite() {
    auto made = testing::CreateMigratedCluster();
    ASSERT_TRUE(made.has_value()) << ToString(made.error());
    cluster_ = *std::move(made);
  }
  static void TearDownTestSuite() { cluster_.reset(); }

  void SetUp() override {
    auto made = testing::MigratedPostgres::CreateIn(cluster_);
    ASSERT_TRUE(made.has_value()) << ToString(made.error());
    database_ = *std::move(made);
    WriteConfiguration(database_->ConnectAs("").host);
  }
  void WriteConfiguration(const std::string& database_host) {
    std::ofstream(Path())
        << "[office]\ntime_zone = 'Asia/Tokyo'\n[database]\nhost = '" << database_host
        << "'\nname = '" << database_->ConnectAs("").database
        << "'\n[record]\nstate_directory = '/var/lib/yagura'\n[[volume]]\npath = '/srv/yagura'\n"
           "[api]\nlisten = '127.0.0.1:8081'\n[media]\nlisten = '127.0.0.1:8082'\n"
           "[web]\npublic_url = 'https://localhost'\n";
  }

  Said Yagura(std::vector<std::string> arguments, const std::string& input = "") {
    arguments.insert(arguments.end(), {"--config", Path()});
    if (std::ranges::find(arguments, "--language") == arguments.end()) {
      arguments.insert(arguments.end(), {"--language", "en"});
    }
    std::istringstream in(input);
    std::ostringstream out;
    std::ostringstream err;
    const int code = RunYagura(arguments, {in, out, err}, clock_);
    return {code, out.str(), err.str()};
  }
  /// A command that must succeed: what it said.
  std::string Done(const std::vector<std::string>& arguments, const std::string& input = "") {
    const Said said = Yagura(arguments, input);
    EXPECT_EQ(said.code, 0) << said.err;
    return said.out;
  }
  /// A command that must fail: what it said.
  std::string Refused(const std::vector<std::string>& arguments, const std::string& input = "") {
    const Said said = Yagura(arguments, input);
    EXPECT_NE(said.code, 0) << said.out;
    EXPECT_EQ(said.out, "");
    return said.err;
  }
  std::string Ask(const std::string& sql) { return database_->Ask(sql); }

  void LoadOffice() {
    Done({"place", "add-site", "--code", "HQ", "--name", "本庁舎敷地"});
    Done({"place", "add-building", "--site", "HQ", "--code", "MAIN", "--name", "本庁舎"});
    Done({"place", "add-floor", "--building", "MAIN", "--code", "1F", "--name", "1階", "--ordinal",
          "1"});
    Done({"place", "add-floor", "--building", "MAIN", "--code", "2F", "--name", "2階", "--ordinal",
          "2"});
    Done({"department", "add", "--code", "WARD", "--name", "区役所"});
    Done({"department", "add", "--code", "TAX", "--name", "税務部", "--parent", "WARD"});
    Done({"department", "add", "--code", "WELFARE", "--name", "福祉部", "--parent", "WARD"});
  }
  std::vector<std::string> AddCamera(const std::string& code) {
    return {"camera",      "add", "--code", code,  "--name", "窓口",
            "--floor",     "1F",  "--unit", "TAX", "--url",  "rtsp://10.0.0.1/s",
            "--in-service"};
  }

  std::string Path() const { return (folder_.path() / "yagura.toml").string(); }

  testing::TemporaryFolder folder_;
  static std::shared_ptr<testing::PostgresCluster> cluster_;
  std::unique_ptr<testing::MigratedPostgres> database_;
  testing::FakeClock clock_{ParseRfc3339("2027-06-15T12:00:00+09:00").value()};
};
inline std::shared_ptr<testing::PostgresCluster> OfficeTest::cluster_;

}  // namespace yagura::app
