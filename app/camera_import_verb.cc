#include <algorithm>
#include <filesystem>

#include "app/office_desk.h"
#include "app/office_folder.h"
#include "app/verbs.h"
#include "fleet/effect.h"
#include "office/arrivals.h"
#include "office/check_office.h"

namespace yagura::app {
namespace {

using office::Office;

/// What is stored and the file's cameras, checked together.
Result<Office> WithArrivals(const VerbContext& context, const OfficeDesk& desk,
                            const office::Arrivals& arrivals, const Office& stored) {
  Office wanted = stored;
  const WallTime at = std::chrono::ceil<std::chrono::seconds>(
      fleet::EarliestEffect(context.clock.Now()));  // a cell has whole seconds
  office::AddArrivals(arrivals, at, desk.calendar(), wanted);
  const std::string file = std::filesystem::path(context.given.Get("file")).filename();
  office::Problems problems = office::InFile(arrivals.problems, file);
  std::ranges::move(office::InFile(office::CheckOffice(wanted), file),
                    std::back_inserter(problems));
  if (!problems.empty()) return Failure(Refused(context, problems));
  return wanted;
}

Result<int> ImportCameras(VerbContext& context) {
  const std::string path = context.given.Get("file");
  const auto bytes = ReadOfficeFile(path);
  if (!bytes.has_value()) {
    return Failure(Refusal(ErrorCode::kNotFound,
                           context.say("camera.import.no_file", {{"file", path}}),
                           context.say("camera.import.no_file.next")));
  }
  ASSIGN_OR_RETURN(const OfficeDesk desk, OfficeDesk::Open(context));
  const office::Arrivals arrivals = office::ReadArrivals(*bytes, desk.calendar());
  return desk.Import(
      [&](const Office& stored) { return WithArrivals(context, desk, arrivals, stored); },
      "yagura camera import " + path + " --apply");
}

}  // namespace

Verb CameraImportVerb(const Messages& say) {
  return {.command = {.words = {"camera", "import"},
                      .summary = say("camera.import"),
                      .description = say("camera.import.about"),
                      .examples = {"yagura camera import cameras.csv",
                                   "yagura camera import cameras.csv --apply"},
                      .options = {Operand("file", say("value.file"), say("camera.import.file")),
                                  Flag("apply", say("office.apply"))}},
          .run = ImportCameras};
}

}  // namespace yagura::app
