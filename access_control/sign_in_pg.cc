#include <pqxx/pqxx>
#include <span>
#include <utility>

#include "access_control/password_sodium.h"
#include "access_control/sha256_sodium.h"
#include "access_control/sign_in.h"
#include "core/pg/values.h"

namespace yagura::access_control {
namespace {

constexpr auto kChallenge = "SELECT limited, attempt, challenge FROM sign_in_challenge($1, $2)";
constexpr auto kAnswer = "SELECT session_id, person_id, expires_at FROM sign_in_answer($1, $2, $3)";

/// The longest name that is looked up; longer ones don't exist.
constexpr std::size_t kUsernameBytesMax = 64;

struct Challenge {
  std::string attempt;
  std::string text;
};

tl::unexpected<Error> Refused(std::string message) {
  return Failure(Error(ErrorCode::kUnauthenticated, std::move(message))
                     .WithPublicMessage("unknown user name or wrong password"));
}

Result<Challenge> AskForChallenge(pg::Pool& pool, const std::string& username,
                                  const std::string& terminal) {
  bool limited = false;
  Challenge challenge;
  RETURN_IF_ERROR(pool.Run([&](pqxx::transaction_base& transaction) -> Result<void> {
    const auto row = transaction.exec_params1(kChallenge, username, terminal);
    limited = row["limited"].as<bool>();
    if (!limited)
      challenge = {row["attempt"].as<std::string>(), row["challenge"].as<std::string>()};
    return {};  // a refusal is committed too
  }));
  if (!limited) return challenge;
  return Failure(Error(ErrorCode::kResourceExhausted, "too many attempts to sign in")
                     .WithPublicMessage("too many attempts to sign in; try again later"));
}

std::string TokenParameter(std::string_view token) {
  return pg::BytesParameter(
      Sha256Of(std::span(reinterpret_cast<const std::uint8_t*>(token.data()), token.size())));
}

/// A session where the answer is right; nothing where it is wrong.
Result<std::optional<NewSession>> GiveAnswer(pg::Pool& pool, const Challenge& challenge,
                                             const std::string& answer) {
  std::optional<NewSession> session;
  std::string token = NewToken();
  RETURN_IF_ERROR(pool.Run([&](pqxx::transaction_base& transaction) -> Result<void> {
    const auto rows =
        transaction.exec_params(kAnswer, challenge.attempt, answer, TokenParameter(token));
    session.reset();
    if (rows.empty()) return {};
    session = NewSession{token, pg::IdOf<SessionId>(rows[0]["session_id"].c_str()),
                         pg::IdOf<PersonId>(rows[0]["person_id"].c_str()),
                         pg::TimeOf(rows[0]["expires_at"].c_str())};
    return {};
  }));
  return session;
}

/// Argon2id within the queue's bounds. A password out of bounds is as wrong as any, and costs as
/// much.
Result<std::string> Hash(PasswordQueue& passwords, const std::string& challenge,
                         std::string_view password) {
  auto place = passwords.Enter();
  if (!place.has_value()) return Failure(place.error());
  auto answer = AnswerChallenge(challenge, password);
  if (answer.has_value() || answer.error().code() != ErrorCode::kInvalidArgument) return answer;
  RETURN_IF_ERROR(AnswerChallenge(challenge, "as long as that takes"));
  return std::string("out of bounds");
}

bool IsText(std::string_view text) { return text.find('\0') == std::string_view::npos; }

}  // namespace

Result<NewSession> SignIn::Start(std::string_view username, std::string_view password,
                                 const std::string& terminal) {
  if (username.size() > kUsernameBytesMax || !IsText(username)) username = "";  // as unknown as any
  ASSIGN_OR_RETURN(const Challenge challenge,
                   AskForChallenge(pool_, std::string(username), terminal));
  ASSIGN_OR_RETURN(const std::string answer, Hash(passwords_, challenge.text, password));
  ASSIGN_OR_RETURN(std::optional<NewSession> session, GiveAnswer(pool_, challenge, answer));
  if (!session) return Refused("sign-in refused");
  return *std::move(session);
}

}  // namespace yagura::access_control
