#include <algorithm>
#include <optional>
#include <utility>

#include "app/fact_change.h"
#include "app/shown_bytes.h"
#include "app/text_table.h"
#include "app/told_volumes.h"
#include "app/verbs.h"
#include "storage/volume_standing_pg.h"

namespace yagura::app {
namespace {

using storage::VolumeStanding;

/// In percent, rounded down.
std::string Used(const VolumeStanding& volume) {
  if (!volume.capacity_bytes || !volume.free_bytes || *volume.capacity_bytes == 0) return "";
  const double share =
      1 - static_cast<double>(*volume.free_bytes) / static_cast<double>(*volume.capacity_bytes);
  return std::to_string(static_cast<int>(std::max(0.0, share) * 100)) + " %";
}

/// As the configuration has it; nothing: it names no such volume.
std::optional<std::uint32_t> WeightOf(const VolumeStanding& volume,
                                      const Configuration& configuration) {
  const auto named = std::ranges::find(configuration.volumes, volume.path,
                                       [](const auto& one) { return one.path.string(); });
  if (named == configuration.volumes.end()) return std::nullopt;
  return named->weight;
}

Result<int> ListVolumes(VerbContext& context) {
  const Messages& say = context.say;
  ASSIGN_OR_RETURN(const Configuration configuration, context.LoadConfiguration());
  ASSIGN_OR_RETURN(const FactChange facts, FactChange::Begin(context));
  pg::Pool pool(configuration.DatabaseAs("yagura_keep"), 1);
  ASSIGN_OR_RETURN(const auto volumes, storage::ReadVolumeStandings(pool, facts.now()));
  ASSIGN_OR_RETURN(const auto store, storage::ReadStoreStanding(pool));
  Json items = Json::Array();
  std::vector<std::vector<std::string>> rows{{say("volume.list.path"), say("volume.list.weight"),
                                              say("volume.list.stored"), say("volume.list.holds"),
                                              say("volume.list.percent"),
                                              say("volume.list.per_day"), say("volume.list.full")}};
  for (const VolumeStanding& volume : volumes) {
    const auto weight = WeightOf(volume, configuration);
    Json item = VolumeJson(volume);
    item.Set("weight", weight ? Json(std::int64_t{*weight}) : Json());
    items.Push(std::move(item));
    rows.push_back(
        {volume.path, weight ? std::to_string(*weight) : "-", ShownBytes(volume.stored_bytes),
         volume.capacity_bytes ? ShownBytes(*volume.capacity_bytes) : "", Used(volume),
         volume.bytes_per_day ? ShownBytes(*volume.bytes_per_day) : "", ForecastOf(volume, facts)});
  }
  context.out
      << (context.given.Has("json")
              ? Json::Object({{"items", items}, {"object_store", StoreJson(store)}}).Dump() + "\n"
              : TextTable(rows) + StoreText(store, say));
  return 0;
}

}  // namespace

Verb VolumeListVerb(const Messages& say) {
  return {.command = {.words = {"volume", "list"},
                      .summary = say("volume.list"),
                      .description = say("volume.list.about"),
                      .examples = {"yagura volume list", "yagura volume list --json"},
                      .options = {Flag("json", say("option.json"))}},
          .run = ListVolumes};
}

}  // namespace yagura::app
