#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "storage/catalogue.h"

namespace pqxx {
class transaction_base;
}  // namespace pqxx

/// Questions to the catalogue. Each runs in the caller's transaction and sees what its role and row
/// security let it see: a row that one may not see and one that is not there give the same answer.
/// A clip that is about to be deleted is not there.
///
/// They throw libpqxx's exceptions, for the pool that runs the transaction. Ranges are half-open.
namespace yagura::storage {

/// A place in a list ordered by (start, id): behind that clip.
struct ClipCursor {
  WallTime start{};
  ClipId id;
};

/// What ClipsOverlapping looks for. Of camera and floor at least one is given; `floor` means the
/// floor as it was at the recording.
struct ClipSearch {
  std::optional<CameraId> camera;
  std::optional<FloorId> floor;
  Stream stream = Stream::kMain;
  WallRange range;
  std::optional<ClipCursor> after;
  std::uint32_t limit = 100;
};

/// Clips that overlap search.range, by (start, id).
[[nodiscard]] std::vector<ClipRow> ClipsOverlapping(pqxx::transaction_base& transaction,
                                                    const ClipSearch& search);

struct FoundClip {
  ClipRow clip;
  RunRow run;
};
[[nodiscard]] std::optional<FoundClip> FindClip(pqxx::transaction_base& transaction,
                                                const ClipId& id);

[[nodiscard]] std::optional<RunRow> FindRun(pqxx::transaction_base& transaction, const RunId& id);

/// Runs of these ids, by start.
[[nodiscard]] std::vector<RunRow> FindRuns(pqxx::transaction_base& transaction,
                                           const std::vector<RunId>& ids);

/// Gaps of the camera's stream that overlap `range`, by start; those of no length are left out.
[[nodiscard]] std::vector<GapRow> GapsOverlapping(pqxx::transaction_base& transaction,
                                                  const CameraId& camera, Stream stream,
                                                  const WallRange& range, std::uint32_t limit);

/// How far the catalogue accounts for a stream: up to the end of its newest clip or gap, or, where
/// a gap goes on, up to `open_gap`'s start.
struct AccountedFor {
  WallTime until{};
  std::optional<GapRow> open_gap;
};
/// Nothing where it has neither clip nor gap.
[[nodiscard]] std::optional<AccountedFor> ReadAccountedFor(pqxx::transaction_base& transaction,
                                                           const CameraId& camera, Stream stream);

/// The end of the clip of the camera's stream that starts last; nothing where it has none.
[[nodiscard]] std::optional<WallTime> NewestClipEnd(pqxx::transaction_base& transaction,
                                                    const CameraId& camera, Stream stream);

}  // namespace yagura::storage
