#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <csignal>
#include <sstream>
#include <thread>

#include "tests/api/access_world.h"
#include "tests/support/standstill.h"

// What callers get while PostgreSQL is away.
namespace yagura::api {
namespace {

/// A cluster that may be stopped.
TEST(DatabaseAwayTest, EverythingButHealthAndDescriptionIs503InTime) {
  auto database = yagura::testing::MigratedPostgres::Create();
  ASSERT_TRUE(database.has_value()) << ToString(database.error());
  ServedOffice served((*database)->ConnectAs("yagura_api"), (*database)->ConnectAs("yagura_media"),
                      *OfficeCalendar::Load("Asia/Tokyo"));
  EXPECT_EQ(served.Ask("/readyz").status, 200);
  EXPECT_EQ(served.Ask("/v1/cameras", "x").status, 401);
  ASSERT_TRUE((*database)->cluster().Stop().has_value());
  const std::string id = ToString(NewId<CameraId>());
  std::vector<std::string> paths =
      PathsWith({id, id, id, id + ".0", id, id}, WallTime(seconds(1)), WallTime(seconds(2)));
  paths.insert(paths.end(), {"/readyz", "/v1/session", "/v1/cameras"});
  const testing::Standstill standstill;
  for (const std::string& path : paths) {
    const auto begun = std::chrono::steady_clock::now();
    const Answer answer = served.Ask(path, "some-token");
    EXPECT_EQ(answer.status, 503) << path;
    EXPECT_NE(answer.field("Retry-After"), "") << path;
    EXPECT_LT(std::chrono::steady_clock::now() - begun, seconds(2) + standstill.so_far()) << path;
  }
  EXPECT_EQ(served.Ask("/v1/session", {}, {}, "POST", R"({"username":"a","password":"b"})").status,
            503);
  EXPECT_EQ(served.Ask("/healthz").status, 200);
  EXPECT_EQ(served.Ask("/v1/openapi.yaml").status, 200);
  ASSERT_TRUE((*database)->cluster().Start().has_value());
  const auto until = std::chrono::steady_clock::now() + seconds(60);
  while (served.Ask("/readyz").status != 200 && std::chrono::steady_clock::now() < until) {
  }
  EXPECT_EQ(served.Ask("/readyz").status, 200);
}

/// The processes of a server that answers nothing any more, and is not gone either.
class Frozen {
 public:
  explicit Frozen(testing::MigratedPostgres& database) {
    std::istringstream backends(database.Ask("SELECT pid FROM pg_stat_activity"));
    for (int pid = 0; backends >> pid;) pids_.push_back(pid);
    pids_.push_back(database.cluster().server_pid());
    for (const int pid : pids_) ::kill(pid, SIGSTOP);
  }
  ~Frozen() {
    for (const int pid : pids_) ::kill(pid, SIGCONT);
  }

 private:
  std::vector<int> pids_;
};

TEST(DatabaseAwayTest, EachOfManyRequestsAtOnceIs503InTimeWhilePostgresHangs) {
  auto database = yagura::testing::MigratedPostgres::Create();
  ASSERT_TRUE(database.has_value()) << ToString(database.error());
  ServedOffice served((*database)->ConnectAs("yagura_api"), (*database)->ConnectAs("yagura_media"),
                      *OfficeCalendar::Load("Asia/Tokyo"));
  const std::string id = ToString(NewId<CameraId>());
  const std::string playlist =
      "/v1/cameras/" + id + "/playback.m3u8" + Span(WallTime(seconds(1)), WallTime(seconds(2)));
  EXPECT_EQ(served.Ask("/v1/cameras", "x").status, 401);
  EXPECT_EQ(served.Ask(playlist, "x").status, 401);
  const Frozen frozen(**database);
  const testing::Standstill standstill;
  for (const std::string& path : {std::string("/v1/cameras"), playlist}) {
    std::vector<std::thread> callers;
    std::atomic<int> refused = 0;
    std::atomic<std::int64_t> slowest_ms = 0;
    for (int i = 0; i < 64; ++i) {
      callers.emplace_back([&] {
        const auto begun = std::chrono::steady_clock::now();
        if (served.Ask(path, "some-token").status == 503) ++refused;
        const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(
            std::chrono::steady_clock::now() - begun);
        for (auto seen = slowest_ms.load();
             seen < took.count() && !slowest_ms.compare_exchange_weak(seen, took.count());) {
        }
      });
    }
    for (std::thread& caller : callers) caller.join();
    EXPECT_EQ(refused, 64) << path;
    EXPECT_LE(slowest_ms, 2500 + standstill.so_far().count())
        << path << ": two seconds are promised";
  }
}

}  // namespace
}  // namespace yagura::api
