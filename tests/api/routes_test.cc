#include "api/routes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "access_control/facts_pg.h"
#include "access_control/password_queue.h"
#include "api/error_to_http.h"
#include "api/media/media_routes.h"
#include "api/router.h"
#include "api/service.h"
#include "tests/api/openapi_lines.h"
#include "tests/support/fake_clock.h"

// The table of routes against the API's description and the table of decisions; nothing here
// reaches a database.
namespace yagura::api {
namespace {

using access_control::Action;
using ::testing::ElementsAre;

/// Everything that routes are built of, over a database that is nowhere.
class RoutesTest : public ::testing::Test {
 protected:
  static pg::ConnectOptions Nowhere() {
    pg::ConnectOptions options;
    options.host = "/nonexistent";
    return options;
  }
  std::vector<Route> AllRoutes() {
    auto routes = RestRoutes({gate_, sign_in_, sessions_, clock_});
    const auto media =
        MediaRoutes({gate_, viewings_, folder_, live_, decoder_, stored_picture_turns_,
                     activity_turns_, thumbnail_decoder_, thumbnails_, transcoders_, clock_});
    routes.insert(routes.end(), media.begin(), media.end());
    return routes;
  }
  Response Ask(const Router& router, std::string method, std::string target) {
    Request request;
    request.method = std::move(method);
    request.target = std::move(target);
    return router.Handle(request);
  }

