#include "access_control/people_pg.h"
#include "app/fact_change.h"
#include "app/people_list_pg.h"
#include "app/person_secrets.h"
#include "app/reach_preview.h"
#include "app/text_table.h"
#include "app/verbs.h"

namespace yagura::app {
namespace {

using access_control::PeopleBook;
using access_control::SecondFactor;

Result<int> AddPerson(VerbContext& context) {
  const std::string username = context.given.Get("username");
  ASSIGN_OR_RETURN(const std::string hash, ReadNewPassword(context));
  const SecondFactor factor = NewSecondFactor(context);
  ASSIGN_OR_RETURN(const auto pool, context.OpenDatabase());
  auto added =
      PeopleBook(*pool, Actor()).AddPerson(username, context.given.Get("name"), hash, factor);
  // The schema's rule for names of accounts is the only constraint that can be broken here.
  added = Explain(
      std::move(added), ErrorCode::kFailedPrecondition,
      Refusal(ErrorCode::kInvalidArgument, context.say("username.wrong", {{"given", username}}),
              context.say("username.next")));
  ASSIGN_OR_RETURN(const int code,
                   TellAdded(context, added.transform([](PersonId) {}),
                             context.say("person.added", {{"username", username}}),
                             context.say("person.there", {{"username", username}})));
  if (added.has_value()) TellSecondFactor(context, username, factor);
  return code;
}

Result<int> ChangePerson(VerbContext& context) {
  const std::string username = context.given.Get("username");
  ASSIGN_OR_RETURN(const auto pool, context.OpenDatabase());
  RETURN_IF_ERROR(Explain(PeopleBook(*pool, Actor()).Rename(username, context.given.Get("name")),
                          ErrorCode::kNotFound, NoSuchPerson(context, username)));
  context.Tell(context.say("person.changed", {{"username", username}}));
  return 0;
}

Result<int> DisablePerson(VerbContext& context) {
  const std::string username = context.given.Get("username");
  ASSIGN_OR_RETURN(const FactChange facts, FactChange::Begin(context));
  ASSIGN_OR_RETURN(const office::Office stored, ReadOffice(facts));
  if (!Knows(stored, office::Sheet::kPeople, username))
    return Failure(NoSuchPerson(context, username));
  ASSIGN_OR_RETURN(const auto reach, TellReachOf(stored, WithPersonDisabled(username), facts));
  if (context.given.Has("preview")) return TellPreview(context, reach);
  RETURN_IF_ERROR(PeopleBook(facts.pool(), Actor()).DisablePerson(username));
  context.Tell(context.say("person.disabled", {{"username", username}}));
  for (const std::string& line : reach) context.Tell(line);
  return 0;
}

const char* NameOf(FactorState factor) {
  if (factor == FactorState::kSet) return "set";
  return factor == FactorState::kPasswordAlone ? "password_alone" : "missing";
}

std::string ShownFactor(const VerbContext& context, FactorState factor) {
  if (factor == FactorState::kSet) return context.say("otp.set");
  return factor == FactorState::kPasswordAlone ? context.say("otp.none")
                                               : context.say("otp.missing");
}

Result<int> ListPersons(VerbContext& context) {
  ASSIGN_OR_RETURN(const FactChange facts, FactChange::Begin(context));
  ASSIGN_OR_RETURN(const auto people,
                   facts.pool().ReadFor<std::vector<ListedPerson>>(
                       [](auto& transaction) -> Result<std::vector<ListedPerson>> {
                         return ListPeople(transaction);
                       }));
  Json items = Json::Array();
  std::vector<std::vector<std::string>> rows{
      {context.say("column.username"), context.say("column.name"),
       context.say("column.second_factor"), context.say("column.disabled")}};
  for (const ListedPerson& person : people) {
    const Json disabled = person.disabled_at ? Json(FormatRfc3339(*person.disabled_at)) : Json();
    items.Push(Json::Object({{"id", ToString(person.id)},
                             {"username", person.username},
                             {"name", person.name},
                             {"second_factor", NameOf(person.factor)},
                             {"disabled_at", disabled}}));
    rows.push_back({person.username, person.name, ShownFactor(context, person.factor),
                    person.disabled_at ? facts.Shown(*person.disabled_at) : ""});
  }
  context.out << (context.given.Has("json") ? Json::Object({{"items", items}}).Dump() + "\n"
                                            : TextTable(rows));
  return 0;
}

}  // namespace

std::vector<Verb> PersonVerbs(const Messages& say) {
  const auto username = Required("username", say("value.name"), say("option.username"));
  return {
      {.command = {.words = {"person", "add"},
                   .summary = say("person.add"),
                   .description = say("person.add.about"),
                   .examples =
                       {"yagura person add --username suzuki.h --name '鈴木 花子'",
                        "yagura person add --username suzuki.h --name '鈴木 花子' < password-file"},
                   .options = {username,
                               Required("name", say("value.name"), say("option.person_name")),
                               Flag("password-alone", say("option.password_alone")),
                               Flag("if-absent", say("option.if_absent"))}},
       .run = AddPerson},
      {.command = {.words = {"person", "change"},
                   .summary = say("person.change"),
                   .description = say("person.change.about"),
                   .examples = {"yagura person change --username suzuki.h --name '佐藤 花子'"},
                   .options = {username,
                               Required("name", say("value.name"), say("option.person_name"))}},
       .run = ChangePerson},
      {.command = {.words = {"person", "disable"},
                   .summary = say("person.disable"),
                   .description = say("person.disable.about"),
                   .examples = {"yagura person disable --username suzuki.h",
                                "yagura person disable --username suzuki.h --preview"},
                   .options = {username, Flag("preview", say("option.preview"))}},
       .run = DisablePerson},
      {.command = {.words = {"person", "list"},
                   .summary = say("person.list"),
                   .description = say("person.list.about"),
                   .examples = {"yagura person list", "yagura person list --json"},
                   .options = {Flag("json", say("option.json"))}},
       .run = ListPersons}};
}

}  // namespace yagura::app
