#include "api/media/live_viewer.h"

#include <utility>

namespace yagura::api {
namespace {

/// Frames this far apart, in one timeline, are shown one after the other: nothing was left out.
constexpr std::chrono::seconds kFrameMax{2};
/// What is told of a frame that nothing follows.
constexpr milliseconds kLastFrame{1};

}  // namespace

LiveViewer::LiveViewer(LiveRight right, std::shared_ptr<OpenViewing> open,
                       std::shared_ptr<ViewerQueue> queue, std::function<void()> leave,
                       const Clock& clock)
    : right_(std::move(right)),
      queue_(std::move(queue)),
      leave_(std::move(leave)),
      clock_(clock),
      open_(std::move(open)) {}

bool LiveViewer::is_cut() const {
  const std::scoped_lock lock(mutex_);
  return open_->is_cut() || (next_ && next_->is_cut()) || clock_.Now() >= open_->ends_at();
}

std::shared_ptr<OpenViewing> LiveViewer::last_viewing() const {
  const std::scoped_lock lock(mutex_);
  return next_ ? next_ : open_;
}

void LiveViewer::Prolong(std::shared_ptr<OpenViewing> next) {
  const std::scoped_lock lock(mutex_);
  next_ = std::move(next);
}

LiveSource::Taken LiveViewer::Take() {
  if (is_cut()) return {State::kEnd, {}, {}};
  {
    const std::scoped_lock lock(mutex_);
    if (clock_.Monotonic() >= open_->trusted_until()) return {State::kWait, {}, {}};
  }
  while (auto unit = queue_->Take()) {
    if (IsSkipped(*unit)) continue;
    if (!muxer_.Fits(*unit)) return {State::kEnd, {}, {}};
    const auto open = ViewingFor(*unit);
    if (open == nullptr) return {State::kEnd, {}, {}};
    std::string head = muxer_.HeadOf(*unit);
    NoteDelivered(*open, *unit, head.size() + unit->data.size());
    return {State::kPiece, std::move(head), std::move(unit->data)};
  }
  return {queue_->over() ? State::kEnd : State::kWait, {}, {}};
}

bool LiveViewer::IsSkipped(const AccessUnit& unit) {
  if (unit.wall < right_.from) skips_to_keyframe_ = true;
  if (skips_to_keyframe_ && (!unit.keyframe || unit.wall < right_.from)) return true;
  skips_to_keyframe_ = false;
  return false;
}

std::shared_ptr<OpenViewing> LiveViewer::ViewingFor(const AccessUnit& unit) {
  const std::scoped_lock lock(mutex_);
  if (unit.wall >= open_->ends_at()) return nullptr;
  if (unit.wall >= open_->viewing().interval().to && next_) open_ = std::exchange(next_, nullptr);
  const WallRange& interval = open_->viewing().interval();
  return interval.from <= unit.wall && unit.wall < interval.to ? open_ : nullptr;
}

/// A frame is shown until the next one, which isn't there yet: each tells of the one before, too.
void LiveViewer::NoteDelivered(OpenViewing& open, const AccessUnit& unit, std::size_t bytes) {
  const bool follows = last_ && last_->timeline == unit.timeline && last_->wall < unit.wall &&
                       unit.wall - last_->wall < kFrameMax;
  const WallTime since =
      follows ? std::max(last_->wall, open.viewing().interval().from) : unit.wall;
  open.AddDelivered({since, unit.wall + kLastFrame}, bytes);
  last_ = unit;
  last_->data = {};
}

}  // namespace yagura::api
