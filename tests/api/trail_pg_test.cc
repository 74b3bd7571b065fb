#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/api/access_world.h"

// Who may know who looked at what, over the real listeners.
namespace yagura::api {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class TrailTest : public AccessTest {
 protected:
  TrailTest() {
    Look(office().head(0), world_->cameras[0], 5);
    Look(office().crisis_desk(), world_->cameras[2], 5);
    Look(office().crisis_desk(), world_->moved, 20);  // while it was department 0's
    Look(office().crisis_desk(), world_->moved, 90);  // while it is department 1's
  }
  /// Somebody fetches 5 s of a camera, from `second` on.
  static void Look(PersonId person, CameraId camera, int second) {
    const Answer answer = served().Ask(VideoPath(camera, second, second + 5), TokenOf(person));
    EXPECT_EQ(answer.status, 200) << answer.body.substr(0, 200);
  }
  static std::string VideoPath(CameraId camera, int from, int to) {
    return "/v1/cameras/" + ToString(camera) + "/video.mp4" + Span(At(from), At(to));
  }
  std::string Lately() const { return Span(before_, RealNow() + seconds(5)); }
  static WallTime RealNow() { return std::chrono::floor<microseconds>(SystemClock().Now()); }

  /// "camera person" of each viewing in the list that `person` gets.
  std::vector<std::string> Seen(PersonId person, const std::string& filter = "") {
    std::vector<std::string> seen;
    for (const Json& item :
         Get("/v1/viewings" + Lately() + filter, TokenOf(person)).Get("items").items()) {
      seen.push_back(*item.Get("camera_id").AsString() + " " + *item.Get("person_id").AsString());
    }
    return seen;
  }
  static std::string By(PersonId person, CameraId camera) {
    return ToString(camera) + " " + ToString(person);
  }

  const WallTime before_ = RealNow();
};

TEST_F(TrailTest, EachLearnsOfViewingsOfOwnFootageAndOfNoOther) {
  const PersonId crisis = office().crisis_desk();
  const std::string own = By(office().head(0), world_->cameras[0]);
  const std::string moved = By(crisis, world_->moved);
  EXPECT_THAT(Seen(office().head(0)), ElementsAre(own, moved)) << "of then";
  EXPECT_THAT(Seen(office().head(1)), ElementsAre(moved)) << "of now";
  EXPECT_THAT(Seen(office().head(2)), ElementsAre(By(crisis, world_->cameras[2])));
  EXPECT_EQ(Seen(crisis).size(), 4U);
  EXPECT_EQ(Seen(world_->auditor).size(), 4U);
  EXPECT_THAT(Seen(world_->auditor, "&camera=" + ToString(world_->cameras[0])), ElementsAre(own));
  for (const PersonId person : {office().operations()}) {
    EXPECT_EQ(served().Ask("/v1/viewings" + Lately(), TokenOf(person)).status, 403);
    EXPECT_EQ(served().Ask("/v1/audit" + Lately(), TokenOf(person)).status, 403);
  }
  for (const int n : {0, 1, 2})
    EXPECT_EQ(served().Ask("/v1/audit" + Lately(), TokenOf(office().head(n))).status, 403);
}

TEST_F(TrailTest, AViewingSaysWhoWhenByWhichPostAndWhatWentOut) {
  const std::string path = "/v1/viewings" + Lately() + "&camera=" + ToString(world_->moved);
  const auto items = Get(path, TokenOf(office().head(0))).Get("items").items();
  ASSERT_EQ(items.size(), 1U);
  const Json& viewing = items.front();
  EXPECT_EQ(viewing.Get("person_name").AsString(), "canary person");
  EXPECT_EQ(viewing.Get("post").AsString(), "crisis_management");
  EXPECT_TRUE(viewing.Get("department_id").is_null()) << "a head may not know of that department";
  EXPECT_EQ(viewing.Get("action").AsString(), "footage.download");
  EXPECT_LE(*ParseRfc3339(*viewing.Get("from").AsString()), At(20));
  EXPECT_GE(*ParseRfc3339(*viewing.Get("to").AsString()), At(25));
  EXPECT_GE(*ParseRfc3339(*viewing.Get("opened_at").AsString()), before_);
  const auto of_auditor = Get(path, TokenOf(world_->auditor)).Get("items").items();
  EXPECT_FALSE(of_auditor.front().Get("department_id").is_null());
}

TEST_F(TrailTest, ForNobodyWithoutASessionIsThereARow) {
  for (const char* view : {"seen_viewing", "seen_viewing_delivery", "seen_audit_record"}) {
    EXPECT_EQ(office().database().Ask(std::string("SELECT count(*) FROM ") + view, "yagura_api"),
              "0")
        << view;
  }
}

TEST_F(TrailTest, AnAuditorReadsTheLogAndThatIsInIt) {
  const std::string token = TokenOf(world_->auditor);
  const std::string path = "/v1/audit" + Lately();
  const auto opened = Get(path + "&event=viewing_opened", token).Get("items").items();
  ASSERT_EQ(opened.size(), 4U);
  EXPECT_EQ(opened[0].Get("writer").AsString(), "yagura_media");
  EXPECT_EQ(opened[0].Get("body").Get("person").AsString(), ToString(office().head(0)));
  EXPECT_EQ(opened[2].Get("body").Get("unit").AsString(), ToString(office().unit(0)));
  EXPECT_EQ(opened[3].Get("body").Get("unit").AsString(), ToString(office().unit(1)));
  const auto read = Get(path + "&event=trail_read", token).Get("items").items();
  ASSERT_EQ(read.size(), 1U) << "the one before this";
  EXPECT_EQ(read[0].Get("body").Get("person").AsString(), ToString(world_->auditor));
  EXPECT_EQ(read[0].Get("body").Get("action").AsString(), "audit.read");
  EXPECT_EQ(served().Ask(path + "&event=nonsense", token).status, 400);
  EXPECT_THAT(served().Ask(path, token).body, Not(HasSubstr("canary")));
}

TEST_F(TrailTest, PagesJoinToTheWholeList) {
  const std::string token = TokenOf(world_->auditor);
  const std::string until = Span(before_, RealNow());
  for (const std::string& list : {"/v1/viewings" + until, "/v1/audit" + until}) {
    const auto whole = Get(list + "&limit=1000", token).Get("items").items();
    EXPECT_GE(whole.size(), 4U);
    std::vector<std::string> joined;
    for (std::string cursor;;) {
      const Json page = Get(list + "&limit=3" + cursor, token);
      for (const Json& item : page.Get("items").items()) joined.push_back(item.Dump());
      if (page.Get("next_cursor").is_null()) break;
      cursor = "&cursor=" + *page.Get("next_cursor").AsString();
    }
    ASSERT_EQ(joined.size(), whole.size()) << list;
    for (std::size_t i = 0; i < whole.size(); ++i) EXPECT_EQ(joined[i], whole[i].Dump());
    for (const char* cursor : {"x", "1.", "1.x", "1.1.Robert'); --", "9.9"})
      EXPECT_EQ(served().Ask(list + "&cursor=" + cursor, token).status, 400) << cursor;
  }
}

}  // namespace
}  // namespace yagura::api
