#include "api/media/live_hub.h"

#include <algorithm>

#include "api/media/live.h"
#include "core/check.h"

namespace yagura::api {
namespace {

/// Of one viewer: a GOP that begins, and some seconds behind it. Later than that it isn't live.
constexpr ViewerQueue::Bounds kViewerBounds{.bytes_max = 10 * 1024 * 1024,
                                            .wait_max = std::chrono::seconds(3)};
/// Viewings of one viewer overlap by so much: frames don't come in the order of their instants.
constexpr std::chrono::seconds kOverlap{2};
/// A frame is the newest where it is hardly older; the next one of a slow camera isn't waited for.
constexpr milliseconds kFresh{300};
constexpr milliseconds kNewestLookEach{5};

}  // namespace

LiveHub::LiveHub(storage::LiveSubscriber::Options relay, const Needs& needs, Times times)
    : needs_(needs),
      times_(times),
      subscriber_(std::move(relay), needs.clock),
      picture_turns_(needs.clock) {
  thread_ = std::thread([this] { Run(); });
}

LiveHub::~LiveHub() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
  for (const auto& [of, feed] : feeds_) {
    feed->LookAfterPackage(milliseconds(-1), {});
    CHECK(!feed->in_use());
    subscriber_.Unsubscribe(of);
  }
}

std::shared_ptr<LiveSource> LiveHub::Watch(LiveRight right, std::shared_ptr<OpenViewing> open) {
  const CameraStream of = right.of;
  const auto queue = std::make_shared<ViewerQueue>(kViewerBounds, needs_.clock);
  const auto leave = [this, of, queue] { Leave(of, queue); };
  auto viewer =
      std::make_shared<LiveViewer>(std::move(right), std::move(open), queue, leave, needs_.clock);
  Join(of, queue);
  const std::scoped_lock lock(mutex_);
  std::erase_if(viewers_, [](const auto& one) { return one.expired(); });
  viewers_.push_back(viewer);
  return viewer;
}

Result<std::vector<AccessUnit>> LiveHub::Newest(PersonId person, CameraStream of, WallTime from,
                                                std::chrono::milliseconds within) {
  const auto turn = picture_turns_.Enter(person);
  if (!turn.has_value()) return Failure(turn.error());
  return AwaitNewest(of, from, within);
}

std::vector<AccessUnit> LiveHub::AwaitNewest(CameraStream of, WallTime from,
                                             std::chrono::milliseconds within) {
  const auto queue = std::make_shared<ViewerQueue>(kViewerBounds, needs_.clock);
  const WallTime asked = needs_.clock.Now();
  const auto until = std::chrono::steady_clock::now() + within;
  std::vector<AccessUnit> gop;
  const auto is_newest = [&] { return !gop.empty() && gop.back().wall >= asked - kFresh; };
  Join(of, queue);
  while (!is_newest() && std::chrono::steady_clock::now() < until) {
    std::this_thread::sleep_for(kNewestLookEach);
    while (auto unit = queue->Take()) {
      if (unit->keyframe) gop.clear();
      if (unit->wall >= from && (unit->keyframe || !gop.empty())) gop.push_back(*std::move(unit));
    }
  }
  Leave(of, queue);
  return gop;
}

/// The mutex is held.
LiveFeed& LiveHub::FeedOf(CameraStream of) {
  auto& feed = feeds_[of];
  if (feed == nullptr) {
    feed = std::make_shared<LiveFeed>(needs_.clock, held_);
    subscriber_.Subscribe(of, feed);
  }
  return *feed;
}

void LiveHub::Join(CameraStream of, const std::shared_ptr<ViewerQueue>& queue) {
  const std::scoped_lock lock(mutex_);
  FeedOf(of).Join(queue);
}

void LiveHub::Leave(CameraStream of, const std::shared_ptr<ViewerQueue>& queue) {
  const std::scoped_lock lock(mutex_);
  const auto found = feeds_.find(of);
  if (found == feeds_.end()) return;
  found->second->Leave(queue);
  if (found->second->in_use()) return;
  subscriber_.Unsubscribe(of);
  feeds_.erase(found);
}

std::shared_ptr<LivePackage> LiveHub::Follow(CameraStream of) {
  const std::scoped_lock lock(mutex_);
  return FeedOf(of).Pack();
}

bool LiveHub::IsFollowed(CameraStream of) {
  const std::scoped_lock lock(mutex_);
  const auto found = feeds_.find(of);
  return found != feeds_.end() && found->second->is_packed();
}

/// The mutex is held. What is watched is unsubscribed when its last viewer leaves.
void LiveHub::UnsubscribeUnused() {
  for (auto feed = feeds_.begin(); feed != feeds_.end();) {
    feed->second->LookAfterPackage(times_.unused_max, times_.silence_max);
    if (feed->second->in_use()) {
      ++feed;
      continue;
    }
    subscriber_.Unsubscribe(feed->first);
    feed = feeds_.erase(feed);
  }
}

void LiveHub::Run() {
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, times_.look_each, [this] { return stopping_; })) {
    UnsubscribeUnused();
    const std::vector<std::weak_ptr<LiveViewer>> all = viewers_;
    lock.unlock();
    for (const auto& one : all) {
      if (const auto viewer = one.lock()) LookAfter(*viewer);
    }
    lock.lock();
  }
}

void LiveHub::LookAfter(LiveViewer& viewer) {
  if (IsSilent(viewer.right().of)) viewer.queue().End();
  viewer.queue().Nudge();  // it sees by itself whether it is cut
  if (viewer.is_cut()) return;
  const WallTime covered_until = viewer.last_viewing()->viewing().interval().to;
  if (covered_until - needs_.clock.Now() < times_.prolong_before) Prolong(viewer);
}

bool LiveHub::IsSilent(CameraStream of) {
  const std::scoped_lock lock(mutex_);
  const auto found = feeds_.find(of);
  return found != feeds_.end() &&
         needs_.clock.Monotonic() - found->second->last_unit() > times_.silence_max;
}

/// Where it can't be, the viewer ends with its viewing; it is tried again until then.
void LiveHub::Prolong(LiveViewer& viewer) {
  const auto last = viewer.last_viewing();
  const MonoTime looked_at = needs_.clock.Monotonic();
  const WallTime from = last->viewing().interval().to - kOverlap;
  if (from + kOverlap >= last->last_until()) return;
  const auto next = OpenNextLive(needs_.gate, *last, from);
  if (!next.has_value()) return;
  const auto open = std::make_shared<OpenViewing>(last->caller(), next->viewing, next->last_until);
  open->Trust(looked_at, next->ends_at);
  if (needs_.viewings.Add(open).has_value()) viewer.Prolong(open);
}

}  // namespace yagura::api
