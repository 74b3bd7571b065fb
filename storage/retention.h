#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/ids.h"
#include "core/time.h"
#include "storage/retention_terms.h"

/// What may be deleted, and what must be: pure. Whoever carries a plan out: retention_pg.h.
namespace yagura::storage {

struct VolumeUsage {
  VolumeId volume;
  std::uint64_t stored_bytes = 0;            // of the clips in the catalogue
  std::optional<std::uint64_t> limit_bytes;  // nothing: as large as its file system
  std::uint64_t free_bytes = 0;  // of its file system, above what the recorder keeps in reserve
  bool full = false;             // was found full, and not yet relieved
};

/// What a volume has that no plan may take: clips that overlap a hold of their camera in force.
struct HeldClips {
  VolumeId volume;
  std::uint64_t clips = 0;
  std::uint64_t bytes = 0;
  friend bool operator==(const HeldClips&, const HeldClips&) = default;
};

struct StoredClip {
  ClipId id;
  VolumeId volume;
  CameraId camera;
  FloorId floor;  // where it stood then
  WallTime start{};
  WallTime end{};
  std::uint64_t bytes = 0;
  bool held = false;
  bool on_volume = true;  // else it takes no space there: only its copy is left
};

struct RetentionSnapshot {
  std::vector<VolumeUsage> volumes;
  /// By start, none of them being deleted already: those older than their term, or some of them;
  /// and of each volume that wants space the oldest beyond their minimum. Those that may not go,
  /// held ones above all, may be left out.
  std::vector<StoredClip> oldest;
  /// Volumes that have more clips that may go for space than `oldest` shows.
  std::vector<VolumeId> cut_short;
};

/// Why footage goes by plan. What was recorded while a camera was set up goes by rule `staged`
/// (retention_queries_pg.h).
enum class DeletionRule : std::uint8_t { kAge, kSpace };

struct PlannedDeletion {
  ClipId id;
  WallTime start{};
  DeletionRule rule = DeletionRule::kAge;
  std::int64_t version = 0;  // of the term by which it may go
  friend bool operator==(const PlannedDeletion&, const PlannedDeletion&) = default;
};

struct DeletionPlan {
  std::vector<PlannedDeletion> deletions;
  /// Volumes that have become full: nothing on them may go. And those that were full and have space
  /// again.
  std::vector<VolumeId> full;
  std::vector<VolumeId> relieved;
  /// Volumes above the high mark, full or not, on which nothing more may go: someone should act.
  std::vector<VolumeId> pressed;
  friend bool operator==(const DeletionPlan&, const DeletionPlan&) = default;
};

/// Shares of a volume's capacity, in thousandths. Above `high` the oldest clips go until `low`;
/// above `full` the recorder stops; below `high` it goes on. The distances leave room for what is
/// recorded between two plans, and for clips not closed yet.
inline constexpr std::uint64_t kHighMarkPermille = 950;
inline constexpr std::uint64_t kLowMarkPermille = 920;
inline constexpr std::uint64_t kFullMarkPermille = 980;

/// Whether clips are to go from it for space, those that go for their age apart.
[[nodiscard]] bool WantsSpace(const VolumeUsage& usage);

/// What to delete now: clips older than their term keeps, and where a volume is nearly full the
/// oldest beyond their term's minimum. A held clip is never in a plan.
[[nodiscard]] DeletionPlan PlanDeletions(const RetentionSnapshot& snapshot,
                                         const RetentionTerms& terms, WallTime now);

}  // namespace yagura::storage
