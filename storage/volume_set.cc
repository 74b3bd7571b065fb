#include "storage/volume_set.h"

#include <algorithm>
#include <utility>

#include "core/check.h"
#include "storage/volume_share.h"

namespace yagura::storage {

/// The mutex is held. Of those with a weight that `may`; null where there is none.
template <class Predicate>
const VolumeSet::Member* VolumeSet::LeastLadenOf(const Predicate& may) const {
  std::vector<std::size_t> streams;
  std::vector<std::uint32_t> weights;
  for (const Member& member : members_) {
    streams.push_back(member.streams);
    weights.push_back(may(member) ? member.weight : 0);
  }
  const std::size_t least = LeastLaden(streams, weights);
  return least == members_.size() ? nullptr : &members_[least];
}

void VolumeSet::Add(std::unique_ptr<VolumeWriter> volume, std::uint32_t weight) {
  const std::scoped_lock lock(mutex_);
  members_.push_back({.volume = std::move(volume), .weight = weight});
}

void VolumeSet::SetWeight(const VolumeWriter& volume, std::uint32_t weight) {
  const std::scoped_lock lock(mutex_);
  Of(volume).weight = weight;
}

std::vector<VolumeWriter*> VolumeSet::all() const {
  const std::scoped_lock lock(mutex_);
  std::vector<VolumeWriter*> all;
  for (const Member& member : members_) all.push_back(member.volume.get());
  return all;
}

bool VolumeSet::empty() const {
  const std::scoped_lock lock(mutex_);
  return members_.empty();
}

VolumeWriter& VolumeSet::Home() {
  const std::scoped_lock lock(mutex_);
  const auto accepts = [](const Member& member) { return member.volume->accepts(); };
  const Member* home = LeastLadenOf(accepts);
  if (home == nullptr) home = LeastLadenOf([](const Member&) { return true; });
  Member& chosen = home != nullptr ? Of(*home->volume) : members_.at(0);
  ++chosen.streams;
  return *chosen.volume;
}

void VolumeSet::Forget(const VolumeWriter& last) {
  const std::scoped_lock lock(mutex_);
  --Of(last).streams;
}

bool VolumeSet::IsRefused(const VolumeWriter& at) const {
  return !at.accepts() && AcceptFrom(at.volume());
}

bool VolumeSet::TakeLeave(const VolumeWriter& at) {
  if (!any_to_leave_.load(std::memory_order_relaxed)) return false;
  const std::scoped_lock lock(mutex_);
  Member& member = Of(at);
  if (member.to_leave == 0) return false;
  --member.to_leave;
  any_to_leave_ = std::ranges::any_of(members_, [](const Member& one) { return one.to_leave > 0; });
  return true;
}

VolumeWriter& VolumeSet::ForRun(VolumeWriter& last, bool takes_leave) {
  const bool accepts = last.accepts();
  if (accepts && !takes_leave) return last;
  const std::scoped_lock lock(mutex_);
  const Member* const other = Elsewhere(last.volume(), !accepts);
  if (other == nullptr) return last;
  --Of(last).streams;
  ++Of(*other->volume).streams;
  return *other->volume;
}

void VolumeSet::Balance(MonoTime now) {
  const std::scoped_lock lock(mutex_);
  for (Member& member : members_) {
    const bool refuses = !member.volume->accepts();
    if (refuses) member.settled_at = now + kSettled;
    member.refused = refuses || now < member.settled_at;
  }
  const std::vector<std::size_t> shares = Shares();
  bool any = false;
  for (std::size_t i = 0; i < members_.size(); ++i) {
    Member& member = members_[i];
    const bool has_more = !member.refused && member.streams > shares[i];
    member.to_leave = has_more ? std::min(member.streams - shares[i], kMovesMax) : 0;
    any = any || member.to_leave > 0;
  }
  any_to_leave_ = any;
}

/// The mutex is held. What lies with volumes that refuse is not theirs to share out; where there is
/// nobody to share with, each keeps what it has.
std::vector<std::size_t> VolumeSet::Shares() const {
  std::size_t streams = 0;
  std::vector<std::uint32_t> weights;
  bool any = false;
  for (const Member& member : members_) {
    if (!member.refused) streams += member.streams;
    weights.push_back(member.refused ? 0 : member.weight);
    any = any || weights.back() > 0;
  }
  if (any) return SharesOf(streams, weights);
  std::vector<std::size_t> kept;
  for (const Member& member : members_) kept.push_back(member.streams);
  return kept;
}

bool VolumeSet::AcceptFrom(const Volume& one) const {
  const std::scoped_lock lock(mutex_);
  return Elsewhere(one, true) != nullptr;
}

bool VolumeSet::Take(const Volume& one, RescuedClip clip) {
  const std::scoped_lock lock(mutex_);
  const Member* const other = Elsewhere(one, true);
  if (other != nullptr) other->volume->Enqueue({nullptr, std::move(clip)});
  return other != nullptr;
}

VolumeSet::Member& VolumeSet::Of(const VolumeWriter& volume) {
  const auto found = std::ranges::find_if(
      members_, [&](const Member& member) { return member.volume.get() == &volume; });
  CHECK(found != members_.end());
  return *found;
}

/// The mutex is held. Another volume that accepts; one of weight 0 only where `drained_too` and no
/// other is left; null where there is none.
const VolumeSet::Member* VolumeSet::Elsewhere(const Volume& one, bool drained_too) const {
  const auto takes_it = [&](const Member& member) {
    return &member.volume->volume() != &one && member.volume->accepts();
  };
  const Member* const other = LeastLadenOf(takes_it);
  if (other != nullptr || !drained_too) return other;
  const auto drained = std::ranges::find_if(members_, takes_it);
  return drained == members_.end() ? nullptr : &*drained;
}

}  // namespace yagura::storage
