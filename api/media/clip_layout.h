#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "api/media/clip_folder.h"
#include "core/result.h"
#include "storage/catalogue.h"
#include "storage/clip_reader.h"

namespace yagura::api {

/// Where the fragments of a clip lie, read at the first need and then remembered: some 2 KB, for as
/// long as somebody goes on asking for parts of the clip. It says where to look, not that what is
/// there is whole. Thread-safe.
class ClipLayout {
 public:
  struct Places {
    std::vector<storage::IndexedFragment> fragments;
    std::uint64_t fragments_end = 0;
    bool has_trailer = false;
    /// Whether all of [begin, end) lies in fragments, each of which says whether it is whole.
    [[nodiscard]] bool Hold(std::uint64_t begin, std::uint64_t end) const {
      return !fragments.empty() && fragments.front().offset_bytes <= begin && end <= fragments_end;
    }
  };

  /// As it was when it was first read. Errors as ClipFolder::ReadIndex.
  [[nodiscard]] Result<std::shared_ptr<const Places>> Known(const ClipFolder& folder,
                                                            const ClipPlace& place,
                                                            const storage::ClipRow& clip);
  /// As it is now.
  [[nodiscard]] Result<std::shared_ptr<const Places>> Read(const ClipFolder& folder,
                                                           const ClipPlace& place,
                                                           const storage::ClipRow& clip);

 private:
  std::mutex mutex_;
  std::shared_ptr<const Places> known_;  // under mutex_
};

}  // namespace yagura::api
