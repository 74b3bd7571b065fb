#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>

#include "api/media/live_feed.h"
#include "api/media/transcoders.h"
#include "api/media/viewer_queue.h"

namespace yagura::api {

/// Makes H.264 of what comes live, on a thread and by a worker of its own, as long as it is there.
/// What is H.264 already goes through as it is. Where the worker can't keep up, `source` goes to
/// the newest keyframe; where it fails, another one goes on from there.
class TranscodedFeed {
 public:
  /// Takes from `source`, gives to `to`.
  TranscodedFeed(std::shared_ptr<ViewerQueue> source, std::shared_ptr<LiveFeed> to,
                 Transcoders::Place place, pictures::Transcode::Options worker);
  /// Waits for the frame that is being transcoded.
  ~TranscodedFeed();
  TranscodedFeed(const TranscodedFeed&) = delete;
  TranscodedFeed& operator=(const TranscodedFeed&) = delete;

  [[nodiscard]] const std::shared_ptr<ViewerQueue>& source() const { return source_; }

 private:
  /// What a frame was, until it comes out.
  struct Sent {
    MediaTime pts;
    WallTime wall;
  };
  void Run();
  void Pass(const AccessUnit& unit);
  [[nodiscard]] Result<void> Transcode(const AccessUnit& unit);
  [[nodiscard]] Result<void> BeginWith(const AccessUnit& unit);
  void GiveOut(const pictures::TranscodedFrame& frame);

  const std::shared_ptr<ViewerQueue> source_;
  const std::shared_ptr<LiveFeed> to_;
  const Transcoders::Place place_;
  const pictures::Transcode::Options worker_options_;
  std::mutex mutex_;  // guards the next two
  bool woken_ = false;
  bool stopping_ = false;
  std::condition_variable wake_;
  // Of the thread:
  std::unique_ptr<pictures::Transcode> worker_;
  bool skips_to_keyframe_ = true;
  std::shared_ptr<const StreamFormat> source_format_;  // of the stream that was begun; or null
  std::uint32_t timeline_ = 0;
  std::shared_ptr<const StreamFormat> format_;  // of what comes out
  std::deque<Sent> sent_;
  std::thread thread_;
};

}  // namespace yagura::api
