#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "access_control/password_sodium.h"
#include "api/media/media_routes.h"
#include "api/routes.h"
#include "api/server_rest.h"
#include "api/service.h"
#include "core/json.h"
#include "tests/api/openapi_lines.h"
#include "tests/api/served_office.h"

// Who gets what over the real listeners: every route, asked by everybody.
namespace yagura::api {
namespace {

using access_control::Post;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

struct World {
  World() {
    const VideoLoop loop =
        MakeVideoLoop({.fps = 5, .seconds = 2, .gop_frames = 10, .size = "160x90"});
    for (int n = 0; n < 3; ++n) cameras.push_back(office.AddCamera(n, loop));
    moved = office.AddCamera(0, loop);
    moved_at = office.begun() + seconds(60);
    office.ChangeCharge(moved, 1, moved_at);
    auditor = office.office().AddHolder(Post::kAuditor, office.controller());
    office.Record(seconds(70));
    office.Interrupt(cameras[0], seconds(10));
    office.Record(seconds(65));
    office.Store();
    served = std::make_unique<ServedOffice>(office.database().ConnectAs("yagura_api"),
                                            office.database().ConnectAs("yagura_media"),
                                            office.calendar());
  }
  RecordedOffice office;
  std::vector<CameraId> cameras;  // of department 0, 1, 2
  CameraId moved;                 // from department 0 to 1
  WallTime moved_at;
  PersonId auditor;
  std::unique_ptr<ServedOffice> served;
};

class AccessTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (!world_) world_ = new World();
  }
  static RecordedOffice& office() { return world_->office; }
  static ServedOffice& served() { return *world_->served; }
  static std::string TokenOf(PersonId person) {
    return office().stored().StartSession(person).token;
  }
  static WallTime At(int second) { return office().begun() + seconds(second); }
  static Json Get(const std::string& path, const std::string& token) {
    const Answer answer = served().Ask(path, token);
    EXPECT_EQ(answer.status, 200) << path << " " << answer.body;
    return Json::Parse(answer.body).value_or(Json());
  }
  static std::vector<std::string> IdsIn(const std::string& path, const std::string& token) {
    std::vector<std::string> ids;
    for (const Json& item : Get(path, token).Get("items").items())
      ids.push_back(*item.Get("id").AsString());
    return ids;
  }
  static World* world_;
};
World* AccessTest::world_ = nullptr;

/// What stands in the places of ids.
struct Ids {
  std::string camera;
  std::string floor;
  std::string department;
  std::string clip;
  std::string run;
};

/// Every operation of the description that takes an id, with these ids. A new route is met here as
/// soon as it is described.
std::vector<std::string> PathsWith(const Ids& ids, WallTime from, WallTime to) {
  std::vector<std::string> paths;
  for (const auto& [key, operation] : ReadOperations(OpenApiYaml())) {
    std::string path = key.substr(key.find(' ') + 1);
    const std::string span =
        operation.query.contains("from") && key != "GET /v1/cameras" ? Span(from, to) : "";
    const std::size_t place = path.find("{id}");
    if (place != std::string::npos) {
      const std::string& id = path.find("/clips/") != std::string::npos  ? ids.clip
                              : path.find("/runs/") != std::string::npos ? ids.run
                                                                         : ids.camera;
      paths.push_back(path.replace(place, 4, id) + span);
      continue;
    }
    const std::pair<const char*, const std::string*> filters[] = {
        {"camera", &ids.camera}, {"floor", &ids.floor}, {"department", &ids.department}};
    for (const auto& [name, id] : filters) {
      if (operation.query.contains(name))
        paths.push_back(path + (span.empty() ? "?" : span + "&") + name + "=" + *id);
    }
  }
  return paths;
}

