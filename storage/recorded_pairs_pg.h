#pragma once

#include <vector>

#include "core/ids.h"
#include "core/pg/values.h"
#include "core/time.h"
#include "storage/retention_terms.h"

namespace pqxx {
class transaction_base;
}  // namespace pqxx

namespace yagura::storage {

/// What a camera recorded on a floor: the range in which its clips start, and up to which ends
/// they may go.
struct RecordedPair {
  CameraId camera;
  FloorId floor;
  WallTime first{};
  WallTime last{};
  WallTime may_go_to{};
};

/// Each camera with each floor that it ever recorded on; without may_go_to. Throws libpqxx's
/// exceptions.
[[nodiscard]] std::vector<RecordedPair> ReadPairs(pqxx::transaction_base& transaction);
/// Says of each what may go for its age by the terms that count at `now`.
void MayGoForAge(const RetentionTerms& terms, WallTime now, std::vector<RecordedPair>& pairs);
/// The same for space.
void MayGoForSpace(const RetentionTerms& terms, WallTime now, std::vector<RecordedPair>& pairs);

/// Their members, as array parameters: uuid, uuid, and three timestamptz.
struct PairArrays {
  explicit PairArrays(const std::vector<RecordedPair>& pairs);
  pg::ArrayParameter cameras, floors, firsts, lasts, may_go_to;
};

}  // namespace yagura::storage
