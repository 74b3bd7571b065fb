#include "api/media/clip_layout.h"

#include <utility>

namespace yagura::api {

Result<std::shared_ptr<const ClipLayout::Places>> ClipLayout::Known(const ClipFolder& folder,
                                                                    const ClipPlace& place,
                                                                    const storage::ClipRow& clip) {
  {
    const std::scoped_lock lock(mutex_);
    if (known_) return known_;
  }
  return Read(folder, place, clip);
}

Result<std::shared_ptr<const ClipLayout::Places>> ClipLayout::Read(const ClipFolder& folder,
                                                                   const ClipPlace& place,
                                                                   const storage::ClipRow& clip) {
  ASSIGN_OR_RETURN(storage::ClipIndex index, folder.ReadIndex(place, clip));
  auto places = std::make_shared<const Places>(
      Places{std::move(index.fragments), index.fragments_end, index.trailer.has_value()});
  const std::scoped_lock lock(mutex_);
  known_ = places;
  return places;
}

}  // namespace yagura::api