TEST_F(AccessTest, AForeignIdIsAnUnknownOneByteForByteOnEveryRoute) {
  const std::string head = TokenOf(office().head(1));
  const std::string camera = ToString(world_->cameras[0]);
  const Ids foreign{
      camera, ToString(office().floor(2)), ToString(office().unit(0)),
      office()
          .Column("SELECT run_id || '.' || sequence FROM clip WHERE camera_id = '" + camera +
                  "' LIMIT 1")
          .at(0),
      office().Column("SELECT id FROM run WHERE camera_id = '" + camera + "' LIMIT 1").at(0)};
  const std::string nothing = ToString(NewId<CameraId>());
  const auto theirs = PathsWith(foreign, At(0), At(60));
  const auto unknown =
      PathsWith({nothing, nothing, nothing, nothing + ".0", nothing}, At(0), At(60));
  const auto malformed = PathsWith({"x", "x", "x", "x", "x"}, At(0), At(60));
  ASSERT_EQ(theirs.size(), 10U) << "routes with an id: look whether the new one is met";
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
      camera, ToString(office().floor(0)), ToString(office().unit(0)),
      office()
          .Column("SELECT run_id || '.' || sequence FROM clip WHERE camera_id = '" + camera +
                  "' LIMIT 1")
          .at(0),
      office().Column("SELECT id FROM run WHERE camera_id = '" + camera + "' LIMIT 1").at(0)};
  for (const std::string& path : PathsWith(own, At(0), At(60)))
    EXPECT_EQ(served().Ask(path, head).status, 200) << path;
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

