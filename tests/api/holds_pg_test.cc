#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/api/access_world.h"

// Holds over the real listener: who may place, see and release which, and what is on record of it.
namespace yagura::api {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class HoldsTest : public AccessTest {
 protected:
  /// Of [from, to) seconds of the recording.
  static std::string BodyOf(CameraId camera, int from, int to, std::string review_at = {}) {
    if (review_at.empty()) review_at = FormatRfc3339(RealNow() + std::chrono::hours(24 * 30));
    return Json::Object({{"camera_id", ToString(camera)},
                         {"from", FormatRfc3339(At(from))},
                         {"to", FormatRfc3339(At(to))},
                         {"reason", "窃盗の届出"},
                         {"review_at", review_at}})
        .Dump();
  }
  static WallTime RealNow() { return std::chrono::floor<microseconds>(SystemClock().Now()); }
  static Answer Post(const std::string& path, PersonId person, const std::string& body) {
    return served().Ask(path, TokenOf(person), {}, "POST", body);
  }
  static Answer Place(PersonId person, CameraId camera, int from, int to) {
    return Post("/v1/holds", person, BodyOf(camera, from, to));
  }
  /// The id of the hold that was placed.
  static std::string Placed(PersonId person, CameraId camera, int from, int to) {
    const Answer answer = Place(person, camera, from, to);
    EXPECT_EQ(answer.status, 201) << answer.body;
    return Json::Parse(answer.body).value_or(Json()).Get("id").AsString().value_or("");
  }
  static Answer Release(PersonId person, const std::string& hold) {
    return Post("/v1/holds/" + hold + "/release", person, R"({"reason":"返却済み"})");
  }
  static std::string Ask(const std::string& sql) { return office().database().Ask(sql); }
  void SetUp() override {
    office().stored().Run("TRUNCATE hold");
    audited_ = Count("hold_placed") + Count("hold_released");
  }
  static int Count(const std::string& event) {
    return std::stoi(Ask("SELECT count(*) FROM audit_record WHERE event = '" + event + "'"));
  }
  int audited_ = 0;
};

TEST_F(HoldsTest, AHoldSaysWhatIsKeptWhyAndByWhom) {
  const Answer answer = Place(office().head(0), world_->cameras[0], 5, 25);
  ASSERT_EQ(answer.status, 201) << answer.body;
  const Json hold = Json::Parse(answer.body).value();
  EXPECT_EQ(hold.Get("camera_id").AsString(), ToString(world_->cameras[0]));
  EXPECT_EQ(hold.Get("department_id").AsString(), ToString(office().unit(0)));
  EXPECT_EQ(hold.Get("from").AsString(), FormatRfc3339(At(5)));
  EXPECT_EQ(hold.Get("to").AsString(), FormatRfc3339(At(25)));
  EXPECT_EQ(hold.Get("reason").AsString(), "窃盗の届出");
  EXPECT_EQ(hold.Get("person_id").AsString(), ToString(office().head(0)));
  EXPECT_EQ(hold.Get("person_name").AsString(), "canary person");
  EXPECT_THAT(hold.Get("gone").items(), IsEmpty());
  EXPECT_TRUE(hold.Get("release").is_null());
  const std::string token = TokenOf(office().head(0));
  const std::string id = *hold.Get("id").AsString();
  EXPECT_EQ(Get("/v1/holds/" + id, token).Dump(), hold.Dump());
  EXPECT_EQ(Get("/v1/holds", token).Get("items").items().at(0).Dump(), hold.Dump());
}

TEST_F(HoldsTest, SaysWhatWasGoneAlready) {
  const std::string at = "'" + FormatRfc3339(At(5)) + "'";
  office().stored().Run(
      "UPDATE clip SET expiring_since = now(), expiring_rule = 'age' WHERE "
      "camera_id = '" +
      ToString(world_->cameras[2]) + "' AND start_at <= " + at + " AND end_at > " + at);
  const Answer answer = Place(office().head(2), world_->cameras[2], 5, 130);
  office().stored().Run("UPDATE clip SET expiring_since = NULL, expiring_rule = NULL");
  ASSERT_EQ(answer.status, 201) << answer.body;
  const auto gone = Json::Parse(answer.body).value().Get("gone").items();
  ASSERT_EQ(gone.size(), 1U);
  EXPECT_EQ(gone[0].Get("from").AsString(), FormatRfc3339(At(5)));
  EXPECT_LT(*ParseRfc3339(*gone[0].Get("to").AsString()), At(130));
}

TEST_F(HoldsTest, EachHoldsFootageOfOnesOwnTimeAndNoOther) {
  const CameraId moved = world_->moved;  // from department 0 to 1 at 60 s
  EXPECT_EQ(Place(office().head(0), moved, 10, 60).status, 201);
  EXPECT_EQ(Place(office().head(1), moved, 60, 70).status, 201);
  EXPECT_EQ(Place(office().crisis_desk(), moved, 10, 60).status, 201);
  EXPECT_EQ(Place(world_->auditor, moved, 60, 70).status, 201);
  EXPECT_EQ(Place(office().head(0), moved, 60, 70).status, 404);
  EXPECT_EQ(Place(office().head(1), moved, 10, 60).status, 404);
  for (const PersonId person : {office().head(0), office().head(1), office().crisis_desk()})
    EXPECT_EQ(Place(person, moved, 59, 61).status, 400) << "one of each charge";
  EXPECT_EQ(Ask("SELECT count(*) FROM hold"), "4");
  EXPECT_EQ(Count("hold_placed") + Count("hold_released") - audited_, 4);
}

TEST_F(HoldsTest, AForeignCameraIsAnUnknownOne) {
  const std::string unknown = Place(office().head(0), NewId<CameraId>(), 5, 25).comparable();
  EXPECT_THAT(unknown, HasSubstr(" 404 "));
  EXPECT_EQ(Place(office().head(0), world_->cameras[1], 5, 25).comparable(), unknown);
  EXPECT_EQ(Place(office().operations(), world_->cameras[0], 5, 25).comparable(), unknown);
  EXPECT_EQ(Place(world_->administrator, world_->cameras[0], 5, 25).comparable(), unknown);
  EXPECT_EQ(Place(office().head(0), CameraId(), 5, 25).comparable(), unknown);
  const std::string foreign = Placed(office().head(1), world_->cameras[1], 5, 25);
  const std::string no_hold = ToString(NewId<Id<struct HoldTag>>());
  for (const std::string rest : {"", "/release"}) {
    const auto ask = [&](const std::string& id) {
      return rest.empty() ? served().Ask("/v1/holds/" + id, TokenOf(office().head(0))).comparable()
                          : Release(office().head(0), id).comparable();
    };
    EXPECT_EQ(ask(foreign), ask(no_hold));
    EXPECT_THAT(ask(foreign), HasSubstr(" 404 "));
  }
}

TEST_F(HoldsTest, TwoPeopleLetAHoldGo) {
  const std::string hold = Placed(office().head(0), world_->cameras[0], 5, 25);
  EXPECT_EQ(Release(office().head(0), hold).status, 409) << "placed by the same person";
  EXPECT_EQ(Release(world_->auditor, hold).status, 403);
  EXPECT_EQ(Ask("SELECT count(*) FROM hold WHERE released_at IS NULL"), "1");
  const Answer released = Release(office().crisis_desk(), hold);
  ASSERT_EQ(released.status, 200) << released.body;
  const Json release = Json::Parse(released.body).value().Get("release");
  EXPECT_EQ(release.Get("person_id").AsString(), ToString(office().crisis_desk()));
  EXPECT_EQ(release.Get("reason").AsString(), "返却済み");
  EXPECT_EQ(Release(office().crisis_desk(), hold).status, 409) << "once";
  EXPECT_EQ(Count("hold_placed") + Count("hold_released") - audited_, 2);
  EXPECT_EQ(Ask("SELECT (body::jsonb ->> 'hold') = '" + hold + "', body::jsonb ->> 'person' = '" +
                ToString(office().crisis_desk()) +
                "', body LIKE '%返却%' FROM audit_record WHERE event = 'hold_released' ORDER BY at "
                "DESC LIMIT 1"),
            "t|t|f");
}

TEST_F(HoldsTest, AHeadReleasesWhatTheCrisisDeskOrAnAuditorPlaced) {
  for (const PersonId placer : {office().crisis_desk(), world_->auditor}) {
    const std::string hold = Placed(placer, world_->cameras[0], 5, 25);
    EXPECT_EQ(Release(office().head(1), hold).status, 404);
    EXPECT_EQ(Release(office().head(0), hold).status, 200);
  }
}

TEST_F(HoldsTest, ListsWhatOneMayKnowOfInPages) {
  std::vector<std::string> own;
  for (int i = 0; i < 5; ++i) own.push_back(Placed(office().head(0), world_->cameras[0], i, 25));
  const std::string other = Placed(office().head(1), world_->cameras[1], 5, 25);
  EXPECT_EQ(IdsIn("/v1/holds", TokenOf(office().head(0))), own);
  EXPECT_THAT(IdsIn("/v1/holds", TokenOf(office().head(1))), ElementsAre(other));
  EXPECT_EQ(IdsIn("/v1/holds", TokenOf(world_->auditor)).size(), 6U);
  EXPECT_THAT(
      IdsIn("/v1/holds?camera=" + ToString(world_->cameras[1]), TokenOf(office().crisis_desk())),
      ElementsAre(other));
  EXPECT_EQ(served().Ask("/v1/holds", TokenOf(office().operations())).status, 403);
  const std::string token = TokenOf(office().head(0));
  std::vector<std::string> joined;
  for (std::string cursor;;) {
    const Json page = Get("/v1/holds?limit=2" + cursor, token);
    for (const Json& item : page.Get("items").items()) joined.push_back(*item.Get("id").AsString());
    if (page.Get("next_cursor").is_null()) break;
    cursor = "&cursor=" + *page.Get("next_cursor").AsString();
  }
  EXPECT_EQ(joined, own);
  for (const char* cursor : {"x", "1.", "1.x", "1", "99999999999999999999.x"})
    EXPECT_EQ(served().Ask(std::string("/v1/holds?cursor=") + cursor, token).status, 400);
}

TEST_F(HoldsTest, RefusesWhatIsNoHold) {
  const PersonId head = office().head(0);
  const CameraId camera = world_->cameras[0];
  const std::string good = BodyOf(camera, 5, 25);
  const auto with = [&](const std::string& member, const Json& value) {
    Json body = Json::Parse(good).value();
    return body.Set(member, value).Dump();
  };
  const WallTime now = RealNow();
  using std::chrono::hours;
  const std::vector<std::string> bodies = {"",
                                           "[]",
                                           "{}",
                                           "x",
                                           with("camera_id", 7),
                                           with("from", "yesterday"),
                                           with("to", FormatRfc3339(At(5))),
                                           with("from", FormatRfc3339(At(25) - hours(24 * 31 + 1))),
                                           with("to", FormatRfc3339(now + hours(1))),
                                           with("reason", ""),
                                           with("reason", " \n"),
                                           with("reason", std::string(1001, 'x')),
                                           with("reason", 1),
                                           with("reason", std::string(1, '\0')),
                                           with("review_at", FormatRfc3339(now - hours(1))),
                                           with("review_at", FormatRfc3339(now + hours(24 * 367))),
                                           with("unit_id", "x")};
  for (const std::string& body : bodies)
    EXPECT_EQ(Post("/v1/holds", head, body).status, 400) << body;
  const std::string hold = Placed(office().crisis_desk(), camera, 5, 25);
  for (const char* body : {"", "{}", R"({"reason":""})", R"({"reason":"x","by":"y"})"})
    EXPECT_EQ(Post("/v1/holds/" + hold + "/release", head, body).status, 400) << body;
  EXPECT_EQ(Ask("SELECT count(*), count(released_at) FROM hold"), "1|0");
}

/// What the first line might miss: the functions check for themselves whose footage it is.
TEST_F(HoldsTest, ForNobodyWithoutASessionIsThereAHold) {
  (void)Placed(office().head(0), world_->cameras[0], 5, 25);
  auto& database = office().database();
  for (const char* relation : {"hold", "seen_hold"}) {
    EXPECT_EQ(database.Ask(std::string("SELECT count(*) FROM ") + relation, "yagura_api"), "0");
  }
  EXPECT_THAT(database.Ask("UPDATE hold SET reason = ''", "yagura_api"),
              HasSubstr("permission denied"));
  EXPECT_THAT(database.Ask("DELETE FROM hold", "yagura_api"), HasSubstr("permission denied"));
  EXPECT_THAT(database.Ask("SELECT hold_release((SELECT gen_random_uuid()), 'x', "
                           "ARRAY[gen_random_uuid()], '', '', 1)",
                           "yagura_api"),
              Not(HasSubstr("released")));
}

}  // namespace
}  // namespace yagura::api
