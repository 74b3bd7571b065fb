#pragma once

#include "core/result.h"

namespace yagura::ingest {

/// What `yagura pull-worker` does: takes one order from standard input, keeps an RTSP session with
/// that camera by GStreamer's rtspsrc, and writes the camera's description and packets, as they
/// came, to standard output; docs/design/pull-worker.md. No packet is parsed here beyond what
/// rtspsrc needs to tell RTP from RTCP, and none is depacketised.
///
/// Returns when standard input ends, having taken leave of the camera. Before it reads anything
/// that a camera sent the process is in its sandbox (pull_sandbox.h). kUnavailable: GStreamer or
/// the sandbox can't be had; kInvalidArgument: no order came.
[[nodiscard]] Result<void> RunPullWorker();

}  // namespace yagura::ingest
