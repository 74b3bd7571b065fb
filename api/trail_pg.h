#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "access_control/action.h"
#include "core/ids.h"
#include "core/json.h"
#include "core/pg/pool_pg.h"
#include "core/time.h"

namespace yagura::api {

/// One viewing as others see it: who was handed pictures of what, and what of it really went out.
struct SeenViewing {
  ViewingId id;
  WallTime opened_at;
  PersonId person;
  std::string person_name;
  std::optional<std::string> post;   // by which it was permitted
  std::optional<UnitId> department;  // where that post is held
  CameraId camera;
  std::string camera_code;
  std::optional<UnitId> unit;  // whose footage it is
  WallRange interval;
  std::string action;
  std::string purpose;
  std::vector<WallRange> delivered;
  std::uint64_t bytes = 0;
};
/// Where a list goes on.
struct ViewingCursor {
  WallTime opened_at;
  ViewingId id;
};
struct ViewingSearch {
  std::optional<CameraId> camera;
  WallRange opened;
  std::optional<ViewingCursor> after;
  std::uint32_t limit = 100;
};

/// One record of the audit log.
struct SeenRecord {
  std::string writer;
  std::int64_t counter = 0;
  WallTime at;
  std::string event;
  std::string body;  // JSON
};
struct RecordCursor {
  WallTime at;
  std::string writer;
  std::int64_t counter = 0;
};
struct RecordSearch {
  WallRange at;
  std::optional<std::string> event;
  std::optional<RecordCursor> after;
  std::uint32_t limit = 100;
};

// What the person of the request may know, by row-level security alone; the oldest first. They
// throw libpqxx's exceptions, for the pool.

[[nodiscard]] std::vector<SeenViewing> FindViewings(pqxx::transaction_base& transaction,
                                                    const ViewingSearch& search);
[[nodiscard]] std::vector<SeenRecord> FindRecords(pqxx::transaction_base& transaction,
                                                  const RecordSearch& search);

}  // namespace yagura::api
