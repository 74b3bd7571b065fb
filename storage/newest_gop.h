#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/access_unit.h"

namespace yagura::storage {

/// Bytes of all GOPs held in this process together.
using HeldBytes = std::shared_ptr<std::atomic<std::uint64_t>>;

struct GopLimits {
  std::uint64_t one_bytes_max = 8 * 1024 * 1024;
  std::uint64_t all_bytes_max = 256 * 1024 * 1024;
};

/// The access units of one stream from its newest keyframe on, so that who begins to watch needn't
/// wait for the next one. Holds shares of the bytes, copies none. Over a limit it lets go and is
/// empty until the next keyframe. One thread at a time.
class NewestGop {
 public:
  explicit NewestGop(GopLimits limits = {},
                     HeldBytes all = std::make_shared<std::atomic<std::uint64_t>>(0))
      : limits_(limits), all_(std::move(all)) {}
  ~NewestGop() { Clear(); }
  NewestGop(const NewestGop&) = delete;
  NewestGop& operator=(const NewestGop&) = delete;

  void Add(const AccessUnit& unit);
  /// The stream was interrupted: a picture from before isn't the newest any more.
  void Clear();

  [[nodiscard]] const std::vector<AccessUnit>& units() const { return units_; }

 private:
  const GopLimits limits_;
  const HeldBytes all_;
  std::vector<AccessUnit> units_;  // empty, or a keyframe and what follows it
  std::uint64_t bytes_ = 0;
};

}  // namespace yagura::storage
