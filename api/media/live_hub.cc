#include "api/media/live_hub.h"

#include <algorithm>

#include "api/media/live.h"

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
      feeds_(std::move(relay), needs.transcoders, needs.clock),
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
}

Result<std::shared_ptr<LiveSource>> LiveHub::Watch(LiveRight right,
                                                   std::shared_ptr<OpenViewing> open) {
  const WatchedStream watched = right.watched;
  const auto queue = std::make_shared<ViewerQueue>(kViewerBounds, needs_.clock);
  RETURN_IF_ERROR(feeds_.Join(watched, queue));
  const auto leave = [this, watched, queue] { feeds_.Leave(watched, queue); };
  auto viewer =
      std::make_shared<LiveViewer>(std::move(right), std::move(open), queue, leave, needs_.clock);
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

Result<std::vector<AccessUnit>> LiveHub::AwaitNewest(CameraStream of, WallTime from,
                                                     std::chrono::milliseconds within) {
  const auto queue = std::make_shared<ViewerQueue>(kViewerBounds, needs_.clock);
  const WallTime asked = needs_.clock.Now();
  const auto until = std::chrono::steady_clock::now() + within;
  std::vector<AccessUnit> gop;
  const auto is_newest = [&] { return !gop.empty() && gop.back().wall >= asked - kFresh; };
  const WatchedStream watched{of, Coding::kAsSent};
  RETURN_IF_ERROR(feeds_.Join(watched, queue));
  while (!is_newest() && std::chrono::steady_clock::now() < until) {
    std::this_thread::sleep_for(kNewestLookEach);
    while (auto unit = queue->Take()) {
      if (unit->keyframe) gop.clear();
      if (unit->wall >= from && (unit->keyframe || !gop.empty())) gop.push_back(*std::move(unit));
    }
  }
  feeds_.Leave(watched, queue);
  return gop;
}

void LiveHub::Run() {
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, times_.look_each, [this] { return stopping_; })) {
    const std::vector<std::weak_ptr<LiveViewer>> all = viewers_;
    lock.unlock();
    feeds_.EndUnused(times_.unused_max, times_.silence_max);
    for (const auto& one : all) {
      if (const auto viewer = one.lock()) LookAfter(*viewer);
    }
    lock.lock();
  }
}

void LiveHub::LookAfter(LiveViewer& viewer) {
  if (IsSilent(viewer.right().watched)) viewer.queue().End();
  viewer.queue().Nudge();  // it sees by itself whether it is cut
  if (viewer.is_cut()) return;
  const WallTime covered_until = viewer.last_viewing()->viewing().interval().to;
  if (covered_until - needs_.clock.Now() < times_.prolong_before) Prolong(viewer);
}

bool LiveHub::IsSilent(WatchedStream watched) {
  const auto last = feeds_.LastUnit(watched);
  return last && needs_.clock.Monotonic() - *last > times_.silence_max;
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