TEST_F(AccessTest, AnEmptyPostGetsNothing) {
  const std::string token = TokenOf(world_->auditor);
  EXPECT_TRUE(IdsIn("/v1/cameras", token).empty());
  const std::string camera = ToString(world_->cameras[0]);
  const Ids ids{
      camera, ToString(office().floor(0)), ToString(office().unit(0)),
      office()
          .Column("SELECT run_id || '.' || sequence FROM clip WHERE camera_id = '" + camera +
                  "' LIMIT 1")
          .at(0),
      office().Column("SELECT id FROM run WHERE camera_id = '" + camera + "' LIMIT 1").at(0)};
  for (const std::string& path : PathsWith(ids, At(0), At(60)))
    EXPECT_EQ(served().Ask(path, token).status, 404) << path;
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

TEST_F(AccessTest, ListsShowWhatIsInCharge) {
  const std::string head0 = TokenOf(office().head(0));
  const std::string head1 = TokenOf(office().head(1));
  const std::string moved = ToString(world_->moved);
  EXPECT_THAT(IdsIn("/v1/cameras", head0), ElementsAre(ToString(world_->cameras[0])));
  EXPECT_THAT(IdsIn("/v1/cameras", head1),
              ::testing::UnorderedElementsAre(ToString(world_->cameras[1]), moved));
  EXPECT_EQ(IdsIn("/v1/cameras", TokenOf(office().crisis_desk())).size(), 4U);
  EXPECT_THAT(IdsIn("/v1/cameras" + Span(At(0), At(10)), head0),
              ::testing::UnorderedElementsAre(ToString(world_->cameras[0]), moved));
  EXPECT_THAT(IdsIn("/v1/cameras?floor=" + ToString(office().floor(1)), head1),
              ElementsAre(ToString(world_->cameras[1])));
  EXPECT_EQ(
      IdsIn("/v1/cameras?department=" + ToString(office().unit(1)) + "&state=in_service", head1)
          .size(),
      2U);
  EXPECT_TRUE(IdsIn("/v1/cameras?state=retired", head1).empty());
  EXPECT_EQ(served().Ask("/v1/cameras?state=nonsense", head1).status, 400);
  EXPECT_THAT(IdsIn("/v1/cameras?q=" + moved.substr(0, 8), head1), ElementsAre(moved))
      << "codes of the test office are its ids";
  EXPECT_EQ(served()
                .Ask("/v1/cameras?floor=" + ToString(office().floor(1)) +
                         "&department=" + ToString(office().unit(0)),
                     head1)
                .status,
            404)
      << "a foreign id behind one's own";
}

TEST_F(AccessTest, PagesJoinToTheWholeList) {
  const std::string token = TokenOf(office().crisis_desk());
  for (const std::string& list :
       {std::string("/v1/cameras?"),
        "/v1/clips" + Span(At(0), At(200)) + "&floor=" + ToString(office().floor(0)) + "&"}) {
    const auto whole = IdsIn(list + "limit=1000", token);
    EXPECT_GT(whole.size(), 3U);
    std::vector<std::string> joined;
    std::string cursor;
    for (;;) {
      const Json page = Get(list + "limit=2" + cursor, token);
      for (const Json& item : page.Get("items").items())
        joined.push_back(*item.Get("id").AsString());
      if (page.Get("next_cursor").is_null()) break;
      cursor = "&cursor=" + *page.Get("next_cursor").AsString();
    }
    EXPECT_EQ(joined, whole);
  }
  EXPECT_EQ(served().Ask("/v1/cameras?limit=1001", token).status, 400);
  EXPECT_EQ(served().Ask("/v1/cameras?limit=0", token).status, 400);
  EXPECT_EQ(served()
                .Ask("/v1/clips" + Span(At(0), At(9)) + "&camera=" + ToString(world_->cameras[0]) +
                         "&cursor=x",
                     token)
                .status,
            400);
}

TEST_F(AccessTest, ClipsOverlapTheRangeAndAreOfTheirFloor) {
  const std::string token = TokenOf(office().head(0));
  const Json clips =
      Get("/v1/clips" + Span(At(20), At(21)) + "&camera=" + ToString(world_->cameras[0]), token)
          .Get("items");
  ASSERT_EQ(clips.size(), 1U);
  const Json clip = clips.items().front();
  EXPECT_EQ(clip.Get("camera_id").AsString(), ToString(world_->cameras[0]));
  EXPECT_EQ(clip.Get("floor_id").AsString(), ToString(office().floor(0)));
  EXPECT_LE(*ParseRfc3339(*clip.Get("start").AsString()), At(20));
  EXPECT_GT(*ParseRfc3339(*clip.Get("end").AsString()), At(21));
  EXPECT_EQ(clip.Get("sha256").AsString()->size(), 64U);
  const auto on_floor =
      IdsIn("/v1/clips" + Span(At(0), At(50)) + "&floor=" + ToString(office().floor(0)), token);
  EXPECT_EQ(on_floor.size(), 2U) << "the moved camera's footage of then too";
  EXPECT_EQ(served().Ask("/v1/clips" + Span(At(0), At(50)), token).status, 400)
      << "neither camera nor floor";
}

TEST_F(AccessTest, CoverageTellsRecordedGapAndNothingElse) {
  const std::string path =
      "/v1/cameras/" + ToString(world_->cameras[0]) + "/coverage" + Span(At(60), At(100));
  const auto items = Get(path, TokenOf(office().head(0))).Get("items").items();
  std::string told;
  for (const Json& item : items)
    told += *item.Get("kind").AsString() +
            (item.Has("reason") ? ":" + *item.Get("reason").AsString() : "") + " ";
  EXPECT_EQ(told, "recorded gap:camera_unreachable recorded ");
  EXPECT_EQ(items.front().Get("start").AsString(), FormatRfc3339(At(60)));
  EXPECT_EQ(items.back().Get("end").AsString(), FormatRfc3339(At(100)));
  const std::string moved =
      "/v1/cameras/" + ToString(world_->moved) + "/coverage" + Span(At(30), At(90));
  const auto pieces = [&](PersonId person) {
    std::string kinds;
    for (const Json& item : Get(moved, TokenOf(person)).Get("items").items())
      kinds += *item.Get("kind").AsString() + " ";
    return kinds;
  };
  EXPECT_EQ(pieces(office().head(0)), "recorded no_footage ");
  EXPECT_EQ(pieces(office().head(1)), "no_footage recorded ");
  EXPECT_EQ(pieces(office().crisis_desk()), "recorded ");
}

class SignInTest : public AccessTest {
 protected:
  SignInTest() {
    const auto hash =
        access_control::HashPassword("correct horse", access_control::PasswordCost::kLeast);
    const std::string id = ToString(office().head(2));
    office().stored().Run("UPDATE person SET username = 'head2', password_hash = '" + *hash +
                          "' WHERE id = '" + id + "'");
  }
  static Answer SignIn(const std::string& body, const std::vector<std::string>& fields = {}) {
    return served().Ask("/v1/session", {}, fields, "POST", body);
  }
};

TEST_F(SignInTest, GivesATokenThatOpensAndCloses) {
  const Answer answer = SignIn(R"({"username":"head2","password":"correct horse"})");
  ASSERT_EQ(answer.status, 201) << answer.body;
  EXPECT_EQ(answer.field("Set-Cookie"), "");
  const std::string token = *Json::Parse(answer.body)->Get("token").AsString();
  const Json me = Get("/v1/session", token);
  EXPECT_EQ(me.Get("username").AsString(), "head2");
  EXPECT_EQ(me.Get("posts").items().at(0).Get("post").AsString(), "department_head");
  EXPECT_EQ(served().Ask("/v1/session", token, {}, "DELETE").status, 204);
  EXPECT_EQ(served().Ask("/v1/session", token).status, 401);
}

TEST_F(SignInTest, GivesACookieInsteadOfAToken) {
  const Answer answer = SignIn(R"({"username":"head2","password":"correct horse","cookie":true})");
  ASSERT_EQ(answer.status, 201) << answer.body;
  EXPECT_THAT(answer.body, Not(HasSubstr("token")));
  const std::string set = answer.field("Set-Cookie");
  EXPECT_THAT(set, HasSubstr("; Secure; HttpOnly; SameSite=Strict"));
  const std::string cookie = "Cookie: " + set.substr(0, set.find(';'));
  EXPECT_EQ(served().Ask("/v1/session", {}, {cookie}).status, 200);
  EXPECT_EQ(served().Ask("/v1/session", {}, {cookie}, "DELETE").status, 403) << "no origin";
  EXPECT_EQ(
      served().Ask("/v1/session", {}, {cookie, "Origin: https://evil.example"}, "DELETE").status,
      403);
  EXPECT_EQ(
      served().Ask("/v1/session", {}, {cookie, "Origin: https://office.example"}, "DELETE").status,
      204);
  EXPECT_EQ(served().Ask("/v1/session", {}, {cookie}).status, 401);
}

TEST_F(SignInTest, RefusesWhatIsWrongWithoutSayingWhich) {
  const Answer wrong = SignIn(R"({"username":"head2","password":"wrong horse"})");
  const Answer nobody = SignIn(R"({"username":"nobody","password":"wrong horse"})");
  EXPECT_EQ(wrong.status, 401);
  EXPECT_EQ(wrong.comparable(), nobody.comparable());
  for (const char* const body :
       {"", "{", "[]", R"({"username":"head2"})", R"({"username":1,"password":"x"})",
        R"({"username":"a","password":"b","x":1})",
        R"({"username":"a","username":"b","password":"b"})",
        R"({"username":"a","password":"b","cookie":"yes"})",
        R"({"username":"a","password":"b","otp":"123456"})"}) {
    EXPECT_EQ(SignIn(body).status, 400) << body;
  }
  EXPECT_EQ(
      SignIn(R"({"username":"head2","password":"correct horse"})", {"Origin: https://evil.example"})
          .status,
      403);
}

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

int main(int argc, char** argv) {
  yagura::api::PrepareRestThreads(2);
  testing::InitGoogleMock(&argc, argv);
  return RUN_ALL_TESTS();
}
