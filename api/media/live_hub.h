#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "access_control/gate.h"
#include "api/media/live_feeds.h"
#include "api/media/live_package.h"
#include "api/media/live_viewer.h"
#include "api/media/turns.h"
#include "storage/live_subscriber.h"

namespace yagura::api {

/// Everybody who watches live. Its thread looks at all viewers four times a second: ends those
/// whose right has ended or whose camera is silent, and opens the next viewing before one ends.
/// Thread-safe.
class LiveHub {
 public:
  struct Times {
    std::chrono::milliseconds look_each{250};
    std::chrono::milliseconds silence_max{20'000};
    std::chrono::milliseconds prolong_before{60'000};
    std::chrono::milliseconds unused_max{15'000};  // of what is followed by HLS
  };
  /// What can be asked of the right to a camera's live pictures.
  struct Needs {
    access_control::Gate& gate;
    Viewings& viewings;
    Transcoders& transcoders;
    const Clock& clock;
  };
  /// Who is in `needs` outlives it.
  LiveHub(storage::LiveSubscriber::Options relay, const Needs& needs)
      : LiveHub(std::move(relay), needs, Times()) {}
  LiveHub(storage::LiveSubscriber::Options relay, const Needs& needs, Times times);
  /// No viewer is left.
  ~LiveHub();
  LiveHub(const LiveHub&) = delete;
  LiveHub& operator=(const LiveHub&) = delete;

  /// Begins to watch, with the camera's newest keyframe where it is known. kResourceExhausted: too
  /// many streams are transcoded.
  [[nodiscard]] Result<std::shared_ptr<LiveSource>> Watch(LiveRight right,
                                                          std::shared_ptr<OpenViewing> open);
  /// The stream for those who follow it by HLS, from now on or already; it is kept for `unused_max`
  /// after the last call. Errors as Watch.
  [[nodiscard]] Result<std::shared_ptr<LivePackage>> Follow(WatchedStream watched) {
    return feeds_.Pack(watched);
  }
  /// Whether somebody does.
  [[nodiscard]] bool IsFollowed(WatchedStream watched) { return feeds_.IsPacked(watched); }
  /// The stream's frames from its newest keyframe at or after `from` on, up to now; waits for them
  /// at most that long. Empty: none came. kUnavailable: it isn't this person's turn (Turns).
  [[nodiscard]] Result<std::vector<AccessUnit>> Newest(PersonId person, CameraStream of,
                                                       WallTime from,
                                                       std::chrono::milliseconds within);

 private:
  [[nodiscard]] Result<std::vector<AccessUnit>> AwaitNewest(CameraStream of, WallTime from,
                                                            std::chrono::milliseconds within);
  void Run();
  void LookAfter(LiveViewer& viewer);
  void Prolong(LiveViewer& viewer);
  [[nodiscard]] bool IsSilent(WatchedStream watched);

  const Needs needs_;
  const Times times_;
  LiveFeeds feeds_;
  Turns picture_turns_;
  std::mutex mutex_;  // guards the next two
  std::vector<std::weak_ptr<LiveViewer>> viewers_;
  bool stopping_ = false;
  std::condition_variable wake_;
  std::thread thread_;
};

}  // namespace yagura::api
