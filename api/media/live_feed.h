#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <vector>

#include "api/media/live_package.h"
#include "api/media/viewer_queue.h"
#include "core/time.h"
#include "storage/live_subscriber.h"
#include "storage/newest_gop.h"

namespace yagura::api {

/// One camera's frames on their way to all who watch it in this process. Thread-safe.
class LiveFeed final : public storage::LiveListener {
 public:
  /// What all feeds of this process hold together.
  struct Held {
    storage::HeldBytes gops = std::make_shared<std::atomic<std::uint64_t>>(0);
    storage::HeldBytes packages = std::make_shared<std::atomic<std::uint64_t>>(0);
  };
  /// `clock` outlives it.
  LiveFeed(const Clock& clock, const Held& held)
      : clock_(clock),
        package_bytes_(held.packages),
        gop_({}, held.gops),
        last_unit_(clock.Monotonic()) {}

  void OnAccessUnit(AccessUnit unit) override;
  void OnLost() override;

  void Join(const std::shared_ptr<ViewerQueue>& queue);
  /// Once this has returned the queue gets nothing more.
  void Leave(const std::shared_ptr<ViewerQueue>& queue);
  /// The stream for those who follow it by HLS; made of the newest GOP where nobody did yet.
  [[nodiscard]] std::shared_ptr<LivePackage> Pack();
  /// Ends the package that nobody asked for in the last `unused_max`, and of a camera that is
  /// silent for `silence_max`.
  void LookAfterPackage(std::chrono::milliseconds unused_max,
                        std::chrono::milliseconds silence_max);
  /// Somebody follows it.
  [[nodiscard]] bool is_packed() const;
  /// Somebody watches or follows it.
  [[nodiscard]] bool in_use() const;
  /// Of the newest frame; before the first, of the beginning.
  [[nodiscard]] MonoTime last_unit() const;

 private:
  const Clock& clock_;
  const storage::HeldBytes package_bytes_;
  mutable std::mutex mutex_;  // guards the rest
  storage::NewestGop gop_;
  std::vector<std::shared_ptr<ViewerQueue>> queues_;
  std::shared_ptr<LivePackage> package_;  // null: nobody follows
  MonoTime packed_at_{};                  // when it was asked for last
  MonoTime last_unit_;
};

}  // namespace yagura::api
