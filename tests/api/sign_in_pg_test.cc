#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "access_control/password_sodium.h"
#include "core/pg/values.h"
#include "tests/api/access_world.h"

// Sessions over the wire.
namespace yagura::api {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class SignInTest : public AccessTest {
 protected:
  SignInTest() {
    const auto hash =
        access_control::HashPassword("correct horse", access_control::PasswordCost::kLeast);
    const std::string id = ToString(office().head(2));
    office().stored().Run(
        "UPDATE person SET username = 'head2', password_alone = true, password_hash = '" + *hash +
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

TEST_F(SignInTest, AsksForACodeAfterTheRightPasswordAlone) {
  const access_control::TotpSecret secret = access_control::NewTotpSecret();
  office().stored().Run("INSERT INTO second_factor (person_id, secret) SELECT id, '" +
                        pg::BytesParameter(secret) + "' FROM person WHERE username = 'head2'");
  const Answer wrong = SignIn(R"({"username":"head2","password":"wrong horse"})");
  EXPECT_EQ(wrong.status, 401);
  EXPECT_THAT(wrong.body, HasSubstr(R"("code":"unauthenticated")"));
  for (const char* const body : {R"({"username":"head2","password":"correct horse"})",
                                 R"({"username":"head2","password":"correct horse","otp":null})"}) {
    const Answer asked = SignIn(body);
    EXPECT_EQ(asked.status, 401);
    EXPECT_THAT(asked.body, HasSubstr(R"("code":"otp_required")"));
  }
  const std::string code = access_control::TotpCode(secret, SystemClock().Now());
  const std::string body =
      R"({"username":"head2","password":"correct horse","otp":")" + code + R"("})";
  EXPECT_EQ(SignIn(body).status, 201);
  EXPECT_EQ(SignIn(body).comparable(), wrong.comparable()) << "the same code again";
  EXPECT_EQ(SignIn(R"({"username":"head2","password":"correct horse","otp":"x"})").comparable(),
            wrong.comparable());
  office().stored().Run("DELETE FROM second_factor");
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
        R"({"username":"a","password":"b","otp":123456})"}) {
    EXPECT_EQ(SignIn(body).status, 400) << body;
  }
  EXPECT_EQ(
      SignIn(R"({"username":"head2","password":"correct horse"})", {"Origin: https://evil.example"})
          .status,
      403);
}

}  // namespace
}  // namespace yagura::api
