#include <gmock/gmock.h>

#include <cstdlib>
#include <latch>
#include <thread>

#include "access_control/gate.h"
#include "access_control/password_sodium.h"
#include "access_control/people_pg.h"
#include "access_control/sign_in.h"
#include "core/pg/values.h"
#include "tests/access_control/stored_office.h"
#include "tests/access_control/totp_vectors.h"

namespace yagura::access_control {
namespace {

using std::chrono::seconds;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr auto kPassword = "correct horse battery";

/// How often the same code is sent twice in parallel: YAGURA_CODE_RACES, or few.
int Races() {
  const char* const text = std::getenv("YAGURA_CODE_RACES");
  return text == nullptr ? 50 : std::atoi(text);
}

class SecondFactorTest : public ::testing::Test {
 protected:
  SecondFactorTest() {
    EXPECT_TRUE(people_.AddUnit("OFFICE", "the office", std::nullopt).has_value());
    Add("sato", secret_);
  }
  void Add(const std::string& name, const SecondFactor& factor) {
    EXPECT_TRUE(
        people_.AddPerson(name, name, HashPassword(kPassword, PasswordCost::kLeast).value(), factor)
            .has_value());
  }
  /// What signing in gives; kUnimplemented stands for success.
  ErrorCode CodeOfStarting(const std::string& name, const std::optional<std::string>& code,
                           const std::string& password = kPassword) {
    const auto session = sign_in_.Start({name, password, code}, "terminal-1");
    return session.has_value() ? ErrorCode::kUnimplemented : session.error().code();
  }
  [[nodiscard]] std::string CodeAt(int steps_from_now) const {
    return TotpCode(secret_, SystemClock().Now() + seconds(30 * steps_from_now));
  }
  /// As if the code of a step long ago had been the last.
  void ForgetLastCode() { store_.Run("UPDATE second_factor SET last_step = 0"); }
  ErrorCode CodeOfUsing(const std::string& token) {
    const auto entered = gate_.Enter({token, "terminal-1", "r"}, DemandFor(Action::kSessionRead),
                                     [](Permit&) { return Result<void>(); });
    return entered.has_value() ? ErrorCode::kUnimplemented : entered.error().code();
  }
  std::string Session() {
    ForgetLastCode();
    return sign_in_.Start({"sato", kPassword, CodeAt(0)}, "terminal-1").value().token;
  }

