#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "access_control/gate.h"
#include "core/ids.h"
#include "core/result.h"
#include "core/time.h"

namespace yagura::api {

using HoldId = Id<struct HoldTag>;

/// A hold with names, as its row has it (storage/schema/0039_holds.sql).
struct SeenHold {
  struct Release {
    WallTime at{};
    PersonId person;
    std::string person_name;
    std::string reason;
  };
  HoldId id;
  CameraId camera;
  std::string camera_code;
  UnitId unit;
  WallRange range;
  std::string reason;
  WallTime review_at{};
  WallTime placed_at{};
  PersonId person;  // who placed it
  std::string person_name;
  std::vector<WallRange> gone;
  std::optional<Release> release;
};

struct HoldSearch {
  struct Place {  // in the list
    WallTime placed_at{};
    HoldId id;
  };
  std::optional<HoldId> id;
  std::optional<CameraId> camera;
  std::optional<Place> after;  // the last one seen
  std::uint32_t limit = 1;
};

struct NewHold {
  access_control::Footage footage;
  std::string reason;
  WallTime review_at{};
};

/// What stands in the record of who did it.
struct HoldRequest {
  const access_control::Permit& permit;
  const access_control::Caller& caller;
};

// All run under the caller's row-level security and throw libpqxx's exceptions, for the pool.

/// Whose footage of a camera's range one may hold: kNotFound: nobody's; kInvalidArgument: not of
/// one unit for all of it.
[[nodiscard]] Result<UnitId> HoldableUnit(pqxx::transaction_base& transaction, CameraId camera,
                                          const WallRange& range);
/// The footage that a hold is about; kNotFound.
[[nodiscard]] Result<access_control::Footage> FootageOfHold(pqxx::transaction_base& transaction,
                                                            HoldId id);
/// By the instant at which they were placed, and id.
[[nodiscard]] std::vector<SeenHold> FindHolds(pqxx::transaction_base& transaction,
                                              const HoldSearch& search);
/// Both with their record. kAborted: the facts have changed since they were decided on.
[[nodiscard]] Result<HoldId> InsertHold(const HoldRequest& request, const NewHold& hold);
/// kFailedPrecondition: released before, or placed by the same person.
[[nodiscard]] Result<void> MarkReleased(const HoldRequest& request, HoldId id,
                                        const std::string& reason);

}  // namespace yagura::api
