#include <algorithm>

#include "app/fact_change.h"
#include "app/office_desk.h"
#include "app/office_folder.h"
#include "app/office_preview.h"
#include "app/verbs.h"
#include "office/check_office.h"
#include "office/read_office.h"

namespace yagura::app {
namespace {

using office::Office;

constexpr int kTheyDiffer = 1;

/// The office that the folder's files say, checked by itself.
Result<Office> ReadWanted(const VerbContext& context, const OfficeCalendar& calendar) {
  const Messages& say = context.say;
  const std::string folder = context.given.Get("folder");
  ASSIGN_OR_RETURN(
      const OfficeFiles files,
      Explain(ReadOfficeFolder(folder), ErrorCode::kNotFound,
              Refusal(ErrorCode::kNotFound, say("office.no_folder", {{"folder", folder}}),
                      say("office.no_folder.next", {{"folder", folder}}))));
  office::ReadOffice read = office::ReadOfficeFiles(files, calendar);
  office::Problems problems = std::move(read.problems);
  std::ranges::move(office::CheckOffice(read.office), std::back_inserter(problems));
  if (!problems.empty()) return Failure(Refused(context, problems));
  return std::move(read.office);
}

Result<int> ImportOffice(VerbContext& context) {
  ASSIGN_OR_RETURN(const OfficeDesk desk, OfficeDesk::Open(context));
  ASSIGN_OR_RETURN(const Office wanted, ReadWanted(context, desk.calendar()));
  return desk.Import([&](const Office&) -> Result<Office> { return wanted; },
                     "yagura office import " + context.given.Get("folder") + " --apply");
}

Result<int> ExportOffice(VerbContext& context) {
  const Messages& say = context.say;
  const std::string folder = context.given.Get("folder");
  ASSIGN_OR_RETURN(const OfficeDesk desk, OfficeDesk::Open(context));
  ASSIGN_OR_RETURN(const Office stored, desk.Stored());
  OfficeFiles files;
  std::size_t rows = 0;
  for (const office::Sheet sheet : office::kAllSheets) {
    files.emplace(office::FormOf(sheet).file, WriteSheet(stored, sheet));
    rows += stored[sheet].rows.size();
  }
  const auto written = WriteOfficeFolder(folder, files);
  if (!written.has_value()) {
    return Failure(Refusal(ErrorCode::kUnavailable,
                           say("office.not_written", {{"file", written.error().message()}}),
                           say("office.not_written.next")));
  }
  context.Tell(say("office.exported", {{"folder", folder}, {"rows", std::to_string(rows)}}));
  return 0;
}

Result<int> DiffOffice(VerbContext& context) {
  ASSIGN_OR_RETURN(const OfficeDesk desk, OfficeDesk::Open(context));
  ASSIGN_OR_RETURN(const Office wanted, ReadWanted(context, desk.calendar()));
  ASSIGN_OR_RETURN(const Office stored, desk.Stored());
  const office::Comparison comparison = office::Compare(stored, wanted);
  for (const auto& line : TellComparison(comparison, context.say)) context.Tell(line);
  return comparison.empty() ? 0 : kTheyDiffer;
}

}  // namespace

std::vector<Verb> OfficeVerbs(const Messages& say) {
  const CommandOption folder = Operand("folder", "DIR", say("office.folder"));
  return {{.command = {.words = {"office", "import"},
                       .summary = say("office.import"),
                       .description = say("office.import.about"),
                       .examples = {"yagura office import my-ward",
                                    "yagura office import my-ward --apply"},
                       .options = {folder, Flag("apply", say("office.apply"))}},
           .run = ImportOffice},
          {.command = {.words = {"office", "export"},
                       .summary = say("office.export"),
                       .description = say("office.export.about"),
                       .examples = {"yagura office export my-ward"},
                       .options = {folder}},
           .run = ExportOffice},
          {.command = {.words = {"office", "diff"},
                       .summary = say("office.diff"),
                       .description = say("office.diff.about"),
                       .examples = {"yagura office diff my-ward"},
                       .options = {folder}},
           .run = DiffOffice}};
}

}  // namespace yagura::app
