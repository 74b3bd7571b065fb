#pragma once

#include <vector>

#include "app/metrics.h"
#include "app/picture_checks.h"
#include "app/recording.h"
#include "ingest/supervisor.h"
#include "storage/recorder.h"

namespace yagura::app {

/// What the recorder tells of itself and of each camera's main stream (docs/operations/metrics.md).
[[nodiscard]] std::vector<Metric> RecorderMetrics(const std::vector<ingest::CameraStatus>& streams,
                                                  const Recording::LeftOutCameras& left_out,
                                                  const PictureChecks::Faults& pictures,
                                                  const storage::Recorder::Status& recorder,
                                                  bool workers_failing = false);

}  // namespace yagura::app
