#pragma once

#include <set>
#include <vector>

#include "core/ids.h"
#include "core/time.h"
#include "storage/catalogue_pg.h"

namespace pqxx {
class transaction_base;
}  // namespace pqxx

/// What the rebuild of the catalogue (rebuild_pg.h) asks and tells it beside the rows themselves.
/// Role: yagura_record. They throw libpqxx's exceptions, for the pool that runs the transaction.
namespace yagura::storage {

/// What a row may name.
struct KnownFacts {
  std::set<CameraId> cameras;
  std::set<UnitId> units;
  std::set<FloorId> floors;
};
[[nodiscard]] KnownFacts ReadKnownFacts(pqxx::transaction_base& transaction);

/// Makes volumes known that aren't; what is known of the others stays: the recorder says it.
void AddVolumes(pqxx::transaction_base& transaction,
                const std::vector<VolumeRegistration>& volumes);

/// Of these runs: which there are, and which of their clips that start in `day` have a row, or the
/// proof of their deletion.
struct KnownClipRows {
  std::set<RunId> runs;
  std::set<ClipId> clips;
};
[[nodiscard]] KnownClipRows ReadKnownClipRows(pqxx::transaction_base& transaction,
                                              const std::set<RunId>& runs, const WallRange& day);

/// Runs and gaps that go on.
struct OpenRows {
  std::vector<RunId> runs;
  std::vector<GapId> gaps;
};
[[nodiscard]] OpenRows ReadOpenRows(pqxx::transaction_base& transaction);

/// Ends runs where their last clip ends, and gaps where the next clip or gap of the stream begins;
/// a gap behind which there is nothing goes on. Gives how many ended.
[[nodiscard]] std::size_t EndRows(pqxx::transaction_base& transaction, const OpenRows& rows);

}  // namespace yagura::storage
