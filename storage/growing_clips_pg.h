#pragma once

#include <optional>
#include <vector>

#include "core/camera_stream.h"
#include "storage/catalogue.h"

namespace pqxx {
class transaction_base;
}  // namespace pqxx

/// Clips that are being written, as far as the catalogue knows them: how each began. Asked and
/// answered as in clip_queries_pg.h.
namespace yagura::storage {

struct GrowingClip {
  ClipOpened opened;
  WallTime asked_at{};  // now by the database's clock; later than the start
};

/// Those of a stream that may overlap `range`, by start: a clip is at most 130 s long.
[[nodiscard]] std::vector<GrowingClip> GrowingClips(pqxx::transaction_base& transaction,
                                                    CameraStream of, const WallRange& range);

struct FoundGrowingClip {
  GrowingClip clip;
  RunRow run;
};
[[nodiscard]] std::optional<FoundGrowingClip> FindGrowingClip(pqxx::transaction_base& transaction,
                                                              const ClipId& id);

}  // namespace yagura::storage
