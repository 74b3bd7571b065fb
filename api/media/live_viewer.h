#pragma once

#include <functional>
#include <memory>
#include <mutex>

#include "api/http.h"
#include "api/media/coding.h"
#include "api/media/live_muxer.h"
#include "api/media/viewer_queue.h"
#include "api/media/viewings.h"

namespace yagura::api {

/// What one person may be shown of one camera now.
struct LiveRight {
  WatchedStream watched;
  WallTime from;  // pictures from before are another unit's, or older than anybody needs
};

/// One viewer of a camera: what waits for it becomes frames of its MP4, as long as the right goes
/// on. A frame goes out under the viewing that covers its instant, never without one; while the
/// right could not be looked at lately, frames are withheld. Taken from on an I/O thread; viewings
/// are prolonged on another.
class LiveViewer final : public LiveSource {
 public:
  /// `open` is recorded, and reaches into the future. `leave` is called when this ends. `clock`
  /// outlives it.
  LiveViewer(LiveRight right, std::shared_ptr<OpenViewing> open, std::shared_ptr<ViewerQueue> queue,
             std::function<void()> leave, const Clock& clock);
  ~LiveViewer() override { leave_(); }

  [[nodiscard]] Taken Take() override;
  void OnReady(std::function<void()> wake) override { queue_->OnReady(std::move(wake)); }
  [[nodiscard]] bool is_cut() const override;

  // Any thread:
  [[nodiscard]] const LiveRight& right() const { return right_; }
  [[nodiscard]] ViewerQueue& queue() { return *queue_; }
  /// The viewing that goes on longest.
  [[nodiscard]] std::shared_ptr<OpenViewing> last_viewing() const;
  /// The viewing that goes on where the present one ends.
  void Prolong(std::shared_ptr<OpenViewing> next);

 private:
  [[nodiscard]] bool IsSkipped(const AccessUnit& unit);
  /// The viewing under which `unit` may go out; none: it may not.
  [[nodiscard]] std::shared_ptr<OpenViewing> ViewingFor(const AccessUnit& unit);
  void NoteDelivered(OpenViewing& open, const AccessUnit& unit, std::size_t bytes);

  const LiveRight right_;
  const std::shared_ptr<ViewerQueue> queue_;
  const std::function<void()> leave_;
  const Clock& clock_;
  // Of the I/O thread:
  LiveMuxer muxer_;
  bool skips_to_keyframe_ = true;
  std::optional<AccessUnit> last_;  // sent, without data
  mutable std::mutex mutex_;        // guards the rest
  std::shared_ptr<OpenViewing> open_;
  std::shared_ptr<OpenViewing> next_;
};

}  // namespace yagura::api