  TotpSecret secret_ = NewTotpSecret();
  std::unique_ptr<testing::MigratedPostgres> database_ = StoredOffice::NewDatabase();
  StoredOffice store_{*database_};
  PeopleBook people_{database_->As("yagura_admin"), "root"};
  PasswordQueue queue_;
  SignIn sign_in_{database_->As("yagura_api"), queue_};
  SystemClock clock_;
  FactsSource facts_{database_->As("yagura_api")};
  Gate gate_{database_->As("yagura_api"), facts_, clock_};
};

TEST_F(SecondFactorTest, TheDatabaseKnowsTheCodesOfTheStandard) {
  for (const TotpVector& vector : kTotpVectors) {
    EXPECT_EQ(store_.Run("SELECT totp_code('12345678901234567890', " +
                         std::to_string(vector.second / 30) + ")"),
              vector.code);
  }
}

TEST_F(SecondFactorTest, TheDatabaseAgreesWithLiboath) {
  for (int i = 0; i < 200; ++i) {
    const TotpSecret secret = NewTotpSecret();
    const long long step = 50'000'000 + 7'919LL * i;
    EXPECT_EQ(store_.Run("SELECT totp_code('" + pg::BytesParameter(secret) + "', " +
                         std::to_string(step) + ")"),
              TotpCode(secret, WallTime(seconds(30 * step))));
  }
}

TEST_F(SecondFactorTest, PasswordAndCodeStartASession) {
  EXPECT_EQ(CodeOfStarting("sato", CodeAt(0)), ErrorCode::kUnimplemented);
  EXPECT_THAT(store_.Run("SELECT body FROM audit_record WHERE event = 'signed_in'"),
              HasSubstr(R"("factors": 2)"));
}

TEST_F(SecondFactorTest, ACodeIsAskedForAfterTheRightPasswordAlone) {
  EXPECT_EQ(CodeOfStarting("sato", std::nullopt), ErrorCode::kFailedPrecondition);
  EXPECT_EQ(CodeOfStarting("sato", std::nullopt, "wrong"), ErrorCode::kUnauthenticated);
  EXPECT_EQ(CodeOfStarting("nobody", std::nullopt), ErrorCode::kUnauthenticated);
  EXPECT_EQ(CodeOfStarting("sato", CodeAt(0), "wrong"), ErrorCode::kUnauthenticated);
  EXPECT_EQ(CodeOfStarting("sato", CodeAt(0)), ErrorCode::kUnimplemented)
      << "a wrong password uses no code up";
}

TEST_F(SecondFactorTest, ThatACodeWasAskedForIsOnRecord) {
  const std::string asked =
      "SELECT count(*) FROM audit_record WHERE event = 'sign_in_code_asked' AND body::jsonb ->> "
      "'person' = (SELECT id::text FROM person) AND body::jsonb ->> 'terminal' = 'terminal-1'";
  EXPECT_EQ(CodeOfStarting("sato", std::nullopt, "wrong"), ErrorCode::kUnauthenticated);
  EXPECT_EQ(store_.Run(asked), "0");
  EXPECT_EQ(CodeOfStarting("sato", std::nullopt), ErrorCode::kFailedPrecondition);
  EXPECT_EQ(store_.Run(asked), "1");
}

TEST_F(SecondFactorTest, OneStepOfToleranceEitherWay) {
  for (const int early : {-3, 3}) {  // by three: a step may begin while the test runs
    EXPECT_EQ(CodeOfStarting("sato", CodeAt(early)), ErrorCode::kUnauthenticated) << early;
  }
  EXPECT_EQ(CodeOfStarting("sato", CodeAt(1)), ErrorCode::kUnimplemented);
  store_.Run("DELETE FROM guess_bucket");
  for (const char* const wrong : {"", "12345", "1234567", "abcdef", "１２３４５６"}) {
    store_.Run("DELETE FROM guess_bucket");
    EXPECT_EQ(CodeOfStarting("sato", wrong), ErrorCode::kUnauthenticated) << wrong;
  }
}

TEST_F(SecondFactorTest, ACodeOpensOnceAndWithItEveryEarlierOne) {
  const std::string now = CodeAt(0);
  EXPECT_EQ(CodeOfStarting("sato", now), ErrorCode::kUnimplemented);
  EXPECT_EQ(CodeOfStarting("sato", now), ErrorCode::kUnauthenticated);
  EXPECT_EQ(CodeOfStarting("sato", CodeAt(1)), ErrorCode::kUnimplemented);
  EXPECT_EQ(CodeOfStarting("sato", now), ErrorCode::kUnauthenticated);
}

TEST_F(SecondFactorTest, OfTheSameCodeTwiceInParallelOneIsAccepted) {
  const int races = Races();
  int twice = 0;
  int never = 0;
  for (int i = 0; i < races; ++i) {
    store_.Run(
        "UPDATE second_factor SET last_step = 0; DELETE FROM guess_bucket; DELETE FROM guess");
    const std::string code = CodeAt(0);
    std::atomic<int> accepted = 0;
    std::latch together(2);
    const auto send = [&] {
      together.arrive_and_wait();
      if (sign_in_.Start({"sato", kPassword, code}, "terminal-1").has_value()) ++accepted;
    };
    {
      const std::jthread one(send);
      const std::jthread two(send);
    }
    twice += accepted == 2 ? 1 : 0;
    never += accepted == 0 ? 1 : 0;
  }
  std::cout << "of " << races << " codes sent twice in parallel, accepted twice: " << twice
            << ", never: " << never << "\n";
  EXPECT_EQ(twice, 0);
  EXPECT_EQ(never, 0);
}

TEST_F(SecondFactorTest, WrongCodesAreGuessesLikeWrongPasswords) {
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(CodeOfStarting("sato", CodeAt(5)), ErrorCode::kUnauthenticated);
  EXPECT_EQ(CodeOfStarting("sato", CodeAt(0)), ErrorCode::kResourceExhausted);
  EXPECT_EQ(store_.Run("SELECT count(*) FROM audit_record WHERE event = 'sign_in_failed' AND "
                       "body::jsonb ->> 'wrong' = 'code'"),
            "5");
}

TEST_F(SecondFactorTest, WithoutOneNobodySignsInUnlessTheAccountSaysSo) {
  Add("suzuki", kPasswordAlone);
  EXPECT_EQ(CodeOfStarting("suzuki", std::nullopt), ErrorCode::kUnimplemented);
  EXPECT_EQ(CodeOfStarting("suzuki", "123456"), ErrorCode::kUnimplemented);
  store_.Run("UPDATE person SET password_alone = false WHERE username = 'suzuki'");
  EXPECT_EQ(CodeOfStarting("suzuki", std::nullopt), ErrorCode::kPermissionDenied);
  EXPECT_EQ(CodeOfStarting("suzuki", "123456"), ErrorCode::kPermissionDenied);
  EXPECT_EQ(CodeOfStarting("suzuki", std::nullopt, "wrong"), ErrorCode::kUnauthenticated);
}

TEST_F(SecondFactorTest, AnAdministratorHasOneWhateverTheAccountSays) {
  Add("suzuki", kPasswordAlone);
  const WallTime now = clock_.Now();
  ASSERT_TRUE(people_
                  .AddAssignment("suzuki", Post::kAdministrator, "OFFICE",
                                 {now - seconds(60), now + seconds(60)})
                  .has_value());
  EXPECT_EQ(CodeOfStarting("suzuki", std::nullopt), ErrorCode::kPermissionDenied);
  ASSERT_TRUE(people_.SetSecondFactor("suzuki", secret_).has_value());
  EXPECT_EQ(CodeOfStarting("suzuki", CodeAt(0)), ErrorCode::kUnimplemented);
  ASSERT_TRUE(people_.SetSecondFactor("suzuki", kPasswordAlone).has_value());
  store_.Run("UPDATE assignment SET valid_to = now()");
  EXPECT_EQ(CodeOfStarting("suzuki", std::nullopt), ErrorCode::kUnimplemented);
}

TEST_F(SecondFactorTest, WhatAPasswordAloneOpenedIsOverWithAPostThatDemandsMore) {
  Add("suzuki", kPasswordAlone);
  const std::string by_both = Session();
  const std::string alone = sign_in_.Start({"suzuki", kPassword, {}}, "terminal-1").value().token;
  const WallTime now = clock_.Now();
  const auto give = [&](const char* name, Post post, WallRange valid) {
    EXPECT_TRUE(people_.AddAssignment(name, post, "OFFICE", valid).has_value());
  };
  give("suzuki", Post::kOperations, kAlways);
  give("suzuki", Post::kAdministrator, {now - seconds(7200), now - seconds(3600)});
  give("suzuki", Post::kAdministrator, {now + seconds(3600), WallTime::max()});
  EXPECT_EQ(CodeOfUsing(alone), ErrorCode::kUnimplemented) << "no such post since it began";
  give("sato", Post::kAdministrator, kAlways);
  EXPECT_EQ(CodeOfUsing(by_both), ErrorCode::kUnimplemented);

  store_.Run("UPDATE assignment SET valid_from = now() WHERE valid_from > now()");
  EXPECT_EQ(CodeOfUsing(alone), ErrorCode::kUnauthenticated) << "the post has begun";
  EXPECT_EQ(store_.Run("SELECT count(*) FROM open_session"), "1");
  store_.Run("UPDATE assignment SET valid_to = clock_timestamp() WHERE valid_to > now()");
  EXPECT_EQ(CodeOfUsing(alone), ErrorCode::kUnauthenticated)
      << "and doesn't come back with its end";
  EXPECT_EQ(CodeOfStarting("suzuki", std::nullopt), ErrorCode::kUnimplemented);
}

TEST_F(SecondFactorTest, WhatAPasswordAloneOpenedIsOverWhenItNoLongerOpensAnything) {
  Add("suzuki", kPasswordAlone);
  const std::string alone = sign_in_.Start({"suzuki", kPassword, {}}, "terminal-1").value().token;
  EXPECT_EQ(CodeOfUsing(alone), ErrorCode::kUnimplemented);
  store_.Run("UPDATE person SET password_alone = false WHERE username = 'suzuki'");
  EXPECT_EQ(CodeOfUsing(alone), ErrorCode::kUnauthenticated);
}

TEST_F(SecondFactorTest, AnotherPasswordOrFactorEndsTheSessions) {
  std::string token = Session();
  ASSERT_TRUE(people_.Rename("sato", "Sato San").has_value());
  EXPECT_EQ(CodeOfUsing(token), ErrorCode::kUnimplemented);
  ASSERT_TRUE(people_.SetPassword("sato", HashPassword(kPassword, PasswordCost::kLeast).value())
                  .has_value());
  EXPECT_EQ(CodeOfUsing(token), ErrorCode::kUnauthenticated);
  token = Session();
  ASSERT_TRUE(people_.SetSecondFactor("sato", NewTotpSecret()).has_value());
  EXPECT_EQ(CodeOfUsing(token), ErrorCode::kUnauthenticated);
  ASSERT_TRUE(people_.SetSecondFactor("sato", secret_).has_value());
  token = Session();
  ASSERT_TRUE(people_.DisablePerson("sato").has_value());
  EXPECT_EQ(CodeOfUsing(token), ErrorCode::kUnauthenticated);
  EXPECT_EQ(store_.Run("SELECT string_agg(body::jsonb ->> 'changed', ', ' ORDER BY counter) FROM "
                       "audit_record WHERE writer = 'yagura_admin'"),
            "name, password, second factor, second factor, disabled");
}

TEST_F(SecondFactorTest, NobodyReadsASecret) {
  for (const std::string role :
       {"yagura_api", "yagura_media", "yagura_admin", "yagura_keep", "yagura_record"}) {
    for (const std::string sql :
         {"SELECT secret FROM second_factor",
          "SELECT count(*) FROM second_factor WHERE secret > ''", "SELECT totp_code(''::bytea, 1)",
          "SELECT crypto.hmac(''::bytea, ''::bytea, 'sha1')",
          "SELECT take_code((SELECT id FROM person), '1')",
          "UPDATE second_factor SET set_at = now() RETURNING secret"}) {
      EXPECT_THAT(database_->Ask(sql, role), HasSubstr("permission denied")) << role << ": " << sql;
    }
  }
  const std::string secret = pg::BytesParameter(secret_).substr(2);
  for (const std::string table : {"session", "audit_record", "sign_in_attempt", "guess_bucket"}) {
    EXPECT_THAT(
        store_.Run("SELECT coalesce(string_agg(rows::text, ' '), '') FROM " + table + " AS rows"),
        Not(HasSubstr(secret)))
        << table;
  }
}

}  // namespace
}  // namespace yagura::access_control
