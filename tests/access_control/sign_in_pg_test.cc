#include <gmock/gmock.h>

#include "access_control/gate.h"
#include "access_control/password_sodium.h"
#include "access_control/people_pg.h"
#include "access_control/sign_in.h"
#include "tests/access_control/stored_office.h"

namespace yagura::access_control {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr auto kPassword = "correct horse battery";

class SignInTest : public ::testing::Test {
 protected:
  SignInTest() {
    EXPECT_TRUE(people_.AddUnit("OFFICE", "the office", std::nullopt).has_value());
    EXPECT_TRUE(people_
                    .AddPerson("sato", "Sato",
                               HashPassword(kPassword, PasswordCost::kLeast).value(),
                               kPasswordAlone)
                    .has_value());
    EXPECT_TRUE(people_.AddAssignment("sato", Post::kOperations, "OFFICE", kAlways).has_value());
  }
  ErrorCode CodeOfStarting(const std::string& name, const std::string& password,
                           const std::string& terminal = "terminal-1") {
    const auto session = sign_in_.Start({name, password, {}}, terminal);
    return session.has_value() ? ErrorCode::kUnimplemented : session.error().code();
  }
  /// What entering with a token gives; kUnimplemented stands for success.
  ErrorCode CodeOfUsing(const std::string& token) {
    const auto entered = gate_.Enter({token, "terminal-1", "r"}, DemandFor(Action::kSessionRead),
                                     [](Permit&) { return Result<void>(); });
    return entered.has_value() ? ErrorCode::kUnimplemented : entered.error().code();
  }
  std::string Events() {
    return store_.Run(
        "SELECT coalesce(string_agg(event, ' ' ORDER BY at), '') FROM audit_record WHERE writer = "
        "'yagura_api'");
  }

