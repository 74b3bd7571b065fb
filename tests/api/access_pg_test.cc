#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/api/access_world.h"

// Who gets what over the real listeners: every route, asked by everybody.
namespace yagura::api {
namespace {

using ::testing::HasSubstr;

TEST_F(AccessTest, AForeignIdIsAnUnknownOneByteForByteOnEveryRoute) {
  const std::string head = TokenOf(office().head(1));
  const std::string camera = ToString(world_->cameras[0]);
  const Ids foreign{
      camera,
      ToString(office().floor(2)),
      ToString(office().unit(0)),
      office()
          .Column("SELECT run_id || '.' || sequence FROM clip WHERE camera_id = '" + camera +
                  "' LIMIT 1")
          .at(0),
      office().Column("SELECT id FROM run WHERE camera_id = '" + camera + "' LIMIT 1").at(0),
      HoldOf(world_->cameras[0])};
  const std::string nothing = ToString(NewId<CameraId>());
  const auto theirs = PathsWith(foreign, At(0), At(60));
  const auto unknown =
      PathsWith({nothing, nothing, nothing, nothing + ".0", nothing, nothing}, At(0), At(60));
  const auto malformed = PathsWith({"x", "x", "x", "x", "x", "x"}, At(0), At(60));
  ASSERT_EQ(theirs.size(), 22U) << "routes with an id: look whether the new one is met";
  for (std::size_t i = 0; i < theirs.size(); ++i) {
    for (const std::string& method : {std::string("GET"), std::string("HEAD")}) {
      const Answer answer = served().Ask(theirs[i], head, {}, method);
      EXPECT_EQ(answer.status, 404) << method << " " << theirs[i];
      EXPECT_EQ(answer.comparable(), served().Ask(unknown[i], head, {}, method).comparable())
          << method << " " << theirs[i];
      EXPECT_EQ(answer.comparable(), served().Ask(malformed[i], head, {}, method).comparable())
          << method << " " << malformed[i];
    }
  }
}

TEST_F(AccessTest, TheOwnerOfTheseIdsGetsThem) {
  const std::string head = TokenOf(office().head(0));
  const std::string camera = ToString(world_->cameras[0]);
  const Ids own{
      camera,
      ToString(office().floor(0)),
      ToString(office().unit(0)),
      office()
          .Column("SELECT run_id || '.' || sequence FROM clip WHERE camera_id = '" + camera +
                  "' LIMIT 1")
          .at(0),
      office().Column("SELECT id FROM run WHERE camera_id = '" + camera + "' LIMIT 1").at(0),
      HoldOf(world_->cameras[0])};
  for (const std::string& path : PathsWith(own, At(0), At(60))) {
    const bool is_live = path.find("/live") != std::string::npos || path.ends_with("/frame.jpg");
    const bool is_decoded = path.find("/thumbnail.jpg") != std::string::npos ||
                            path.find("/h264.m4s") != std::string::npos;
    // Nothing is being recorded here, and what was is no video.
    const std::string method = is_live || is_decoded ? "HEAD" : "GET";
    EXPECT_EQ(served().Ask(path, head, {}, method).status, 200) << path;
  }
}

TEST_F(AccessTest, WithoutASessionEveryGuardedRouteSaysSo) {
  const std::string id = ToString(world_->cameras[0]);
  for (const auto& [key, operation] : ReadOperations(OpenApiYaml())) {
    if (operation.action == "service.read" || operation.action == "session.start") continue;
    std::string path = key.substr(key.find(' ') + 1);
    if (const std::size_t place = path.find("{id}"); place != std::string::npos)
      path.replace(place, 4, id);
    const std::string method = key.substr(0, key.find(' '));
    for (const std::string& token : {std::string(), std::string("not-a-token")}) {
      const Answer answer = served().Ask(path, token, {}, method);
      EXPECT_EQ(answer.status, 401) << key << " with token '" << token << "': " << answer.body;
      EXPECT_THAT(answer.body, HasSubstr("\"unauthenticated\"")) << key;
    }
  }
}

TEST_F(AccessTest, AnAuditorSeesWhoLookedAndNoCamera) {
  const std::string token = TokenOf(world_->auditor);
  EXPECT_TRUE(IdsIn("/v1/cameras", token).empty());
  const std::string camera = ToString(world_->cameras[0]);
  const Ids ids{
      camera,
      ToString(office().floor(0)),
      ToString(office().unit(0)),
      office()
          .Column("SELECT run_id || '.' || sequence FROM clip WHERE camera_id = '" + camera +
                  "' LIMIT 1")
          .at(0),
      office().Column("SELECT id FROM run WHERE camera_id = '" + camera + "' LIMIT 1").at(0),
      HoldOf(world_->cameras[0])};
  for (const std::string& path : PathsWith(ids, At(0), At(60))) {
    const bool is_trail = path.starts_with("/v1/viewings") || path.starts_with("/v1/holds");
    EXPECT_EQ(served().Ask(path, token).status, is_trail ? 200 : 404) << path;
  }
}

TEST_F(AccessTest, OperationsSeeMetadataAndNoPicture) {
  const std::string token = TokenOf(office().operations());
  EXPECT_EQ(IdsIn("/v1/cameras", token).size(), 4U);
  const std::string camera = "/v1/cameras/" + ToString(world_->cameras[0]);
  EXPECT_EQ(served().Ask(camera + "/coverage" + Span(At(0), At(60)), token).status, 200);
  const Answer denied = served().Ask(camera + "/video.mp4" + Span(At(0), At(60)), token);
  EXPECT_EQ(denied.status, 403);
  EXPECT_EQ(denied.comparable(),
            served().Ask(camera + "/video.mp4" + Span(At(90'000), At(90'060)), token).comparable())
      << "the same at every instant";
  EXPECT_EQ(
      served()
          .Ask("/v1/clips" + Span(At(0), At(60)) + "&camera=" + ToString(world_->cameras[0]), token)
          .status,
      403);
}

}  // namespace
}  // namespace yagura::api
