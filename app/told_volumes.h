#pragma once

#include <optional>
#include <string>

#include "app/fact_change.h"
#include "core/json.h"
#include "storage/store_standing_pg.h"
#include "storage/volume_standing.h"

/// How volumes stand, as `yagura volume list` and `yagura status` tell it.
namespace yagura::app {

/// "2026-12-03", the day in the office on which it will be full; or that it is enough, or not
/// known.
[[nodiscard]] std::string ForecastOf(const storage::VolumeStanding& volume,
                                     const FactChange& facts);
[[nodiscard]] Json VolumeJson(const storage::VolumeStanding& volume);

/// Null where there is none.
[[nodiscard]] Json StoreJson(const std::optional<storage::StoreStanding>& store);
/// A few lines, each with its end; empty where there is none.
[[nodiscard]] std::string StoreText(const std::optional<storage::StoreStanding>& store,
                                    const Messages& say);

}  // namespace yagura::app
