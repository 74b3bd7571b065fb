#include <gmock/gmock.h>

#include "access_control/password_sodium.h"
#include "access_control/totp_oath.h"
#include "core/json.h"
#include "core/pg/values.h"
#include "tests/api/live_office.h"

// What a session was begun with, once its person's posts demand more: at both listeners, and inside
// an open stream.
namespace yagura::api {
namespace {

using std::chrono::seconds;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::Lt;

constexpr const char* kPassword = "correct horse";
constexpr seconds kStreamLongest{20};

class SessionFactorsTest : public ::testing::Test {
 protected:
  SessionFactorsTest() {
    office_.Open();
    const auto hash =
        access_control::HashPassword(kPassword, access_control::PasswordCost::kLeast).value();
    Sql("UPDATE person SET username = 'head', password_alone = true, password_hash = '" + hash +
        "' WHERE id = '" + ToString(office_.head) + "'");
  }
  std::string Sql(const std::string& text) { return office_.stored.Run(text); }
  std::string SignIn(const std::string& code = {}) {
    const std::string otp = code.empty() ? "" : R"(,"otp":")" + code + "\"";
    const Answer answer =
        Ask("/v1/session", {}, "POST",
            R"({"username":"head","password":")" + std::string(kPassword) + "\"" + otp + "}");
    EXPECT_EQ(answer.status, 201) << answer.body;
    return Json::Parse(answer.body).value_or(Json()).Get("token").AsString().value_or("");
  }
  Answer Ask(std::string_view path, const std::string& token, const char* method = "GET",
             const std::string& body = {}) {
    return office_.served->Ask(path, token, {}, method, body);
  }
  std::unique_ptr<RawClient> Watch(const std::string& token) {
    auto viewer = std::make_unique<RawClient>(office_.served->media_port());
    viewer->Send("GET " + live_ + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + token +
                 "\r\n\r\n");
    return viewer;
  }
  void MakeAdministrator() {
    Sql("INSERT INTO assignment (id, person_id, post, unit_id, valid_from) VALUES "
        "(gen_random_uuid(), '" +
        ToString(office_.head) + "', 'administrator', '" + ToString(office_.root) +
        "', now() - interval '1 minute')");
  }
  WallTime Now() const { return std::chrono::floor<microseconds>(office_.clock.Now()); }

  LiveOffice office_;
  const std::string live_ = LiveOffice::PathOf(office_.camera);
};

TEST_F(SessionFactorsTest, APasswordAloneOpensNothingOnceItsPersonIsAnAdministrator) {
  const std::string token = SignIn();
  const auto viewer = Watch(token);
  std::string received = viewer->ReadUntil("made at");
  EXPECT_EQ(Ask("/v1/session", token).status, 200);
  EXPECT_EQ(Ask(live_, token, "HEAD").status, 200);

  MakeAdministrator();
  const WallTime changed = Now();
  const std::string ended = office_.TokenOf(office_.other_head);
  Sql("UPDATE session SET ended_at = now() WHERE person_id = '" + ToString(office_.other_head) +
      "'");
  EXPECT_EQ(Ask("/v1/session", token).comparable(), Ask("/v1/session", ended).comparable());
  EXPECT_EQ(Ask(live_, token).comparable(), Ask(live_, ended).comparable());
  EXPECT_EQ(Ask(live_, token).status, 401);

  received += viewer->ReadAll(kStreamLongest);
  EXPECT_LT(Now(), changed + kStreamLongest) << "it ended by itself";
  const auto frames = FramesIn(received);
  EXPECT_FALSE(frames.empty());
  EXPECT_THAT(frames, Each(Lt(changed + seconds(2))));
}

TEST_F(SessionFactorsTest, ASessionBegunWithACodeGoesOn) {
  const access_control::TotpSecret secret = access_control::NewTotpSecret();
  Sql("INSERT INTO second_factor (person_id, secret) VALUES ('" + ToString(office_.head) + "', '" +
      pg::BytesParameter(secret) + "')");
  const std::string token = SignIn(access_control::TotpCode(secret, office_.clock.Now()));
  const auto viewer = Watch(token);
  (void)viewer->ReadUntil("made at");
  MakeAdministrator();
  EXPECT_EQ(Ask("/v1/session", token).status, 200);
  EXPECT_EQ(Ask(live_, token, "HEAD").status, 200);
  EXPECT_FALSE(viewer->IsClosedWithin(seconds(3)));
  EXPECT_THAT(viewer->ReadUntil("made at"), HasSubstr("made at"));
}

}  // namespace
}  // namespace yagura::api
