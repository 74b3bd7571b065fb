#include "storage/newest_gop.h"

namespace yagura::storage {

void NewestGop::Add(const AccessUnit& unit) {
  if (unit.keyframe) Clear();
  if (units_.empty() && !unit.keyframe) return;
  const std::uint64_t size_bytes = unit.data.size();
  if (bytes_ + size_bytes > limits_.one_bytes_max || *all_ + size_bytes > limits_.all_bytes_max) {
    return Clear();
  }
  bytes_ += size_bytes;
  *all_ += size_bytes;
  units_.push_back(unit);
}

void NewestGop::Clear() {
  *all_ -= bytes_;
  bytes_ = 0;
  units_.clear();
}

}  // namespace yagura::storage
