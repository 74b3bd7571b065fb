#include "app/database_check.h"
#include "app/progress.h"
#include "app/second_tier.h"
#include "app/state_files.h"
#include "app/text_table.h"
#include "app/verbs.h"
#include "storage/files_posix.h"
#include "storage/rebuild_pg.h"
#include "storage/s3_store.h"
#include "storage/store_files.h"
#include "storage/volume.h"

namespace yagura::app {
namespace {

using storage::RebuildReport;

constexpr int kIncomplete = 1;
constexpr milliseconds kStatementMax{120'000};

std::string Text(std::size_t count) { return std::to_string(count); }

std::string HowFar(const RebuildReport& report, const Messages& say) {
  return say("catalogue.rebuild.progress", {{"day", report.day},
                                            {"days", Text(report.days_left)},
                                            {"files", Text(report.files)},
                                            {"told", Text(report.told)}});
}

/// Those that are there. One that isn't is named, and makes the rebuild incomplete.
std::vector<storage::VolumeRegistration> VolumesThere(const Configuration& configuration,
                                                      storage::Files& files,
                                                      const VerbContext& context) {
  std::vector<storage::VolumeRegistration> there;
  for (const VolumeConfiguration& volume : configuration.volumes) {
    const std::string root = volume.path.string();
    const auto open = storage::Volume::Open(files, {.root = root});
    if (open.has_value()) {
      there.push_back({(*open)->id(), root, volume.limit_bytes});
    } else {
      context.Note(context.say("catalogue.rebuild.no_volume", {{"path", root}}));
    }
  }
  return there;
}

std::string ToText(const RebuildReport& report, const Messages& say) {
  std::string text =
      TextTable({{say("catalogue.rebuild.files"), Text(report.files)},
                 {"  " + say("catalogue.rebuild.told"), Text(report.told)},
                 {"  " + say("catalogue.rebuild.known"), Text(report.known)},
                 {"  " + say("catalogue.rebuild.in_journal"), Text(report.in_journal)},
                 {say("catalogue.rebuild.journal"), Text(report.journal_records)},
                 {say("catalogue.rebuild.ended"), Text(report.ended)},
                 {say("catalogue.rebuild.problems"), Text(report.problem_count)}});
  for (const std::string& problem : report.problems) text += "  " + problem + "\n";
  if (const std::size_t more = report.problem_count - report.problems.size(); more > 0)
    text += "  " + say("check.more", {{"count", Text(more)}}) + "\n";
  return text;
}

Result<int> Rebuild(VerbContext& context) {
  ASSIGN_OR_RETURN(const Configuration configuration, context.LoadConfiguration());
  ASSIGN_OR_RETURN(const OfficeCalendar calendar, OfficeCalendar::Load(configuration.time_zone));
  pg::ConnectOptions options = configuration.DatabaseAs("yagura_record");
  options.statement_timeout = options.transaction_timeout = kStatementMax;
  pg::Pool pool(options, 1);
  RETURN_IF_ERROR(DatabaseFits(pool, configuration, context));
  storage::PosixFiles posix_files;
  std::unique_ptr<storage::ObjectStore> store;
  std::optional<storage::StoreFiles> both;
  if (configuration.object_store) {
    ASSIGN_OR_RETURN(auto store_options, StoreOptions(context, *configuration.object_store));
    store = storage::OpenS3(std::move(store_options));
    both.emplace(posix_files, *store);
  }
  storage::Files& files = both ? static_cast<storage::Files&>(*both) : posix_files;
  const auto volumes = VolumesThere(configuration, files, context);
  Progress progress(context);
  storage::CatalogueRebuild rebuild(
      pool, files, context.clock,
      {.days = {calendar, configuration.time_zone},
       .volumes = volumes,
       .with_store = both.has_value(),
       .journal_folder = StateFiles(configuration.state_directory).journal(),
       .on_folder = [&](const RebuildReport& report) {
         progress.Tell([&] { return HowFar(report, context.say); });
       }});
  ASSIGN_OR_RETURN(const RebuildReport report, rebuild.Run());
  context.Tell(ToText(report, context.say));
  const bool all_there = volumes.size() == configuration.volumes.size();
  return report.problem_count == 0 && all_there ? 0 : kIncomplete;
}

}  // namespace

Verb CatalogueRebuildVerb(const Messages& say) {
  return {.command = {.words = {"catalogue", "rebuild"},
                      .summary = say("catalogue.rebuild"),
                      .description = say("catalogue.rebuild.about"),
                      .examples = {"yagura catalogue rebuild --config /etc/yagura/yagura.toml"}},
          .run = Rebuild};
}

}  // namespace yagura::app
