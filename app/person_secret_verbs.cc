#include <ostream>

#include "access_control/totp_oath.h"
#include "app/fact_change.h"
#include "app/person_secrets.h"
#include "app/secret_input_posix.h"
#include "app/verbs.h"

namespace yagura::app {

using access_control::PeopleBook;
using access_control::SecondFactor;

namespace {

Result<int> SetPassword(VerbContext& context) {
  const std::string username = context.given.Get("username");
  ASSIGN_OR_RETURN(const std::string hash, ReadNewPassword(context));
  ASSIGN_OR_RETURN(const auto pool, context.OpenDatabase());
  RETURN_IF_ERROR(Explain(PeopleBook(*pool, Actor()).SetPassword(username, hash),
                          ErrorCode::kNotFound, NoSuchPerson(context, username)));
  context.Tell(context.say("person.password_set", {{"username", username}}));
  return 0;
}

Result<int> ResetSecondFactor(VerbContext& context) {
  const std::string username = context.given.Get("username");
  const SecondFactor factor = NewSecondFactor(context);
  ASSIGN_OR_RETURN(const auto pool, context.OpenDatabase());
  RETURN_IF_ERROR(Explain(PeopleBook(*pool, Actor()).SetSecondFactor(username, factor),
                          ErrorCode::kNotFound, NoSuchPerson(context, username)));
  TellSecondFactor(context, username, factor);
  return 0;
}

Result<int> ShowCode(VerbContext& context) {
  const Messages& say = context.say;
  const WallTime now = context.clock.Now();
  ASSIGN_OR_RETURN(
      const WallTime at,
      Explain(
          ParseRfc3339(context.given.Find("at").value_or(FormatRfc3339(now))),
          ErrorCode::kInvalidArgument,
          Refusal(ErrorCode::kInvalidArgument,
                  say("instant.wrong", {{"option", "--at"}, {"given", context.given.Get("at")}}),
                  say("instant.next", {{"option", "--at"}, {"example", FormatRfc3339(now)}}))));
  const Error refusal =
      Refusal(ErrorCode::kInvalidArgument, say("otp.wrong_secret"), say("otp.wrong_secret.next"));
  ASSIGN_OR_RETURN(const std::string text, Explain(ReadSecretLine(context.in, say("otp.prompt")),
                                                   ErrorCode::kInvalidArgument, refusal));
  const auto secret = access_control::TotpSecretOf(text);
  if (!secret) return Failure(refusal);
  context.out << access_control::TotpCode(*secret, at) << "\n";
  return 0;
}

}  // namespace

std::vector<Verb> PersonSecretVerbs(const Messages& say) {
  const auto username = Required("username", say("value.name"), say("option.person"));
  return {{.command = {.words = {"person", "password"},
                       .summary = say("person.password"),
                       .description = say("person.password.about"),
                       .examples = {"yagura person password --username suzuki.h"},
                       .options = {username}},
           .run = SetPassword},
          InitialPasswordsVerb(say),
          {.command = {.words = {"person", "otp-reset"},
                       .summary = say("person.otp_reset"),
                       .description = say("person.otp_reset.about"),
                       .examples = {"yagura person otp-reset --username suzuki.h",
                                    "yagura person otp-reset --username suzuki.h --password-alone"},
                       .options = {username, Flag("password-alone", say("option.password_alone"))}},
           .run = ResetSecondFactor},
          {.command = {.words = {"person", "otp-code"},
                       .summary = say("person.otp_code"),
                       .description = say("person.otp_code.about"),
                       .examples = {"yagura person otp-code < secret-file"},
                       .options = {Optional("at", say("value.instant"), say("option.code_at"))}},
           .run = ShowCode}};
}

}  // namespace yagura::app
