#include "storage/retention.h"

#include <algorithm>
#include <iterator>

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
  VolumePlan(const VolumeUsage& usage, const RetentionTerms& terms, WallTime now)
      : usage_(usage),
        terms_(terms),
        shortest_minimum_(terms.ShortestMinimum()),
        now_(now),
        capacity_(Capacity(usage)),
        remaining_(usage.stored_bytes),
        wants_space_(WantsSpace(usage)) {}

  void ConsiderForAge(const StoredClip& clip, DeletionPlan& plan) {
    const RetentionTerm& term = terms_.For(clip.camera, clip.floor, now_);
    if (!clip.held && IsTooOld(clip, term)) Take(clip, DeletionRule::kAge, term, plan);
  }

  /// After all were considered for their age, so that nothing goes for space that those leave.
  /// Takes the clips by start.
  void ConsiderForSpace(const StoredClip& clip, DeletionPlan& plan) {
    if (clip.end > now_ - shortest_minimum_) reached_minimum_ = true;
    if (clip.held || reached_minimum_ || !TooMuch()) return;
    const RetentionTerm& term = terms_.For(clip.camera, clip.floor, now_);
    if (clip.end > now_ - term.rule->minimum || IsTooOld(clip, term)) return;
    Take(clip, DeletionRule::kSpace, term, plan);
  }

  /// `more`: the volume has clips that may go and that were not considered.
  void Conclude(bool more, DeletionPlan& plan) const {
    const bool nothing_more_may_go = !more || reached_minimum_;
    const bool relieved = remaining_ <= Share(capacity_, kHighMarkPermille);
    const bool full = remaining_ > Share(capacity_, kFullMarkPermille) && nothing_more_may_go;
    if (full && !usage_.full) plan.full.push_back(usage_.volume);
    if (!relieved && nothing_more_may_go) plan.pressed.push_back(usage_.volume);
    if (usage_.full && relieved) plan.relieved.push_back(usage_.volume);
  }

 private:
  [[nodiscard]] bool IsTooOld(const StoredClip& clip, const RetentionTerm& term) const {
    return clip.end <= now_ - std::max(term.rule->keep, term.rule->minimum);
  }
  void Take(const StoredClip& clip, DeletionRule rule, const RetentionTerm& term,
            DeletionPlan& plan) {
    plan.deletions.push_back(
        {.id = clip.id, .start = clip.start, .rule = rule, .version = term.version});
    remaining_ -= std::min(remaining_, clip.bytes);
  }
  [[nodiscard]] bool TooMuch() const {
    return wants_space_ && remaining_ > Share(capacity_, kLowMarkPermille);
  }

  const VolumeUsage& usage_;
  const RetentionTerms& terms_;
  const microseconds shortest_minimum_;
  const WallTime now_;
  const std::uint64_t capacity_;
  std::uint64_t remaining_;
  const bool wants_space_;
  bool reached_minimum_ = false;  // clips come by start: no later one may go either
};

/// What has left its volume goes for its age alone.
void ConsiderMoved(const StoredClip& clip, const RetentionTerms& terms, WallTime now,
                   DeletionPlan& plan) {
  const RetentionTerm& term = terms.For(clip.camera, clip.floor, now);
  if (clip.held || clip.end > now - std::max(term.rule->keep, term.rule->minimum)) return;
  plan.deletions.push_back(
      {.id = clip.id, .start = clip.start, .rule = DeletionRule::kAge, .version = term.version});
}

}  // namespace

bool WantsSpace(const VolumeUsage& usage) {
  return usage.stored_bytes > Share(Capacity(usage), kHighMarkPermille);
}

DeletionPlan PlanDeletions(const RetentionSnapshot& snapshot, const RetentionTerms& terms,
                           WallTime now) {
  DeletionPlan plan;
  for (const VolumeUsage& usage : snapshot.volumes) {
    VolumePlan volume_plan(usage, terms, now);
    std::vector<StoredClip> clips;
    std::ranges::copy_if(snapshot.oldest, std::back_inserter(clips), [&](const StoredClip& clip) {
      return clip.on_volume && clip.volume == usage.volume;
    });
    for (const StoredClip& clip : clips) volume_plan.ConsiderForAge(clip, plan);
    for (const StoredClip& clip : clips) volume_plan.ConsiderForSpace(clip, plan);
    const auto& cut_short = snapshot.cut_short;
    const bool more =
        std::find(cut_short.begin(), cut_short.end(), usage.volume) != cut_short.end();
    volume_plan.Conclude(more, plan);
  }
  for (const StoredClip& clip : snapshot.oldest) {
    if (!clip.on_volume) ConsiderMoved(clip, terms, now, plan);
  }
  return plan;
}

}  // namespace yagura::storage
