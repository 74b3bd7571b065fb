#pragma once

#include <string>
#include <vector>

#include "access_control/action.h"
#include "access_control/organisation.h"
#include "access_control/principal.h"
#include "core/ids.h"
#include "tests/support/migrated_postgres.h"

namespace yagura::access_control {

/// One clip as it is put into the catalogue: the only one of its run.
struct StoredClip {
  RunId run;
  Footage footage;
  FloorId floor;
  bool expiring = false;
};
struct StoredGap {
  GapId id;
  Footage footage;
  FloorId floor;
};

/// A database with an organisation in it, put there by the superuser. Every row that has a name has
/// "canary" in it.
class StoredOffice {
 public:
  /// One database of its own in a cluster that all tests of the program share.
  static std::unique_ptr<testing::MigratedPostgres> NewDatabase();

  explicit StoredOffice(testing::MigratedPostgres& database) : database_(database) {}

  /// Replaces all facts and footage by `set`, `clips` and `gaps`.
  void Store(const FactSet& set, const std::vector<StoredClip>& clips = {},
             const std::vector<StoredGap>& gaps = {});
  /// A running session of `person`.
  Caller StartSession(PersonId person);
  /// Runs SQL as the superuser; the test fails where it fails.
  std::string Run(const std::string& sql);

 private:
  testing::MigratedPostgres& database_;
};

/// The clip and the gap tables need what decisions don't; these make plain ones.
[[nodiscard]] StoredClip ClipOf(const Footage& footage, FloorId floor);

}  // namespace yagura::access_control
