#include "app/database_check.h"

#include "storage/schema/migrate_pg.h"
#include "storage/schema/office_zone_pg.h"

namespace yagura::app {
namespace {

Result<bool> SchemaFits(pg::Pool& pool, const VerbContext& context) {
  const auto& say = context.say;
  const std::string next = say("database.migrate_next", {{"file", context.given.Get("config")}});
  const auto status = storage::schema::ReadStatus(pool);
  if (status.has_value() && status->pending == 0) return true;
  if (status.has_value()) {
    const std::string count = std::to_string(status->pending);
    return Failure(Refusal(ErrorCode::kFailedPrecondition,
                           say("database.not_migrated", {{"count", count}}), next));
  }
  if (status.error().code() != ErrorCode::kFailedPrecondition) return false;
  return Failure(Refusal(ErrorCode::kFailedPrecondition,
                         say("database.differs", {{"why", status.error().message()}}), next));
}

}  // namespace

Result<void> ZoneFits(const std::string& kept, const Configuration& configuration,
                      const VerbContext& context) {
  if (kept == configuration.time_zone) return {};
  return Failure(Refusal(
      ErrorCode::kFailedPrecondition,
      context.say("database.other_zone", {{"kept", kept}, {"given", configuration.time_zone}}),
      context.say("database.other_zone_next",
                  {{"kept", kept}, {"file", context.given.Get("config")}})));
}

Result<bool> DatabaseFits(pg::Pool& pool, const Configuration& configuration,
                          const VerbContext& context) {
  ASSIGN_OR_RETURN(const bool migrated, SchemaFits(pool, context));
  if (!migrated) return false;
  const auto zone = storage::schema::ReadOfficeZone(pool);
  if (!zone.has_value()) return false;
  if (zone->has_value()) RETURN_IF_ERROR(ZoneFits(**zone, configuration, context));
  return true;
}

}  // namespace yagura::app
