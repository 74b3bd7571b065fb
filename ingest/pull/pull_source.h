#pragma once

#include <memory>

#include "core/result.h"
#include "ingest/pull/pull_pipe.h"

namespace yagura::ingest {

/// Makes GStreamer ready, once per process: loads the few plug-ins that pulling takes, and nothing
/// else. kUnavailable: it can't be had.
[[nodiscard]] Result<void> LoadPullSource();

/// One session with a camera by GStreamer's rtspsrc: what comes is written to the pipe, from
/// GStreamer's threads. Ends with Stop(), or tells a failure.
class PullSource {
 public:
  /// `pipe` outlives it.
  PullSource(const PullOrder& order, PullPipe& pipe);
  ~PullSource();
  PullSource(const PullSource&) = delete;
  PullSource& operator=(const PullSource&) = delete;

  /// Keeps the session until Stop(), then takes leave of the camera.
  void Run();
  /// From any thread.
  void Stop();

 private:
  class Session;
  std::unique_ptr<Session> session_;
};

}  // namespace yagura::ingest
