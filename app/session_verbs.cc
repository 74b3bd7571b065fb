#include <ostream>

#include "access_control/people_pg.h"
#include "app/fact_change.h"
#include "app/people_list_pg.h"
#include "app/person_secrets.h"
#include "app/text_table.h"
#include "app/verbs.h"

namespace yagura::app {
namespace {

using access_control::PeopleBook;

Result<int> ListOpenSessions(VerbContext& context) {
  const Messages& say = context.say;
  ASSIGN_OR_RETURN(const FactChange facts, FactChange::Begin(context));
  ASSIGN_OR_RETURN(const auto sessions,
                   facts.pool().ReadFor<std::vector<ListedSession>>(
                       [](auto& transaction) -> Result<std::vector<ListedSession>> {
                         return ListSessions(transaction);
                       }));
  Json items = Json::Array();
  std::vector<std::vector<std::string>> rows{{say("column.username"), say("column.terminal"),
                                              say("column.started"), say("column.last_used"),
                                              say("column.ends"), "ID"}};
  for (const ListedSession& one : sessions) {
    items.Push(Json::Object({{"id", ToString(one.id)},
                             {"username", one.username},
                             {"terminal", one.terminal},
                             {"started_at", FormatRfc3339(one.started_at)},
                             {"last_used_at", FormatRfc3339(one.last_used_at)},
                             {"ends_at", FormatRfc3339(one.ends_at)}}));
    rows.push_back({one.username, one.terminal, facts.Shown(one.started_at),
                    facts.Shown(one.last_used_at), facts.Shown(one.ends_at), ToString(one.id)});
  }
  context.out << (context.given.Has("json") ? Json::Object({{"items", items}}).Dump() + "\n"
                                            : TextTable(rows));
  return 0;
}

Result<int> EndOne(VerbContext& context, PeopleBook& people, const std::string& text) {
  const Error unknown =
      Refusal(ErrorCode::kNotFound, context.say("session.no_such", {{"given", text}}),
              context.say("session.no_such.next"));
  const auto id = ParseId<SessionId>(text);
  if (!id) return Failure(unknown);
  RETURN_IF_ERROR(Explain(people.EndSession(*id), ErrorCode::kNotFound, unknown));
  context.Tell(context.say("session.ended", {{"count", "1"}}));
  return 0;
}

Result<int> EndSessions(VerbContext& context) {
  const auto id = context.given.Find("id");
  const auto username = context.given.Find("username");
  if (id.has_value() == username.has_value()) {
    return Failure(Refusal(ErrorCode::kInvalidArgument, context.say("session.which"),
                           context.say("session.which.next")));
  }
  ASSIGN_OR_RETURN(const auto pool, context.OpenDatabase());
  PeopleBook people(*pool, Actor());
  if (id) return EndOne(context, people, *id);
  ASSIGN_OR_RETURN(const int ended, Explain(people.EndSessionsOf(*username), ErrorCode::kNotFound,
                                            NoSuchPerson(context, *username)));
  context.Tell(context.say("session.ended", {{"count", std::to_string(ended)}}));
  return 0;
}

}  // namespace

std::vector<Verb> SessionVerbs(const Messages& say) {
  return {{.command = {.words = {"session", "list"},
                       .summary = say("session.list"),
                       .description = say("session.list.about"),
                       .examples = {"yagura session list", "yagura session list --json"},
                       .options = {Flag("json", say("option.json"))}},
           .run = ListOpenSessions},
          {.command = {.words = {"session", "end"},
                       .summary = say("session.end"),
                       .description = say("session.end.about"),
                       .examples = {"yagura session end --username suzuki.h",
                                    "yagura session end --id 0f8fad5b-d9cb-469f-a165-70867728950e"},
                       .options = {Optional("username", say("value.name"), say("option.person")),
                                   Optional("id", "ID", say("option.session_id"))}},
           .run = EndSessions}};
}

}  // namespace yagura::app
