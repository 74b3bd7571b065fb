#include "storage/retention.h"

#include <algorithm>

namespace yagura::storage {
namespace {

/// What the volume could hold in all: its limit, or less where its file system has less left.
std::uint64_t Capacity(const VolumeUsage& usage) {
  const std::uint64_t by_file_system = usage.stored_bytes + usage.free_bytes;
  return std::min(usage.limit_bytes.value_or(by_file_system), by_file_system);
}

/// A share of `bytes`; without overflow for any volume below 16 PiB.
std::uint64_t Share(std::uint64_t bytes, std::uint64_t permille) { return bytes * permille / 1000; }

/// The plan for one volume.
class VolumePlan {
 public:
  VolumePlan(const VolumeUsage& usage, const RetentionRule& rule, WallTime now)
      : usage_(usage),
        rule_(rule),
        now_(now),
        capacity_(Capacity(usage)),
        remaining_(usage.stored_bytes),
        wants_space_(remaining_ > Share(capacity_, kHighMarkPermille)) {}

  /// Takes the clips by start.
  void Consider(const StoredClip& clip, DeletionPlan& plan) {
    if (clip.end > now_ - rule_.minimum) reached_minimum_ = true;
    if (clip.held || reached_minimum_) return;
    const bool too_old = clip.end <= now_ - rule_.keep;
    if (!too_old && !TooMuch()) return;
    const auto rule = too_old ? DeletionRule::kAge : DeletionRule::kSpace;
    plan.deletions.push_back({.id = clip.id, .start = clip.start, .rule = rule});
    remaining_ -= std::min(remaining_, clip.bytes);
  }

  /// `more`: the volume has clips that Consider was not shown.
  void Conclude(bool more, DeletionPlan& plan) const {
    const bool nothing_more_may_go = !more || reached_minimum_;
    const bool relieved = remaining_ <= Share(capacity_, kHighMarkPermille);
    const bool full = remaining_ > Share(capacity_, kFullMarkPermille) && nothing_more_may_go;
    if (full && !usage_.full) plan.full.push_back(usage_.volume);
    if (!relieved && nothing_more_may_go) plan.pressed.push_back(usage_.volume);
    if (usage_.full && relieved) plan.relieved.push_back(usage_.volume);
  }

 private:
  [[nodiscard]] bool TooMuch() const {
    return wants_space_ && remaining_ > Share(capacity_, kLowMarkPermille);
  }

  const VolumeUsage& usage_;
  const RetentionRule& rule_;
  const WallTime now_;
  const std::uint64_t capacity_;
  std::uint64_t remaining_;
  const bool wants_space_;
  bool reached_minimum_ = false;  // clips come by start: no later one may go either
};

}  // namespace

DeletionPlan PlanDeletions(const RetentionSnapshot& snapshot, const RetentionRule& rule,
                           WallTime now) {
  DeletionPlan plan;
  for (const VolumeUsage& usage : snapshot.volumes) {
    VolumePlan volume_plan(usage, rule, now);
    for (const StoredClip& clip : snapshot.oldest) {
      if (clip.on_volume && clip.volume == usage.volume) volume_plan.Consider(clip, plan);
    }
    const auto& cut_short = snapshot.cut_short;
    const bool more =
        std::find(cut_short.begin(), cut_short.end(), usage.volume) != cut_short.end();
    volume_plan.Conclude(more, plan);
  }
  const WallTime old = now - std::max(rule.keep, rule.minimum);
  for (const StoredClip& clip : snapshot.oldest) {
    if (clip.on_volume || clip.held || clip.end > old) continue;
    plan.deletions.push_back({.id = clip.id, .start = clip.start, .rule = DeletionRule::kAge});
  }
  return plan;
}

}  // namespace yagura::storage
