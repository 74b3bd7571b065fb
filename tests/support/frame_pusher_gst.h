#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "core/sent_log_writer.h"
#include "core/time.h"
#include "simulate/loop_file.h"

extern "C" {
typedef struct _GstElement GstElement;
}

namespace yagura::testing {

/// A sent log that several threads write.
class SharedSentLog {
 public:
  explicit SharedSentLog(std::unique_ptr<SentLogWriter> log) : log_(std::move(log)) {}
  /// Calls `write` with the log, alone; not at all where there is none.
  template <class Write>
  void With(Write write) {
    const std::scoped_lock lock(mutex_);
    if (log_) write(*log_);
  }

 private:
  std::mutex mutex_;
  std::unique_ptr<SentLogWriter> log_;
};

/// What all clients of a GstCamera share. All outlive the pushers.
struct PushedFootage {
  const simulate::LoopFile* loop = nullptr;
  simulate::FrameRate rate;
  SharedSentLog* log = nullptr;
  const Clock* clock = nullptr;
};

/// Feeds one client's pipeline: the first frame at once, so that the server can describe the
/// stream; all further ones in real time from Play on, in a thread of its own.
class FramePusher {
 public:
  /// `source`: the pipeline's appsrc; a reference is kept.
  FramePusher(const PushedFootage& footage, GstElement* source);
  ~FramePusher();
  FramePusher(const FramePusher&) = delete;
  FramePusher& operator=(const FramePusher&) = delete;

  /// The client's PLAY was answered. A second one changes nothing.
  void Play();
  /// The client has gone.
  void Stop();

 private:
  void Run();
  void Push(std::uint64_t number);
  void Note(std::uint64_t number);
  [[nodiscard]] std::int64_t IntervalsUntilShown(std::uint64_t number) const;
  [[nodiscard]] std::uint64_t NanosecondsOf(std::int64_t intervals) const;
  [[nodiscard]] std::uint64_t PtsOf(std::uint64_t number) const;

  const PushedFootage footage_;
  GstElement* source_;
  const std::uint64_t epoch_;
  std::int64_t lag_frames_ = 0;  // by how many places a frame is decoded after its turn, at most
  std::vector<std::uint32_t> crcs_;  // by frame of the loop
  MonoTime begin_{};
  WallTime begin_wall_{};
  std::uint32_t session_ = 0;
  std::mutex life_;   // held by Play and Stop
  std::mutex mutex_;  // of stopping_
  std::condition_variable changed_;
  bool stopping_ = false;
  std::thread thread_;
};

/// Added to all RTP timestamps by the payloader, so that the log can name them.
inline constexpr std::uint32_t kGstTimestampOffset = 0xfffff000;  // wraps soon

}  // namespace yagura::testing
