#include <algorithm>

#include "app/fact_change.h"
#include "app/office_folder.h"
#include "app/office_preview.h"
#include "app/office_problems.h"
#include "app/verbs.h"
#include "fleet/effect.h"
#include "office/check_office.h"
#include "office/read_office.h"
#include "office/store_pg.h"

namespace yagura::app {
namespace {

using office::Comparison;
using office::Office;

constexpr int kTheyDiffer = 1;

/// A verb about the office's files: the folder, the database, and the office's days.
struct OfficeDesk {
  static Result<OfficeDesk> Open(VerbContext& context) {
    ASSIGN_OR_RETURN(const Configuration configuration, context.LoadConfiguration());
    ASSIGN_OR_RETURN(OfficeCalendar calendar, OfficeCalendar::Load(configuration.time_zone));
    pg::ConnectOptions options = configuration.DatabaseAs("yagura_admin");
    options.statement_timeout = std::chrono::seconds(10);  // a whole office in one statement
    options.transaction_timeout = std::chrono::seconds(20);
    return OfficeDesk{context, std::move(calendar), std::make_unique<pg::Pool>(options, 1),
                      context.given.Get("folder")};
  }
  [[nodiscard]] Result<Office> Stored() const {
    return pool->ReadFor<Office>([&](auto& transaction) -> Result<Office> {
      return office::ReadStored(transaction, calendar);
    });
  }

