#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "api/media/viewer_queue.h"
#include "core/time.h"
#include "storage/live_subscriber.h"
#include "storage/newest_gop.h"

namespace yagura::api {

/// One camera's frames on their way to all who watch it in this process. Thread-safe.
class LiveFeed final : public storage::LiveListener {
 public:
  /// `clock` outlives it.
  explicit LiveFeed(const Clock& clock) : clock_(clock), last_unit_(clock.Monotonic()) {}

  void OnAccessUnit(AccessUnit unit) override;
  void OnLost() override;

  void Join(const std::shared_ptr<ViewerQueue>& queue);
  /// Once this has returned the queue gets nothing more. False: nobody watches any more.
  [[nodiscard]] bool Leave(const std::shared_ptr<ViewerQueue>& queue);
  /// Of the newest frame; before the first, of the beginning.
  [[nodiscard]] MonoTime last_unit() const;

 private:
  const Clock& clock_;
  mutable std::mutex mutex_;  // guards the rest
  storage::NewestGop gop_;
  std::vector<std::shared_ptr<ViewerQueue>> queues_;
  MonoTime last_unit_;
};

}  // namespace yagura::api
