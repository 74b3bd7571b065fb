#include <map>
#include <optional>
#include <ostream>
#include <utility>

#include "app/camera_input.h"
#include "app/fact_change.h"
#include "app/shown_bytes.h"
#include "app/text_table.h"
#include "app/verbs.h"
#include "fleet/cameras_pg.h"
#include "fleet/places_pg.h"
#include "storage/retention_terms_pg.h"

namespace yagura::app {
namespace {

using storage::DueDay;
using storage::RetentionTerm;
using storage::RetentionTerms;
using storage::StoredHour;
using storage::TermSubject;

constexpr int kShortestDays = 7;
constexpr int kLongestDays = 3650;
static_assert(storage::kShortestTerm == std::chrono::hours(24 * kShortestDays));
static_assert(storage::kLongestTerm == std::chrono::hours(24 * kLongestDays));

using SubjectNames = std::map<std::string, TermSubject>;

/// Places by their codes from the site on.
SubjectNames Places(pqxx::transaction_base& transaction) {
  SubjectNames places;
  for (const fleet::Site& site : fleet::ListPlaces(transaction)) {
    places[site.code] = site.id;
    for (const fleet::Building& building : site.buildings) {
      const std::string code = site.code + "/" + building.code;
      places[code] = building.id;
      for (const fleet::Floor& floor : building.floors) places[code + "/" + floor.code] = floor.id;
    }
  }
  return places;
}

Result<TermSubject> GivenSubject(const VerbContext& context, pqxx::transaction_base& transaction) {
  const auto camera = context.given.Find("camera");
  const auto place = context.given.Find("place");
  if (camera && place) {
    return Failure(Refusal(ErrorCode::kInvalidArgument, context.say("retention.both"),
                           context.say("retention.both.next")));
  }
  if (camera) {
    ASSIGN_OR_RETURN(const CameraId id, CameraOf(context, transaction, *camera));
    return TermSubject(id);
  }
  if (!place) return TermSubject();
  const SubjectNames places = Places(transaction);
  if (const auto found = places.find(*place); found != places.end()) return found->second;
  return Failure(Refusal(ErrorCode::kNotFound,
                         context.say("retention.place.unknown", {{"given", *place}}),
                         context.say("retention.place.unknown.next")));
}

std::int64_t DaysIn(microseconds span) { return span / std::chrono::hours(24); }

/// Nothing with --inherit.
Result<std::optional<storage::RetentionRule>> GivenRule(const VerbContext& context) {
  const bool inherits = context.given.Has("inherit");
  const bool of_all = !context.given.Has("camera") && !context.given.Has("place");
  if (inherits == context.given.Has("days") || (inherits && of_all)) {
    return Failure(Refusal(ErrorCode::kInvalidArgument, context.say("retention.what"),
                           context.say("retention.what.next")));
  }
  if (inherits) return std::nullopt;
  ASSIGN_OR_RETURN(const std::int64_t days,
                   context.given.Integer("days", kShortestDays, kLongestDays));
  ASSIGN_OR_RETURN(const std::int64_t minimum,
                   context.given.Integer("minimum-days", kShortestDays, kLongestDays));
  if (minimum > days) {
    const Messages& say = context.say;
    return Failure(Refusal(ErrorCode::kInvalidArgument,
                           say("retention.minimum", {{"minimum", std::to_string(minimum)},
                                                     {"days", std::to_string(days)}}),
                           say("retention.minimum.next")));
  }
  return storage::RetentionRule{.keep = std::chrono::hours(24 * days),
                                .minimum = std::chrono::hours(24 * minimum)};
}

Result<RetentionTerm> GivenTerm(const VerbContext& context, pqxx::transaction_base& transaction,
                                WallTime from) {
  RetentionTerm term;
  term.from = from;
  term.purpose = context.given.Find("purpose").value_or("");
  ASSIGN_OR_RETURN(term.of, GivenSubject(context, transaction));
  ASSIGN_OR_RETURN(term.rule, GivenRule(context));
  return term;
}

std::string Told(const RetentionTerm& term, const Messages& say) {
  if (!term.rule) return say("retention.no_term");
  return say("retention.term", {{"days", std::to_string(DaysIn(term.rule->keep))},
                                {"minimum", std::to_string(DaysIn(term.rule->minimum))}});
}

std::string GivenName(const VerbContext& context) {
  const auto camera = context.given.Find("camera");
  return camera ? *camera : context.given.Find("place").value_or(context.say("retention.office"));
}

/// Rows of clips are not the console's own role's to read. There may be a hundred million.
Result<std::vector<StoredHour>> Stored(const VerbContext& context) {
  ASSIGN_OR_RETURN(const Configuration configuration, context.LoadConfiguration());
  pg::ConnectOptions database = configuration.DatabaseAs("yagura_keep");
  database.statement_timeout = database.transaction_timeout = std::chrono::minutes(10);
  pg::Pool pool(database, 1);
  return pool.ReadFor<std::vector<StoredHour>>([](pqxx::transaction_base& transaction) {
    return Result<std::vector<StoredHour>>(storage::ReadStoredHours(transaction));
  });
}

/// What goes sooner by the term, in words; nothing where nothing does.
std::optional<std::string> Warning(const std::vector<DueDay>& days, const FactChange& facts,
                                   WallTime from) {
  std::uint64_t clips = 0;
  std::string first;
  for (const DueDay& day : days) {
    if (clips == 0 && day.sooner_clips > 0) first = day.date;
    clips += day.sooner_clips;
  }
  if (clips == 0) return std::nullopt;
  return facts.say()(
      "retention.sooner",
      {{"clips", std::to_string(clips)}, {"date", first}, {"at", facts.Shown(from)}});
}

Json Record(const RetentionTerm& term, std::int64_t version) {
  Json record = Json::Object({{"version", version}});
  const auto set = [&](const char* kind, const auto* id) {
    if (id != nullptr) record.Set(kind, ToString(*id));
  };
  set("camera", std::get_if<CameraId>(&term.of));
  set("floor", std::get_if<FloorId>(&term.of));
  set("building", std::get_if<BuildingId>(&term.of));
  set("site", std::get_if<SiteId>(&term.of));
  if (!term.rule) return record;
  record.Set("days", DaysIn(term.rule->keep));
  return record.Set("minimum_days", DaysIn(term.rule->minimum));
}

Result<int> SetTerm(VerbContext& context) {
  ASSIGN_OR_RETURN(const FactChange facts, FactChange::Begin(context));
  ASSIGN_OR_RETURN(const WallTime from, facts.EffectAt());
  RetentionTerm term;
  std::optional<RetentionTerms> before;
  std::int64_t version = 0;
  RETURN_IF_ERROR(facts.Enter(
      access_control::AuditEvent::kRetentionSet,
      [&](pqxx::transaction_base& transaction) -> Result<Json> {
        ASSIGN_OR_RETURN(term, GivenTerm(context, transaction, from));
        before = storage::ReadTerms(transaction);
        ASSIGN_OR_RETURN(version, storage::AddTerm(transaction, term));
        return Record(term, version);
      },
      from));
  context.Tell(context.say("retention.was_set", {{"version", std::to_string(version)},
                                                 {"of", GivenName(context)},
                                                 {"term", Told(term, context.say)},
                                                 {"at", facts.Shown(from)}}));
  const auto stored = Stored(context);
  if (!stored.has_value()) {  // the term is set all the same
    context.Note(context.say("retention.untold", {{"why", ToString(stored.error())}}));
    return 0;
  }
  const auto days = storage::ForecastDeletions(*stored, *before, before->With(term), facts.now(),
                                               facts.calendar());
  if (const auto warning = Warning(days, facts, from)) context.Tell(*warning);
  return 0;
}

/// Every term's subject as people write it, by its kind and id.
std::map<TermSubject, std::string> NamesOf(pqxx::transaction_base& transaction, WallTime now) {
  std::map<TermSubject, std::string> names;
  for (const auto& [code, subject] : Places(transaction)) names[subject] = code;
  for (const fleet::CameraAtInstant& camera : fleet::ListCameras(transaction, now, true))
    names[camera.id] = camera.code;
  return names;
}

struct NamedTerms {
  std::vector<RetentionTerm> terms;
  std::map<TermSubject, std::string> names;
};

Result<int> ListTerms(VerbContext& context) {
  const Messages& say = context.say;
  ASSIGN_OR_RETURN(const FactChange facts, FactChange::Begin(context));
  ASSIGN_OR_RETURN(auto named, facts.pool().ReadFor<NamedTerms>([&](auto& transaction) {
    return Result<NamedTerms>(
        NamedTerms{storage::ReadTerms(transaction).all(), NamesOf(transaction, facts.now())});
  }));
  named.names[TermSubject()] = say("retention.office");
  Json items = Json::Array();
  std::vector<std::vector<std::string>> rows{
      {say("retention.column.version"), say("retention.column.of"), say("retention.column.term"),
       say("retention.column.from"), say("retention.column.purpose")}};
  for (const RetentionTerm& term : named.terms) {
    const bool always = term.from == WallTime::min();
    Json item = Record(term, term.version);
    item.Set("from", always ? Json() : Json(FormatRfc3339(term.from)));
    items.Push(item.Set("purpose", term.purpose));
    rows.push_back({std::to_string(term.version), named.names[term.of], Told(term, say),
                    always ? "" : facts.Shown(term.from), term.purpose});
  }
  context.out << (context.given.Has("json") ? Json::Object({{"items", items}}).Dump() + "\n"
                                            : TextTable(rows));
  return 0;
}

/// The terms as they are, and as they would be with what is given, where anything is.
Result<std::pair<RetentionTerms, RetentionTerms>> TermsToPlan(const VerbContext& context,
                                                              const FactChange& facts) {
  using Terms = std::pair<RetentionTerms, RetentionTerms>;
  const Arguments& given = context.given;
  const bool as_it_is = !given.Has("days") && !given.Has("inherit") && !given.Has("camera") &&
                        !given.Has("place") && !given.Has("at");
  ASSIGN_OR_RETURN(const WallTime from, facts.EffectAt());
  return facts.pool().ReadFor<Terms>([&](auto& transaction) -> Result<Terms> {
    const RetentionTerms terms = storage::ReadTerms(transaction);
    if (as_it_is) return Terms{terms, terms};
    ASSIGN_OR_RETURN(const RetentionTerm term, GivenTerm(context, transaction, from));
    return Terms{terms, terms.With(term)};
  });
}

void ShowPlan(VerbContext& context, const std::vector<DueDay>& days, std::uint64_t held_clips) {
  const Messages& say = context.say;
  Json items = Json::Array();
  std::vector<std::vector<std::string>> rows{
      {say("retention.column.day"), say("retention.column.clips"), say("retention.column.bytes"),
       say("retention.column.sooner")}};
  for (const DueDay& day : days) {
    items.Push(Json::Object({{"date", day.date},
                             {"clips", static_cast<std::int64_t>(day.clips)},
                             {"bytes", static_cast<std::int64_t>(day.bytes)},
                             {"sooner_clips", static_cast<std::int64_t>(day.sooner_clips)}}));
    rows.push_back({day.date, std::to_string(day.clips), ShownBytes(day.bytes),
                    std::to_string(day.sooner_clips)});
  }
  if (context.given.Has("json")) {
    const auto held = static_cast<std::int64_t>(held_clips);
    context.Tell(Json::Object({{"items", items}, {"held_clips", held}}).Dump());
    return;
  }
  if (days.empty()) context.Tell(say("retention.nothing"));
  if (!days.empty()) context.out << TextTable(rows);
  context.Tell(say("retention.held", {{"clips", std::to_string(held_clips)}}));
}

Result<int> PlanTerm(VerbContext& context) {
  ASSIGN_OR_RETURN(const FactChange facts, FactChange::Begin(context));
  ASSIGN_OR_RETURN(const auto terms, TermsToPlan(context, facts));
  ASSIGN_OR_RETURN(const auto stored, Stored(context));
  std::uint64_t held_clips = 0;
  for (const StoredHour& hour : stored) held_clips += hour.held_clips;
  ShowPlan(
      context,
      storage::ForecastDeletions(stored, terms.first, terms.second, facts.now(), facts.calendar()),
      held_clips);
  return 0;
}

/// What a term is made of; all but --purpose.
std::vector<CommandOption> TermOptions(const Messages& say) {
  CommandOption minimum =
      Optional("minimum-days", say("retention.value.days"), say("retention.minimum_days"));
  minimum.standard = std::to_string(kShortestDays);
  return {Optional("days", say("retention.value.days"), say("retention.days")),
          minimum,
          Optional("camera", say("value.code"), say("retention.camera")),
          Optional("place", say("value.code"), say("retention.place")),
          Flag("inherit", say("retention.inherit")),
          Optional("at", say("value.instant"), say("option.at"))};
}

}  // namespace

std::vector<Verb> RetentionVerbs(const Messages& say) {
  std::vector<CommandOption> set_options = TermOptions(say);
  set_options.push_back(Required("purpose", say("value.text"), say("retention.purpose")));
  std::vector<CommandOption> plan_options = TermOptions(say);
  const CommandOption json = Flag("json", say("option.json"));
  plan_options.push_back(json);
  return {{.command = {.words = {"retention", "set"},
                       .summary = say("retention.set"),
                       .description = say("retention.set.about"),
                       .examples = {"yagura retention set --days 14 --place HQ/MAIN/1F --at "
                                    "2027-04-01 --purpose '窓口の防犯'",
                                    "yagura retention set --inherit --camera 1F-03 --purpose "
                                    "'1階と同じ'"},
                       .options = set_options},
           .run = SetTerm},
          {.command = {.words = {"retention", "list"},
                       .summary = say("retention.list"),
                       .description = say("retention.list.about"),
                       .examples = {"yagura retention list", "yagura retention list --json"},
                       .options = {json}},
           .run = ListTerms},
          {.command = {.words = {"retention", "plan"},
                       .summary = say("retention.plan"),
                       .description = say("retention.plan.about"),
                       .examples = {"yagura retention plan",
                                    "yagura retention plan --days 14 --place HQ/MAIN/1F --at "
                                    "2027-04-01"},
                       .options = plan_options},
           .run = PlanTerm}};
}

}  // namespace yagura::app