  std::unique_ptr<testing::MigratedPostgres> database_ = StoredOffice::NewDatabase();
  StoredOffice store_{*database_};
  PeopleBook people_{database_->As("yagura_admin"), "root"};
  PasswordQueue queue_;
  SignIn sign_in_{database_->As("yagura_api"), queue_};
  SystemClock clock_;
  FactsSource facts_{database_->As("yagura_api")};
  Gate gate_{database_->As("yagura_api"), facts_, clock_};
};

TEST_F(SignInTest, TheRightPasswordStartsASession) {
  const auto session = sign_in_.Start({"sato", kPassword, {}}, "terminal-1");
  ASSERT_TRUE(session.has_value()) << ToString(session.error());
  EXPECT_EQ(session->token.size(), 43U);
  EXPECT_EQ(CodeOfUsing(session->token), ErrorCode::kUnimplemented);
  EXPECT_EQ(Events(), "signed_in");
  const auto lasts = session->expires_at - clock_.Now();
  EXPECT_LE(lasts, std::chrono::hours(12));
  EXPECT_GT(lasts, std::chrono::hours(12) - std::chrono::minutes(1));
}

TEST_F(SignInTest, EveryWrongWayGetsTheSameAnswer) {
  ASSERT_TRUE(people_
                  .AddPerson("suzuki", "Suzuki",
                             HashPassword(kPassword, PasswordCost::kLeast).value(), kPasswordAlone)
                  .has_value());
  ASSERT_TRUE(people_.DisablePerson("suzuki").has_value());
  const auto wrong = sign_in_.Start({"sato", "wrong password", {}}, "terminal-1");
  ASSERT_FALSE(wrong.has_value());
  for (const auto& [name, password] :
       std::vector<std::pair<std::string, std::string>>{{"nobody", kPassword},
                                                        {"", kPassword},
                                                        {"suzuki", kPassword},
                                                        {"SATO", kPassword},
                                                        {"sato", ""},
                                                        {"sato", "short"},
                                                        {"sato", std::string(5000, 'x')},
                                                        {std::string(500, 'x'), kPassword},
                                                        {std::string("sato\0x", 6), kPassword},
                                                        {"sato' OR ''='", kPassword}}) {
    const auto session = sign_in_.Start(
        {name, password, {}}, "terminal-" + name.substr(0, 20) + std::to_string(password.size()));
    ASSERT_FALSE(session.has_value()) << name;
    EXPECT_EQ(ToString(session.error()), ToString(wrong.error())) << name;
    EXPECT_EQ(session.error().public_message(), wrong.error().public_message());
  }
  EXPECT_EQ(store_.Run("SELECT count(*) FROM session"), "0");
  EXPECT_EQ(store_.Run("SELECT count(*) FROM audit_record WHERE event = 'sign_in_failed'"), "11");
}

TEST_F(SignInTest, UnknownNamesCostWhatKnownOnesDo) {
  // The same steps with the same parameters: equal by construction, so not timed here.
  const std::string known = HashPassword(kPassword).value();
  const std::string challenge =
      database_->Ask("SELECT challenge FROM sign_in_challenge('nobody', 't')", "yagura_api");
  EXPECT_EQ(challenge.substr(0, challenge.rfind('$')), known.substr(0, challenge.rfind('$')));
  EXPECT_EQ(challenge.size(), known.rfind('$'));
  EXPECT_TRUE(AnswerChallenge(challenge, kPassword).has_value());
  EXPECT_EQ(database_->Ask("SELECT challenge FROM sign_in_challenge('nobody', 't')", "yagura_api"),
            challenge);
  EXPECT_NE(database_->Ask("SELECT challenge FROM sign_in_challenge('nobody2', 't')", "yagura_api"),
            challenge);
}

TEST_F(SignInTest, GuessingIsLimitedPerAccountAndTerminal) {
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(CodeOfStarting("sato", "a wrong guess", "attacker"), ErrorCode::kUnauthenticated);
  EXPECT_EQ(CodeOfStarting("sato", kPassword, "attacker"), ErrorCode::kResourceExhausted);
  EXPECT_EQ(CodeOfStarting("sato", kPassword, "attacker"), ErrorCode::kResourceExhausted);
  // The person at another terminal is not locked out.
  EXPECT_EQ(CodeOfStarting("sato", kPassword, "own desk"), ErrorCode::kUnimplemented);
  EXPECT_THAT(Events(),
              HasSubstr("sign_in_failed sign_in_limited signed_in"));  // a flood is recorded once

  store_.Run("UPDATE guess_bucket SET filled_at = filled_at - interval '2 minutes'");
  EXPECT_EQ(CodeOfStarting("sato", "a wrong guess", "attacker"), ErrorCode::kUnauthenticated);
  EXPECT_EQ(CodeOfStarting("sato", "a wrong guess", "attacker"), ErrorCode::kResourceExhausted);
}

TEST_F(SignInTest, AnAccountThatIsRefusedCostsItsTerminalNothing) {
  store_.Run("UPDATE person SET password_hash = 'x'");
  for (int i = 0; i < 70; ++i) {
    (void)database_->Ask("SELECT limited FROM sign_in_challenge('sato', 'desk')", "yagura_api");
  }
  EXPECT_EQ(database_->Ask("SELECT limited FROM sign_in_challenge('suzuki', 'desk')", "yagura_api"),
            "f");
}

TEST_F(SignInTest, SprayingManyAccountsIsLimitedPerTerminal) {
  store_.Run("UPDATE person SET password_hash = 'x'");  // challenges as of nobody, but no Argon2id
                                                        // to wait for
  int taken = 0;
  for (int i = 0; i < 70; ++i) {
    const std::string name = "name" + std::to_string(i);
    taken += database_->Ask("SELECT limited FROM sign_in_challenge('" + name + "', 'attacker')",
                            "yagura_api") == "f"
                 ? 1
                 : 0;
  }
  EXPECT_GE(taken, 60);
  EXPECT_LE(taken, 62);  // one more per ten seconds
  // And leaves no row for a name that was refused.
  EXPECT_EQ(store_.Run("SELECT count(*) FROM guess_bucket WHERE key NOT LIKE 'terminal %'"),
            std::to_string(taken));
}

TEST_F(SignInTest, ARightPasswordGivesAttemptsBack) {
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 4; ++i)
      EXPECT_EQ(CodeOfStarting("sato", "a wrong guess"), ErrorCode::kUnauthenticated);
    EXPECT_EQ(CodeOfStarting("sato", kPassword), ErrorCode::kUnimplemented);
  }
}

