#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/api/access_world.h"

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
      PathsWith({id, id, id, id + ".0", id}, WallTime(seconds(1)), WallTime(seconds(2)));
  paths.insert(paths.end(), {"/readyz", "/v1/session", "/v1/cameras"});
  for (const std::string& path : paths) {
    const auto begun = std::chrono::steady_clock::now();
    const Answer answer = served.Ask(path, "some-token");
    EXPECT_EQ(answer.status, 503) << path;
    EXPECT_NE(answer.field("Retry-After"), "") << path;
    EXPECT_LT(std::chrono::steady_clock::now() - begun, seconds(2)) << path;
  }
  EXPECT_EQ(served.Ask("/v1/session", {}, {}, "POST", R"({"username":"a","password":"b"})").status,
            503);
  EXPECT_EQ(served.Ask("/healthz").status, 200);
  EXPECT_EQ(served.Ask("/v1/openapi.yaml").status, 200);
  ASSERT_TRUE((*database)->cluster().Start().has_value());
  const auto until = std::chrono::steady_clock::now() + seconds(20);
  while (served.Ask("/readyz").status != 200 && std::chrono::steady_clock::now() < until) {
  }
  EXPECT_EQ(served.Ask("/readyz").status, 200);
}

}  // namespace
}  // namespace yagura::api
