#include "app/database_check.h"
#include "app/verbs.h"
#include "storage/schema/migrate_pg.h"
#include "storage/schema/office_zone_pg.h"

namespace yagura::app {
namespace {

Result<int> Migrate(VerbContext& context) {
  ASSIGN_OR_RETURN(const Configuration configuration, context.LoadConfiguration());
  ASSIGN_OR_RETURN(const int applied,
                   storage::schema::Migrate(configuration.DatabaseAs("yagura_owner")));
  pg::Pool owner(configuration.DatabaseAs("yagura_owner"), 1);
  ASSIGN_OR_RETURN(const std::string zone,
                   storage::schema::KeepOfficeZone(owner, configuration.time_zone));
  RETURN_IF_ERROR(ZoneFits(zone, configuration, context));
  context.Tell(context.say("migrate.done", {{"count", std::to_string(applied)}}));
  return 0;
}

}  // namespace

Verb MigrateVerb(const Messages& say) {
  return {.command = {.words = {"migrate"},
                      .summary = say("migrate"),
                      .description = say("migrate.about"),
                      .examples = {"yagura migrate --config /etc/yagura/yagura.toml"}},
          .run = Migrate};
}

}  // namespace yagura::app