  VerbContext& context;
  OfficeCalendar calendar;
  std::unique_ptr<pg::Pool> pool;
  std::string folder;
};

Error Refused(const VerbContext& context, const office::Problems& problems) {
  const Messages& say = context.say;
  return Refusal(ErrorCode::kInvalidArgument,
                 say("office.refused", {{"count", std::to_string(problems.size())}}) +
                     TellProblems(problems, say),
                 say("office.refused.next"));
}

/// The office that the folder's files say, checked by itself.
Result<Office> ReadWanted(const OfficeDesk& desk) {
  const Messages& say = desk.context.say;
  auto files =
      Explain(ReadOfficeFolder(desk.folder), ErrorCode::kNotFound,
              Refusal(ErrorCode::kNotFound, say("office.no_folder", {{"folder", desk.folder}}),
                      say("office.no_folder.next", {{"folder", desk.folder}})));
  if (!files.has_value()) return Failure(files.error());
  office::ReadOffice read = office::ReadOfficeFiles(*files, desk.calendar);
  office::Problems problems = std::move(read.problems);
  std::ranges::move(office::CheckOffice(read.office), std::back_inserter(problems));
  if (!problems.empty()) return Failure(Refused(desk.context, problems));
  return std::move(read.office);
}

/// What turns one office into the other, where it can be done now.
Result<Comparison> Plan(const VerbContext& context, const Office& stored, const Office& wanted) {
  Comparison comparison = office::Compare(stored, wanted);
  const auto problems = CheckComparison(comparison, stored, wanted, context.clock.Now());
  if (!problems.empty()) return Failure(Refused(context, problems));
  return comparison;
}

struct Counts {
  std::string added;
  std::string changed;
};
Counts CountsOf(const Comparison& comparison) {
  const auto added = std::ranges::count_if(
      comparison.changes, [](const office::RowChange& change) { return !change.before; });
  const auto all = static_cast<std::ptrdiff_t>(comparison.changes.size());
  return {std::to_string(added), std::to_string(all - added)};
}

Result<void> TellPlan(const OfficeDesk& desk, const Office& stored, const Office& wanted,
                      const Comparison& comparison) {
  const Messages& say = desk.context.say;
  ASSIGN_OR_RETURN(const auto reach,
                   office::CompareReach(stored, wanted, desk.context.clock.Now()));
  for (const auto& line : TellComparison(comparison, say)) desk.context.Tell(line);
  for (const auto& line : TellReach(reach, desk.calendar, say)) desk.context.Tell(line);
  return {};
}

/// In one transaction, which every other change of facts waits for: what is applied is what is
/// stored now against the files.
Result<void> ApplyFiles(const OfficeDesk& desk, const Office& wanted, Office& stored,
                        Comparison& applied) {
  const Clock& clock = desk.context.clock;
  return desk.pool->Run([&](pqxx::transaction_base& transaction) -> Result<void> {
    office::LockOffice(transaction);
    stored = office::ReadStored(transaction, desk.calendar);
    const WallTime now = clock.Now();
    ASSIGN_OR_RETURN(applied, Plan(desk.context, stored, wanted));
    if (applied.empty()) return {};
    RETURN_IF_ERROR(office::ApplyComparison(transaction, applied, desk.calendar, Actor()));
    const auto first = office::FirstEffect(applied, fleet::EarliestEffect(now));
    return first ? fleet::CheckStillInTime(clock.Now(), *first) : Result<void>();
  });
}

void TellNewPeople(const VerbContext& context, const Comparison& applied) {
  std::string people;
  for (const office::RowChange& change : applied.changes) {
    if (change.sheet != office::Sheet::kPeople || change.before) continue;
    people += (people.empty() ? "" : ", ") + change.after.cells.front();
  }
  if (!people.empty()) context.Tell(context.say("office.new_people", {{"people", people}}));
}

Result<int> ImportOffice(VerbContext& context) {
  const Messages& say = context.say;
  ASSIGN_OR_RETURN(const OfficeDesk desk, OfficeDesk::Open(context));
  ASSIGN_OR_RETURN(const Office wanted, ReadWanted(desk));
  const bool apply = context.given.Has("apply");
  Office stored;
  Comparison comparison;
  if (apply) {
    RETURN_IF_ERROR(ApplyFiles(desk, wanted, stored, comparison));
  } else {
    ASSIGN_OR_RETURN(stored, desk.Stored());
    ASSIGN_OR_RETURN(comparison, Plan(context, stored, wanted));
  }
  if (comparison.empty()) {
    context.Tell(say("office.same"));
    return 0;
  }
  RETURN_IF_ERROR(TellPlan(desk, stored, wanted, comparison));
  const auto [added, changed] = CountsOf(comparison);
  if (apply) {
    context.Tell(say("office.applied", {{"added", added}, {"changed", changed}}));
    TellNewPeople(context, comparison);
  } else {
    context.Tell(say("office.preview", {{"added", added}, {"changed", changed}}));
    context.Tell(say("office.preview.next", {{"folder", desk.folder}}));
  }
  return 0;
}

Result<int> ExportOffice(VerbContext& context) {
  const Messages& say = context.say;
  ASSIGN_OR_RETURN(const OfficeDesk desk, OfficeDesk::Open(context));
  ASSIGN_OR_RETURN(const Office stored, desk.Stored());
  OfficeFiles files;
  std::size_t rows = 0;
  for (const office::Sheet sheet : office::kAllSheets) {
    files.emplace(office::FormOf(sheet).file, WriteSheet(stored, sheet));
    rows += stored[sheet].rows.size();
  }
  const auto written = WriteOfficeFolder(desk.folder, files);
  if (!written.has_value()) {
    return Failure(Refusal(ErrorCode::kUnavailable,
                           say("office.not_written", {{"file", written.error().message()}}),
                           say("office.not_written.next")));
  }
  context.Tell(say("office.exported", {{"folder", desk.folder}, {"rows", std::to_string(rows)}}));
  return 0;
}

Result<int> DiffOffice(VerbContext& context) {
  ASSIGN_OR_RETURN(const OfficeDesk desk, OfficeDesk::Open(context));
  ASSIGN_OR_RETURN(const Office wanted, ReadWanted(desk));
  ASSIGN_OR_RETURN(const Office stored, desk.Stored());
  const Comparison comparison = office::Compare(stored, wanted);
  for (const auto& line : TellComparison(comparison, context.say)) context.Tell(line);
  return comparison.empty() ? 0 : kTheyDiffer;
}

}  // namespace

std::vector<Verb> OfficeVerbs(const Messages& say) {
  const CommandOption folder = Operand("folder", "DIR", say("office.folder"));
  return {{.command = {.words = {"office", "import"},
                       .summary = say("office.import"),
                       .description = say("office.import.about"),
                       .examples = {"yagura office import office",
                                    "yagura office import office --apply"},
                       .options = {folder, Flag("apply", say("office.apply"))}},
           .run = ImportOffice},
          {.command = {.words = {"office", "export"},
                       .summary = say("office.export"),
                       .description = say("office.export.about"),
                       .examples = {"yagura office export office"},
                       .options = {folder}},
           .run = ExportOffice},
          {.command = {.words = {"office", "diff"},
                       .summary = say("office.diff"),
                       .description = say("office.diff.about"),
                       .examples = {"yagura office diff office"},
                       .options = {folder}},
           .run = DiffOffice}};
}

}  // namespace yagura::app
