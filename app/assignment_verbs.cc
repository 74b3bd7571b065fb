#include <algorithm>

#include "access_control/people_pg.h"
#include "app/fact_change.h"
#include "app/names.h"
#include "app/people_list_pg.h"
#include "app/reach_preview.h"
#include "app/text_table.h"
#include "app/verbs.h"

namespace yagura::app {
namespace {

using access_control::PeopleBook;
using access_control::Post;

constexpr const char* kPosts =
    "department_head|general_manager|crisis_management|operations|auditor|administrator";

Result<std::vector<ListedAssignment>> Current(const FactChange& facts) {
  return facts.pool().ReadFor<std::vector<ListedAssignment>>(
      [&](auto& transaction) -> Result<std::vector<ListedAssignment>> {
        return ListAssignments(transaction, facts.now());
      });
}

Result<Post> PostOf(const VerbContext& context) {
  const std::string text = context.given.Get("post");
  const Post post = access_control::ParsePost(text);
  if (post != Post::kUnknown) return post;
  return Failure(Refusal(ErrorCode::kInvalidArgument,
                         context.say("post.unknown", {{"given", text}}),
                         context.say("post.unknown.next", {{"posts", kPosts}})));
}

/// Whether this person holds this post in this unit in all of `valid`.
Result<bool> HoldsAlready(const VerbContext& context, const FactChange& facts, WallRange valid) {
  ASSIGN_OR_RETURN(const auto current, Current(facts));
  const auto& given = context.given;
  return std::ranges::any_of(current, [&](const ListedAssignment& a) {
    return a.username == given.Get("person") && a.post == given.Get("post") &&
           a.unit == given.Get("unit") && a.valid.from <= valid.from && valid.to <= a.valid.to;
  });
}

/// Whether the person can't sign in yet, as an administrator.
Result<bool> NeedsFactor(const VerbContext& context, const FactChange& facts, Post post) {
  if (post != Post::kAdministrator) return false;
  ASSIGN_OR_RETURN(const auto people,
                   facts.pool().ReadFor<std::vector<ListedPerson>>(
                       [](auto& transaction) -> Result<std::vector<ListedPerson>> {
                         return ListPeople(transaction);
                       }));
  const std::string username = context.given.Get("person");
  const auto person = std::ranges::find(people, username, &ListedPerson::username);
  return person != people.end() && person->factor != FactorState::kSet;
}

Result<int> AddAssignment(VerbContext& context) {
  const auto& given = context.given;
  ASSIGN_OR_RETURN(const Post post, PostOf(context));
  ASSIGN_OR_RETURN(const FactChange facts, FactChange::Begin(context));
  WallRange valid;
  ASSIGN_OR_RETURN(valid.from, facts.Instant("from", facts.now()));
  ASSIGN_OR_RETURN(valid.to, facts.Instant("to", WallTime::max()));
  if (valid.to <= valid.from) {
    return Failure(Refusal(ErrorCode::kInvalidArgument, context.say("range.wrong"),
                           context.say("range.next")));
  }
  const auto told = [&](MessageKey key) {
    return context.say(key, {{"person", given.Get("person")},
                             {"post", NameOfPost(given.Get("post"), context.say)},
                             {"unit", given.Get("unit")}});
  };
  if (given.Has("if-absent")) {
    ASSIGN_OR_RETURN(const bool holds, HoldsAlready(context, facts, valid));
    if (holds) {
      context.Tell(told("assignment.there"));
      return 0;
    }
  }
  ASSIGN_OR_RETURN(const office::Office stored, ReadOffice(facts));
  if (!Knows(stored, office::Sheet::kPeople, given.Get("person")) ||
      !Knows(stored, office::Sheet::kUnits, given.Get("unit"))) {
    return Failure(Refusal(ErrorCode::kNotFound, told("assignment.unknown"),
                           context.say("assignment.unknown.next")));
  }
  ASSIGN_OR_RETURN(
      const auto reach,
      TellReachOf(
          stored,
          WithAssignment({given.Get("person"), given.Get("post"), given.Get("unit")}, valid),
          facts));
  if (given.Has("preview")) return TellPreview(context, reach);
  ASSIGN_OR_RETURN(const bool needs_factor, NeedsFactor(context, facts, post));
  const auto added = PeopleBook(facts.pool(), Actor())
                         .AddAssignment(given.Get("person"), post, given.Get("unit"), valid);
  if (!added.has_value()) return Failure(added.error());
  context.Tell(told("assignment.added"));
  for (const std::string& line : reach) context.Tell(line);
  if (needs_factor)
    context.Tell(context.say("assignment.needs_factor", {{"person", given.Get("person")}}));
  return 0;
}

/// Who gains or loses what where the assignment ends at `at`; nothing of one that isn't held then.
Result<std::vector<std::string>> ReachOfEnding(const FactChange& facts, AssignmentId id,
                                               WallTime at) {
  ASSIGN_OR_RETURN(const auto current, Current(facts));
  const auto ending = std::ranges::find(current, id, &ListedAssignment::id);
  if (ending == current.end() || at <= ending->valid.from || ending->valid.to <= at)
    return std::vector<std::string>();
  ASSIGN_OR_RETURN(const office::Office stored, ReadOffice(facts));
  return TellReachOf(
      stored,
      WithAssignmentEnded({ending->username, ending->post, ending->unit}, ending->valid.from, at),
      facts);
}

Result<int> EndAssignment(VerbContext& context) {
  ASSIGN_OR_RETURN(const FactChange facts, FactChange::Begin(context));
  ASSIGN_OR_RETURN(const WallTime at, facts.Instant("at", facts.now()));
  const std::string text = context.given.Get("id");
  const Error unknown =
      Refusal(ErrorCode::kNotFound, context.say("assignment.no_such", {{"given", text}}),
              context.say("assignment.no_such.next"));
  const auto id = ParseId<AssignmentId>(text);
  if (!id) return Failure(unknown);
  ASSIGN_OR_RETURN(const auto reach, ReachOfEnding(facts, *id, at));
  if (context.given.Has("preview") && !reach.empty()) return TellPreview(context, reach);
  RETURN_IF_ERROR(Explain(Explain(PeopleBook(facts.pool(), Actor()).EndAssignment(*id, at),
                                  ErrorCode::kNotFound, unknown),
                          ErrorCode::kFailedPrecondition,
                          Refusal(ErrorCode::kFailedPrecondition,
                                  context.say("assignment.not_then", {{"at", facts.Shown(at)}}),
                                  context.say("assignment.no_such.next"))));
  context.Tell(context.say("assignment.ended", {{"at", facts.Shown(at)}}));
  for (const std::string& line : reach) context.Tell(line);
  return 0;
}

Json ToJson(const ListedAssignment& assignment) {
  const bool open = assignment.valid.to == WallTime::max();
  return Json::Object({{"id", ToString(assignment.id)},
                       {"username", assignment.username},
                       {"post", assignment.post},
                       {"unit", assignment.unit},
                       {"from", FormatRfc3339(assignment.valid.from)},
                       {"to", open ? Json() : Json(FormatRfc3339(assignment.valid.to))}});
}

Result<int> ListAll(VerbContext& context) {
  const Messages& say = context.say;
  ASSIGN_OR_RETURN(const FactChange facts, FactChange::Begin(context));
  ASSIGN_OR_RETURN(const auto current, Current(facts));
  Json items = Json::Array();
  std::vector<std::vector<std::string>> rows{{say("column.username"), say("column.post"),
                                              say("column.unit"), say("column.from"),
                                              say("column.to"), "ID"}};
  for (const ListedAssignment& a : current) {
    items.Push(ToJson(a));
    rows.push_back({a.username, NameOfPost(a.post, say), a.unit, facts.Shown(a.valid.from),
                    a.valid.to == WallTime::max() ? "" : facts.Shown(a.valid.to), ToString(a.id)});
  }
  context.out << (context.given.Has("json") ? Json::Object({{"items", items}}).Dump() + "\n"
                                            : TextTable(rows));
  return 0;
}

}  // namespace

std::vector<Verb> AssignmentVerbs(const Messages& say) {
  return {
      {.command = {.words = {"assignment", "add"},
                   .summary = say("assignment.add"),
                   .description = say("assignment.add.about"),
                   .examples =
                       {"yagura assignment add --person suzuki.h --post department_head --unit TAX",
                        "yagura assignment add --person suzuki.h --post department_head --unit TAX "
                        "--from 2027-04-01 --to 2027-07-01 --preview"},
                   .options = {Required("person", say("value.name"), say("option.person")),
                               Required("post", say("value.post"),
                                        say("option.post", {{"posts", kPosts}})),
                               Required("unit", say("value.code"), say("option.unit_of_post")),
                               Optional("from", say("value.instant"), say("option.from")),
                               Optional("to", say("value.instant"), say("option.to")),
                               Flag("if-absent", say("option.if_absent")),
                               Flag("preview", say("option.preview"))}},
       .run = AddAssignment},
      {.command = {.words = {"assignment", "end"},
                   .summary = say("assignment.end"),
                   .description = say("assignment.end.about"),
                   .examples = {"yagura assignment end --id 0f8fad5b-d9cb-469f-a165-70867728950e "
                                "--at 2027-04-01"},
                   .options = {Required("id", "ID", say("option.assignment_id")),
                               Optional("at", say("value.instant"), say("option.at_now")),
                               Flag("preview", say("option.preview"))}},
       .run = EndAssignment},
      {.command = {.words = {"assignment", "list"},
                   .summary = say("assignment.list"),
                   .description = say("assignment.list.about"),
                   .examples = {"yagura assignment list", "yagura assignment list --json"},
                   .options = {Flag("json", say("option.json"))}},
       .run = ListAll}};
}

}  // namespace yagura::app
