#include <regex>

#include "access_control/totp_oath.h"
#include "core/pg/values.h"
#include "tests/app/office_fixture.h"

namespace yagura::app {
namespace {

using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class PersonVerbsTest : public OfficeTest {
 protected:
  static std::vector<std::string> Add(const std::string& username) {
    return {"person", "add", "--username", username, "--name", "鈴木"};
  }
  /// The secret in what a command said; empty: none.
  static std::string SecretIn(const std::string& said) {
    std::smatch found;
    const bool has = std::regex_search(said, found, std::regex("secret=([A-Z2-7]{32})&"));
    return has ? found[1].str() : "";
  }
  std::string StoredSecret(const std::string& username) {
    return Ask("SELECT secret FROM second_factor JOIN person ON person_id = id WHERE username = '" +
               username + "'");
  }
};

TEST_F(PersonVerbsTest, APersonGetsASecondFactorThatIsShownOnce) {
  const std::string said = Done(Add("suzuki.h"), "correct horse\n");
  EXPECT_THAT(said, HasSubstr("otpauth://totp/Yagura:suzuki.h?secret="));
  const auto secret = access_control::TotpSecretOf(SecretIn(said));
  ASSERT_TRUE(secret.has_value());
  EXPECT_EQ(StoredSecret("suzuki.h"), pg::BytesParameter(*secret));
  EXPECT_THAT(Done({"person", "list", "--json"}),
              AllOf(HasSubstr(R"("second_factor":"set")"), Not(HasSubstr(SecretIn(said)))));
  auto again = Add("suzuki.h");
  again.emplace_back("--if-absent");
  EXPECT_EQ(Done(again, "correct horse\n"), "suzuki.h is there already\n");
  EXPECT_EQ(StoredSecret("suzuki.h"), pg::BytesParameter(*secret));
}

TEST_F(PersonVerbsTest, TheExceptionIsSaidAndListed) {
  auto add = Add("suzuki.h");
  add.emplace_back("--password-alone");
  EXPECT_EQ(Done(add, "correct horse\n"), "added: suzuki.h\nsuzuki.h signs in by password alone\n");
  EXPECT_THAT(Done({"person", "list"}), HasSubstr("password alone"));
  EXPECT_THAT(Ask("SELECT body FROM audit_record"), HasSubstr(R"("password_alone":true)"));
  Ask("UPDATE person SET password_alone = false");
  EXPECT_THAT(Done({"person", "list"}), HasSubstr("MISSING"));
}

TEST_F(PersonVerbsTest, ASecondFactorCanBeGivenAnewAndTakenAway) {
  const std::string first = SecretIn(Done(Add("suzuki.h"), "correct horse\n"));
  const std::vector<std::string> reset{"person", "otp-reset", "--username", "suzuki.h"};
  const std::string second = SecretIn(Done(reset));
  EXPECT_NE(second, "");
  EXPECT_NE(second, first);
  EXPECT_EQ(StoredSecret("suzuki.h"),
            pg::BytesParameter(access_control::TotpSecretOf(second).value()));
  EXPECT_EQ(Done({"person", "otp-reset", "--username", "suzuki.h", "--password-alone"}),
            "suzuki.h signs in by password alone\n");
  EXPECT_EQ(StoredSecret("suzuki.h"), "");
  EXPECT_THAT(Refused({"person", "otp-reset", "--username", "nobody"}),
              HasSubstr("there is no person \"nobody\"\nnext: yagura person list"));
}

TEST_F(PersonVerbsTest, ShowsTheCodeOfASecret) {
  const std::vector<std::string> code{"person", "otp-code", "--at", "1970-01-01T00:00:59Z"};
  EXPECT_EQ(Done(code, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\n"), "287082\n");
  EXPECT_EQ(
      Done({"person", "otp-code"}, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\n"),
      access_control::TotpCode(
          access_control::TotpSecretOf("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ").value(), clock_.Now()) +
          "\n");
  EXPECT_THAT(Refused(code, "GEZD\n"), HasSubstr("no secret of a second factor"));
  EXPECT_THAT(Refused({"person", "otp-code", "--at", "now"}, "x\n"), HasSubstr("--at"));
}

TEST_F(PersonVerbsTest, ANameIsChangedAndAPasswordSet) {
  Done(Add("suzuki.h"), "correct horse\n");
  Ask("INSERT INTO session (person_id, token_sha256, terminal, factors) SELECT id, sha256('x'), "
      "'10.0.0.1', 2 FROM person");
  EXPECT_EQ(Done({"person", "change", "--username", "suzuki.h", "--name", "佐藤"}),
            "changed: suzuki.h\n");
  EXPECT_EQ(Ask("SELECT name FROM person"), "佐藤");
  const std::string before = Ask("SELECT password_hash FROM person");
  EXPECT_EQ(Done({"person", "password", "--username", "suzuki.h"}, "another horse\n"),
            "password set: suzuki.h\n");
  EXPECT_NE(Ask("SELECT password_hash FROM person"), before);
  EXPECT_NE(Ask("SELECT ended_at FROM session"), "");
  EXPECT_THAT(Refused({"person", "password", "--username", "suzuki.h"}, "short\n"),
              HasSubstr("too short"));
  EXPECT_THAT(Refused({"person", "change", "--username", "nobody", "--name", "x"}),
              HasSubstr("there is no person"));
}

TEST_F(PersonVerbsTest, ManyPeopleGetFirstPasswordsAndWhatIsMadeUpIsShownOnce) {
  for (const std::string name : {"sato", "suzuki", "tanaka"}) {
    Ask("INSERT INTO person (id, username, name, password_hash) VALUES (gen_random_uuid(), '" +
        name + "', 'x', 'none')");
  }
  const std::vector<std::string> verb{"person", "initial-passwords"};
  const std::string said = Done(verb, "username,password\r\nsato,correct horse\r\nsuzuki,\r\n");
  EXPECT_THAT(said, AllOf(StartsWith("username,password,otpauth\r\nsato,,otpauth://"),
                          ContainsRegex("suzuki,[a-z2-7]{4}(-[a-z2-7]{4}){3},otpauth://"),
                          Not(HasSubstr("correct horse")), Not(HasSubstr("tanaka"))));
  EXPECT_EQ(Ask("SELECT string_agg(username, ' ' ORDER BY username) FROM person WHERE "
                "password_hash LIKE '$argon2id$%'"),
            "sato suzuki");
  const std::string factor = StoredSecret("sato");
  EXPECT_THAT(Done({"person", "initial-passwords", "--replace"}, "sato\n"),
              AllOf(HasSubstr("\r\nsato,"), Not(HasSubstr("otpauth://"))))
      << "it has a second factor";
  EXPECT_EQ(StoredSecret("sato"), factor);
}

TEST_F(PersonVerbsTest, WhoHasAPasswordKeepsItUnlessItIsToBeReplaced) {
  Done(Add("sato"), "correct horse\n");
  Ask("INSERT INTO person (id, username, name, password_hash) VALUES (gen_random_uuid(), 'tanaka', "
      "'x', 'none')");
  const std::string hash = "SELECT password_hash FROM person WHERE username = 'sato'";
  const std::string before = Ask(hash);
  const Said said = Yagura({"person", "initial-passwords"}, "sato\ntanaka\n");
  EXPECT_EQ(said.code, 0);
  EXPECT_THAT(said.out, AllOf(HasSubstr("\r\ntanaka,"), Not(HasSubstr("sato"))));
  EXPECT_EQ(said.err, "have a password already and keep it (--replace gives a new one): sato\n");
  EXPECT_EQ(Done({"person", "initial-passwords"}, "sato,another horse\ntanaka\n"),
            "username,password,otpauth\r\n")
      << "a second time there is nobody left";
  EXPECT_EQ(Ask(hash), before);
  EXPECT_THAT(Done({"person", "initial-passwords", "--replace"}, "sato\n"), HasSubstr("\r\nsato,"));
  EXPECT_NE(Ask(hash), before);
}

TEST_F(PersonVerbsTest, OfAListOfPasswordsWithAMistakeNothingIsDone) {
  Done(Add("sato"), "correct horse\n");
  const std::string before = Ask("SELECT password_hash FROM person");
  const std::vector<std::string> verb{"person", "initial-passwords"};
  EXPECT_EQ(Refused(verb, "sato,another horse\nnobody,correct horse\nsato,\nsato,short\nsa\"to\n"),
            "yagura: nothing was changed: standard input is no list of people\n"
            "  line 5: no CSV\n"
            "  line 2: there is no person \"nobody\"\n"
            "  line 3: sato was named before\n"
            "  line 4: sato was named before\n"
            "next: mend these lines; yagura person list shows the names\n");
  EXPECT_THAT(Refused(verb, "sato,short\n"), HasSubstr("line 1: expected a name, and a password"));
  EXPECT_THAT(Refused(verb, ""), HasSubstr("nothing was changed"));
  EXPECT_EQ(Ask("SELECT password_hash FROM person"), before);
}

TEST_F(PersonVerbsTest, SessionsAreListedAndEnded) {
  for (const std::string name : {"sato", "suzuki"}) {
    Done(Add(name), "correct horse\n");
    Ask("INSERT INTO session (person_id, token_sha256, terminal, factors) SELECT id, sha256('" +
        name + "'), '10.0.0.1', 2 FROM person WHERE username = '" + name + "'");
  }
  Ask("INSERT INTO session (person_id, token_sha256, terminal, factors, last_used_at) SELECT id, "
      "sha256(convert_to(username || ' idle', 'UTF8')), '10.0.0.2', 2, now() - interval '31 "
      "minutes' FROM person");
  EXPECT_THAT(Done({"session", "list"}),
              AllOf(HasSubstr("sato"), HasSubstr("10.0.0.1"), Not(HasSubstr("10.0.0.2"))));
  EXPECT_EQ(Done({"session", "end", "--username", "sato"}), "sessions ended: 1\n");
  const auto left = Json::Parse(Done({"session", "list", "--json"})).value().Get("items").items();
  ASSERT_EQ(left.size(), 1U);
  EXPECT_EQ(left[0].Get("username").AsString(), "suzuki");
  const std::string id = left[0].Get("id").AsString().value();
  EXPECT_EQ(Done({"session", "end", "--id", id}), "sessions ended: 1\n");
  EXPECT_THAT(Refused({"session", "end", "--id", id}), HasSubstr("no open session"));
  EXPECT_THAT(Refused({"session", "end"}), HasSubstr("give --username or --id"));
  EXPECT_EQ(Ask("SELECT count(*) FROM audit_record WHERE event = 'signed_out' AND "
                "body::jsonb ->> 'actor' = 'operator at console'"),
            "2");
}

}  // namespace
}  // namespace yagura::app