  yagura::testing::FakeClock clock_;
  pg::Pool pool_{Nowhere(), 1};
  access_control::FactsSource facts_{pool_};
  access_control::Gate gate_{pool_, facts_, clock_};
  access_control::PasswordQueue passwords_;
  access_control::SignIn sign_in_{pool_, passwords_};
  SessionTransport sessions_{"https://office.example"};
  ClipFolder folder_{*OfficeCalendar::Load("Asia/Tokyo")};
  Viewings viewings_{gate_, clock_};
  pictures::PictureDecoder decoder_{{.program = {}, .workers = 0}};
  Turns stored_picture_turns_{clock_};
  Turns activity_turns_{clock_};
  pictures::PictureDecoder thumbnail_decoder_{{.program = {}, .workers = 0}};
  ThumbnailCache thumbnails_{clock_};
  Transcoders transcoders_{{}, clock_};
  LiveHub live_{{.socket_path = "/nowhere/live.socket"}, {gate_, viewings_, transcoders_, clock_}};
  Router rest_{RestRoutes({gate_, sign_in_, sessions_, clock_}), gate_, sessions_};
};

std::string KeyOf(const Route& route) {
  return std::string(ToString(route.method())) + " " + route.pattern();
}

std::map<std::string, std::string> ActionsWithout(const Route& route) {
  const Guard* const guard = route.guard();
  if (guard == nullptr || !guard->without()) return {};
  return {{guard->without()->parameter, std::string(ToString(guard->without()->action))}};
}

TEST_F(RoutesTest, AreTheOperationsOfTheDescription) {
  std::map<std::string, DescribedOperation> routes;
  for (const Route& route : AllRoutes()) {
    routes[KeyOf(route)] = {std::string(ToString(route.action())),
                            ActionsWithout(route),
                            {route.query().begin(), route.query().end()},
                            {}};
  }
  const auto operations = ReadOperations(OpenApiYaml());
  for (const auto& [key, route] : routes) {
    ASSERT_TRUE(operations.contains(key)) << key << " is not described";
    EXPECT_EQ(operations.at(key).action, route.action) << key;
    EXPECT_EQ(operations.at(key).action_without, route.action_without) << key;
    EXPECT_EQ(operations.at(key).query, route.query) << key;
  }
  EXPECT_EQ(operations.size(), routes.size()) << "something is described that is no route";
}

TEST_F(RoutesTest, ActionsAreThoseOfTheDecisionTable) {
  std::set<std::string> of_routes;
  for (const Route& route : AllRoutes()) of_routes.emplace(ToString(route.action()));
  std::set<std::string> of_table;
  std::ifstream table(YAGURA_SOURCE_DIR "/access_control/decision_table.csv");
  std::string row;
  std::getline(table, row);  // names of columns
  while (std::getline(table, row)) {
    if (!row.empty() && row.front() != '#') of_table.insert(row.substr(0, row.find(',')));
  }
  EXPECT_EQ(of_routes, of_table);
  EXPECT_EQ(of_routes.size(), access_control::kAllActions.size());
}

TEST_F(RoutesTest, OnlyTheseAreOpenToEveryone) {
  std::set<std::string> open;
  for (const Route& route : AllRoutes()) {
    if (route.is_open()) open.insert(KeyOf(route));
  }
  EXPECT_THAT(
      open, ElementsAre("GET /healthz", "GET /readyz", "GET /v1/openapi.yaml", "POST /v1/session"));
}

TEST_F(RoutesTest, AnOpenRouteOfAGuardedActionStaysShut) {
  const Router router({{Method::kGet,
                        "/v1/cameras",
                        OpenToEveryone(Action::kCameraList),
                        {},
                        [](const Call&) -> Result<Response> { return Response{}; }}},
                      gate_, sessions_);
  EXPECT_EQ(Ask(router, "GET", "/v1/cameras").status, 401);
}

TEST_F(RoutesTest, WithoutADatabaseOnlyHealthAndDescriptionAnswer) {
  EXPECT_EQ(Ask(rest_, "GET", "/healthz").status, 200);
  EXPECT_EQ(Ask(rest_, "GET", "/v1/openapi.yaml").status, 200);
  for (const char* path : {"/readyz", "/v1/session", "/v1/cameras", "/v1/cameras/x"}) {
    const Response response = Ask(rest_, "GET", path);
    EXPECT_EQ(response.status, 503) << path;
    EXPECT_TRUE(response.headers.Find("Retry-After")) << path;
  }
}

TEST_F(RoutesTest, OtherMethodsAreRefusedWithThoseThatThereAre) {
  const Response response = Ask(rest_, "PUT", "/v1/session");
  EXPECT_EQ(response.status, 405);
  EXPECT_EQ(response.headers.Find("Allow"), "DELETE, GET, HEAD, POST, OPTIONS");
  const Response options = Ask(rest_, "OPTIONS", "/v1/cameras");
  EXPECT_EQ(options.status, 204);
  EXPECT_EQ(options.headers.Find("Allow"), "GET, HEAD, OPTIONS");
  EXPECT_EQ(Ask(rest_, "get", "/healthz").status, 405) << "methods are case-sensitive";
}

TEST_F(RoutesTest, UnknownPathsAreNotFound) {
  for (const char* path :
       {"/v1", "/v1/cameras/a/b", "/V1/cameras", "/v2/cameras", "/v1/cameras/a/video.mp4x"}) {
    EXPECT_EQ(Ask(rest_, "GET", path).status, 404) << path;
  }
  EXPECT_EQ(Ask(rest_, "GET", "/v1/cameras/").status, 400);
  EXPECT_EQ(Ask(rest_, "GET", "/v1/cameras?nonsense=1").status, 400);
  EXPECT_EQ(Ask(rest_, "GET", "/healthz?floor=1").status, 400);
}

TEST_F(RoutesTest, ARequestsIdIsInItsHeaderAlone) {
  const Response response = Ask(rest_, "GET", "/v1/nothing");
  const auto id = response.headers.Find("X-Request-Id");
  ASSERT_TRUE(id);
  EXPECT_EQ(std::get<std::string>(response.body).find(*id), std::string::npos);
  EXPECT_EQ(response.headers.Find("Cache-Control"), "no-store");
  EXPECT_NE(Ask(rest_, "GET", "/v1/nothing").headers.Find("X-Request-Id"), id);
}

TEST_F(RoutesTest, EveryErrorCodeIsDescribed) {
  const auto described = ReadProblemCodes(OpenApiYaml());
  for (int code = 0; code <= static_cast<int>(ErrorCode::kInternal); ++code) {
    const Problem problem = ToProblem(Error(static_cast<ErrorCode>(code), "x"));
    EXPECT_TRUE(described.contains(problem.code)) << problem.code;
  }
}

TEST_F(RoutesTest, TwoRoutesOfOneKindAreABrokenInvariant) {
  const auto route = [] {
    return Route(Method::kGet, "/a", OpenToEveryone(Action::kServiceRead), {},
                 [](const Call&) -> Result<Response> { return Response{}; });
  };
  ::testing::FLAGS_gtest_death_test_style = "threadsafe";  // this program has threads
  EXPECT_DEATH((void)Router({route(), route()}, gate_, sessions_), "second");
}

}  // namespace
}  // namespace yagura::api
