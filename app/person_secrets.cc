#include "app/person_secrets.h"

#include "access_control/password_sodium.h"
#include "app/fact_change.h"
#include "app/secret_input_posix.h"

namespace yagura::app {

using access_control::SecondFactor;

Result<std::string> ReadNewPassword(VerbContext& context) {
  const Messages& say = context.say;
  const Error refusal =
      Refusal(ErrorCode::kInvalidArgument, say("password.wrong"), say("password.next"));
  ASSIGN_OR_RETURN(const std::string password,
                   Explain(ReadSecretLine(context.in, say("password.prompt")),
                           ErrorCode::kInvalidArgument, refusal));
  return Explain(access_control::HashPassword(password), ErrorCode::kInvalidArgument, refusal);
}

SecondFactor NewSecondFactor(const VerbContext& context) {
  if (context.given.Has("password-alone")) return access_control::kPasswordAlone;
  return access_control::NewTotpSecret();
}

void TellSecondFactor(const VerbContext& context, const std::string& username,
                      const SecondFactor& factor) {
  if (!factor) {
    context.Tell(context.say("otp.password_alone", {{"username", username}}));
    return;
  }
  context.Tell(context.say("otp.given"));
  context.Tell(access_control::OtpauthUri(username, *factor));
}

Error NoSuchPerson(const VerbContext& context, const std::string& username) {
  return Refusal(ErrorCode::kNotFound, context.say("person.unknown", {{"given", username}}),
                 context.say("person.unknown.next"));
}

}  // namespace yagura::app
