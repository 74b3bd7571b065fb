#include <pqxx/pqxx>
#include <span>
#include <utility>

#include "access_control/password_sodium.h"
#include "access_control/sha256_sodium.h"
#include "access_control/sign_in.h"
#include "core/pg/values.h"

namespace yagura::access_control {
namespace {

constexpr auto kChallenge =
    "SELECT limited, attempt, challenge, known_terminal FROM sign_in_challenge($1, $2)";
constexpr auto kAnswer =
    "SELECT outcome, session_id, person_id, expires_at FROM sign_in_answer($1, $2, $3, $4)";
constexpr auto kWithdraw = "SELECT sign_in_withdraw($1)";

/// The longest name that is looked up; longer ones don't exist.
constexpr std::size_t kUsernameBytesMax = 64;

struct Challenge {
  std::string attempt;
  std::string text;
  PasswordQueue::Lane lane = PasswordQueue::Lane::kStrangers;
};

/// What an answer that started no session means to the person.
Error ErrorOf(std::string_view outcome) {
  if (outcome == "code_required") {
    return Error(ErrorCode::kFailedPrecondition, "sign-in needs a code")
        .WithPublicMessage("a code of the second factor is needed");
  }
  if (outcome == "factor_missing") {
    return Error(ErrorCode::kPermissionDenied, "sign-in to an account without a second factor")
        .WithPublicMessage("this account has no second factor yet: ask who manages accounts");
  }
  return Error(ErrorCode::kUnauthenticated, "sign-in refused")
      .WithPublicMessage("unknown user name, or wrong password or code");
}

Result<Challenge> AskForChallenge(pg::Pool& pool, const std::string& username,
                                  const std::string& terminal) {
  bool limited = false;
  Challenge challenge;
  RETURN_IF_ERROR(pool.Run([&](pqxx::transaction_base& transaction) -> Result<void> {
    const auto row = transaction.exec_params1(kChallenge, username, terminal);
    limited = row["limited"].as<bool>();
    if (!limited)
      challenge = {row["attempt"].as<std::string>(), row["challenge"].as<std::string>(),
                   row["known_terminal"].as<bool>() ? PasswordQueue::Lane::kKnown
                                                    : PasswordQueue::Lane::kStrangers};
    return {};  // a refusal is committed too
  }));
  if (!limited) return challenge;
  return Failure(Error(ErrorCode::kResourceExhausted, "too many attempts to sign in")
                     .WithPublicMessage("too many attempts to sign in; try again later"));
}

/// Nobody looked at its password, so it is no guess. Where this can't be told now, the database
/// finds out by itself in two minutes.
void Withdraw(pg::Pool& pool, const Challenge& challenge) {
  (void)pool.Run([&](pqxx::transaction_base& transaction) -> Result<void> {
    transaction.exec_params1(kWithdraw, challenge.attempt);
    return {};
  });
}

std::string TokenParameter(std::string_view token) {
  return pg::BytesParameter(
      Sha256Of(std::span(reinterpret_cast<const std::uint8_t*>(token.data()), token.size())));
}

/// A session where the answer is right. What was wrong is committed too.
Result<NewSession> GiveAnswer(pg::Pool& pool, const Challenge& challenge, const std::string& answer,
                              const std::optional<std::string>& code) {
  std::optional<NewSession> session;
  std::string outcome;
  std::string token = NewToken();
  RETURN_IF_ERROR(pool.Run([&](pqxx::transaction_base& transaction) -> Result<void> {
    const auto row = transaction.exec_params1(
        kAnswer, challenge.attempt, answer, code ? code->c_str() : nullptr, TokenParameter(token));
    session.reset();
    outcome = row["outcome"].c_str();
    if (outcome != "started") return {};
    session = NewSession{token, pg::IdOf<SessionId>(row["session_id"].c_str()),
                         pg::IdOf<PersonId>(row["person_id"].c_str()),
                         pg::TimeOf(row["expires_at"].c_str())};
    return {};
  }));
  if (!session) return Failure(ErrorOf(outcome));
  return *std::move(session);
}

/// Argon2id within the queue's bounds. A password out of bounds is as wrong as any, and costs as
/// much.
Result<std::string> Hash(PasswordQueue& passwords, const Challenge& challenge,
                         std::string_view password) {
  auto place = passwords.Enter(challenge.lane);
  if (!place.has_value()) return Failure(place.error());
  auto answer = AnswerChallenge(challenge.text, password);
  if (answer.has_value() || answer.error().code() != ErrorCode::kInvalidArgument) return answer;
  RETURN_IF_ERROR(AnswerChallenge(challenge.text, "as long as that takes"));
  return std::string("out of bounds");
}

bool IsText(std::string_view text) { return text.find('\0') == std::string_view::npos; }

/// What isn't six digits is as wrong as any code.
std::optional<std::string> CodeOf(const Credentials& given) {
  if (!given.code) return std::nullopt;
  const bool six_digits = given.code->size() == 6 &&
                          given.code->find_first_not_of("0123456789") == std::string_view::npos;
  return six_digits ? std::string(*given.code) : std::string();
}

}  // namespace

Result<NewSession> SignIn::Start(const Credentials& given, const std::string& terminal) {
  std::string_view username = given.username;
  if (username.size() > kUsernameBytesMax || !IsText(username)) username = "";  // as unknown as any
  ASSIGN_OR_RETURN(const Challenge challenge,
                   AskForChallenge(pool_, std::string(username), terminal));
  const auto answer = Hash(passwords_, challenge, given.password);
  if (!answer.has_value()) {
    Withdraw(pool_, challenge);
    return Failure(answer.error());
  }
  return GiveAnswer(pool_, challenge, *answer, CodeOf(given));
}

}  // namespace yagura::access_control
