#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/ids.h"
#include "core/time.h"

/// What may be deleted, and what must be: pure. Whoever carries a plan out: retention_pg.h.
namespace yagura::storage {

/// How long footage is kept.
struct RetentionRule {
  microseconds keep{};     // older footage is deleted
  microseconds minimum{};  // younger footage is never deleted, whatever the space
  friend bool operator==(const RetentionRule&, const RetentionRule&) = default;
};

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
  WallTime start{};
  WallTime end{};
  std::uint64_t bytes = 0;
  bool held = false;
  bool on_volume = true;  // else it takes no space there: only its copy is left
};

struct RetentionSnapshot {
  std::vector<VolumeUsage> volumes;
  /// Of each volume its oldest clips that are not being deleted already, by start; held ones may be
  /// left out.
  std::vector<StoredClip> oldest;
  /// Volumes that have more clips than `oldest` shows.
  std::vector<VolumeId> cut_short;
};

/// Why footage goes by plan. What was recorded while a camera was set up goes by rule `staged`
/// (retention_queries_pg.h).
enum class DeletionRule : std::uint8_t { kAge, kSpace };

struct PlannedDeletion {
  ClipId id;
  WallTime start{};
  DeletionRule rule = DeletionRule::kAge;
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

/// What to delete now: clips older than the rule keeps, and where a volume is nearly full the
/// oldest beyond the rule's minimum. A held clip is never in a plan.
[[nodiscard]] DeletionPlan PlanDeletions(const RetentionSnapshot& snapshot,
                                         const RetentionRule& rule, WallTime now);

}  // namespace yagura::storage
