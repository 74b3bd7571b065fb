#pragma once

#include <chrono>

#include "app/configuration.h"
#include "app/verb.h"
#include "core/pg/pool_pg.h"
#include "core/result.h"

namespace yagura::app {

/// After how long a database that didn't answer is asked again.
inline constexpr std::chrono::milliseconds kAskAgain{5000};

/// Whether the database is one that this program can work with: migrated as far as it knows, and
/// of the same office's time zone. True: it is. False: it doesn't answer, so nobody knows yet. The
/// error is for the person at the console or who reads the log, and names the next step. Any role
/// but yagura_owner.
[[nodiscard]] Result<bool> DatabaseFits(pg::Pool& pool, const Configuration& configuration,
                                        const VerbContext& context);

/// That the configuration's zone is the one the database keeps, `kept`.
[[nodiscard]] Result<void> ZoneFits(const std::string& kept, const Configuration& configuration,
                                    const VerbContext& context);

}  // namespace yagura::app
