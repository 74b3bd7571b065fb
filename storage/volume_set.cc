#include "storage/volume_set.h"

#include <utility>

namespace yagura::storage {

void VolumeSet::Add(std::unique_ptr<VolumeWriter> volume) {
  const std::scoped_lock lock(mutex_);
  volumes_.push_back(std::move(volume));
}

std::vector<VolumeWriter*> VolumeSet::all() const {
  const std::scoped_lock lock(mutex_);
  std::vector<VolumeWriter*> all;
  for (const auto& volume : volumes_) all.push_back(volume.get());
  return all;
}

bool VolumeSet::empty() const {
  const std::scoped_lock lock(mutex_);
  return volumes_.empty();
}

VolumeWriter& VolumeSet::Home() {
  const std::scoped_lock lock(mutex_);
  return *volumes_.at(next_home_++ % volumes_.size());
}

VolumeWriter& VolumeSet::ForRun(VolumeWriter& last) const {
  if (last.accepts()) return last;
  VolumeWriter* const other = Elsewhere(last.volume());
  return other != nullptr ? *other : last;
}

bool VolumeSet::AcceptFrom(const Volume& one) const { return Elsewhere(one) != nullptr; }

bool VolumeSet::Take(const Volume& one, RescuedClip clip) {
  VolumeWriter* const other = Elsewhere(one);
  if (other != nullptr) other->Enqueue({nullptr, std::move(clip)});
  return other != nullptr;
}

/// Another volume that accepts; null where there is none.
VolumeWriter* VolumeSet::Elsewhere(const Volume& one) const {
  const std::scoped_lock lock(mutex_);
  for (const auto& volume : volumes_) {
    if (&volume->volume() != &one && volume->accepts()) return volume.get();
  }
  return nullptr;
}

}  // namespace yagura::storage