TEST_F(SignInTest, AnAttemptCanBeAnsweredOnceAndSoon) {
  const std::string hash = store_.Run("SELECT password_hash FROM person");
  const auto answer = [&](const std::string& attempt) {
    return database_->Ask("SELECT outcome FROM sign_in_answer('" + attempt + "', '" + hash +
                              "', NULL, sha256('" + attempt + "'))",
                          "yagura_api");
  };
  const auto challenge = [&] {
    return database_->Ask("SELECT attempt FROM sign_in_challenge('sato', 't')", "yagura_api");
  };
  const std::string once = challenge();
  EXPECT_EQ(answer(once), "started");
  EXPECT_EQ(answer(once), "refused");
  const std::string late = challenge();
  store_.Run("UPDATE sign_in_attempt SET made_at = made_at - interval '1 minute'");
  EXPECT_EQ(answer(late), "refused");
  EXPECT_EQ(answer(ToString(NewId<SessionId>())), "refused");
}

TEST_F(SignInTest, SessionsEndAfterTwelveHoursOrThirtyMinutesUnused) {
  const std::string token = sign_in_.Start({"sato", kPassword, {}}, "terminal-1").value().token;
  const auto age = [&](const std::string& change) { store_.Run("UPDATE session SET " + change); };
  age("last_used_at = now() - interval '29 minutes 50 seconds'");
  EXPECT_EQ(CodeOfUsing(token), ErrorCode::kUnimplemented);  // and this use counts
  EXPECT_EQ(store_.Run("SELECT now() - last_used_at < interval '1 minute' FROM session"), "t");
  age("expires_at = now() + interval '20 seconds'");
  EXPECT_EQ(CodeOfUsing(token), ErrorCode::kUnimplemented);
  age("expires_at = now()");
  EXPECT_EQ(CodeOfUsing(token), ErrorCode::kUnauthenticated);
  age("expires_at = now() + interval '1 hour', last_used_at = now() - interval '30 minutes'");
  EXPECT_EQ(CodeOfUsing(token), ErrorCode::kUnauthenticated);
}

TEST_F(SignInTest, SessionsAreForgottenAMonthAfterTheirEndUnlessSomethingWasViewed) {
  const auto forget = [&] {
    const std::string forgotten = database_->Ask("SELECT forget_sessions()", "yagura_keep");
    return forgotten + " forgotten, left: " + store_.Run("SELECT count(*) FROM session");
  };
  (void)sign_in_.Start({"sato", kPassword, {}}, "terminal-1");
  const auto age = [&](const std::string& change) { store_.Run("UPDATE session SET " + change); };
  EXPECT_EQ(forget(), "0 forgotten, left: 1");
  age("ended_at = now() - interval '29 days'");
  EXPECT_EQ(forget(), "0 forgotten, left: 1");
  age("ended_at = now() - interval '31 days'");
  store_.Run(
      "INSERT INTO camera VALUES (gen_random_uuid(), 'C', 'a camera'); INSERT INTO viewing SELECT "
      "gen_random_uuid(), session.id, person_id, camera.id, now() - interval '1 minute', now(), "
      "'footage.play', ARRAY[camera.id], 'x', 'terminal-1' FROM session, camera");
  EXPECT_EQ(forget(), "0 forgotten, left: 1");
  store_.Run("DELETE FROM viewing");
  EXPECT_EQ(forget(), "1 forgotten, left: 0");
}

TEST_F(SignInTest, NeitherTokensNorPasswordsNorTypedNamesAreKept) {
  const std::string token = sign_in_.Start({"sato", kPassword, {}}, "terminal-1").value().token;
  EXPECT_EQ(CodeOfStarting("my secret typed as a name", "whatever it was"),
            ErrorCode::kUnauthenticated);
  for (const std::string table : {"session", "audit_record", "sign_in_attempt", "guess_bucket"}) {
    const std::string rows =
        store_.Run("SELECT coalesce(string_agg(rows::text, ' '), '') FROM " + table + " AS rows");
    for (const std::string& secret :
         {token, std::string(kPassword), std::string("my secret typed as a name"),
          std::string("whatever it was")}) {
      EXPECT_THAT(rows, Not(HasSubstr(secret))) << table;
    }
  }
}

TEST_F(SignInTest, ADisabledPersonsOpenSessionEnds) {
  const std::string token = sign_in_.Start({"sato", kPassword, {}}, "terminal-1").value().token;
  ASSERT_TRUE(people_.DisablePerson("sato").has_value());
  EXPECT_EQ(CodeOfUsing(token), ErrorCode::kUnauthenticated);
}

}  // namespace
}  // namespace yagura::access_control
