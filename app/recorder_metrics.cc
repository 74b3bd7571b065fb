#include "app/recorder_metrics.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <optional>
#include <utility>

namespace yagura::app {
namespace {

using ingest::CameraStatus;

using Labels = std::map<std::string, std::string>;

double Seconds(microseconds time) { return std::chrono::duration<double>(time).count(); }
/// As Prometheus counts time: seconds since 1970, by our clock.
double UnixSeconds(WallTime time) {
  return Seconds(std::chrono::duration_cast<microseconds>(time.time_since_epoch()));
}

/// A sample for each camera of which `value` knows one.
Metric OfCameras(std::string name, std::string help, Metric::Kind kind,
                 const std::vector<CameraStatus>& cameras,
                 const std::function<std::optional<double>(const CameraStatus&)>& value) {
  Metric metric{std::move(name), std::move(help), kind, {}};
  for (const CameraStatus& camera : cameras) {
    if (const auto known = value(camera))
      metric.samples.push_back({{{"camera", ToString(camera.id)}}, *known});
  }
  return metric;
}

Metric Count(std::string name, std::string help, const std::vector<CameraStatus>& cameras,
             std::uint64_t CameraStatus::*count) {
  return OfCameras(std::move(name), std::move(help), Metric::Kind::kCounter, cameras,
                   [count](const CameraStatus& camera) {
                     return std::optional<double>(static_cast<double>(camera.*count));
                   });
}

Metric States(const std::vector<CameraStatus>& cameras, const Recording::LeftOutCameras& left_out) {
  Metric metric{.name = "yagura_camera_state",
                .help =
                    "1 for the state that the camera's session is in, and for why nothing "
                    "comes, if so",
                .samples = {}};
  for (const CameraStatus& camera : cameras) {
    Labels labels{{"camera", ToString(camera.id)}, {"state", std::string(ToString(camera.state))}};
    if (camera.reason) labels["reason"] = std::string(ToString(*camera.reason));
    metric.samples.push_back({std::move(labels), 1});
  }
  for (const auto& [camera, one] : left_out) {
    metric.samples.push_back({{{"camera", ToString(camera)},
                               {"state", "left_out"},
                               {"reason", std::string(ToString(one.reason))}},
                              1});
  }
  return metric;
}

Metric StatesSince(const std::vector<CameraStatus>& cameras,
                   const Recording::LeftOutCameras& left_out) {
  Metric metric = OfCameras(
      "yagura_camera_state_since_seconds", "when that state began, in seconds since 1970",
      Metric::Kind::kGauge, cameras,
      [](const CameraStatus& camera) { return std::optional(UnixSeconds(camera.since)); });
  for (const auto& [camera, one] : left_out)
    metric.samples.push_back({{{"camera", ToString(camera)}}, UnixSeconds(one.since)});
  return metric;
}

void TellCounts(const std::vector<CameraStatus>& cameras, std::vector<Metric>& metrics) {
  metrics.push_back(Count("yagura_camera_sessions_total", "RTSP sessions begun", cameras,
                          &CameraStatus::sessions));
  metrics.push_back(
      Count("yagura_camera_frames_total", "frames received whole", cameras, &CameraStatus::frames));
  metrics.push_back(Count("yagura_camera_received_bytes_total", "bytes of those frames", cameras,
                          &CameraStatus::bytes));
  metrics.push_back(Count("yagura_camera_damaged_frames_total",
                          "frames of which packets were lost or broken", cameras,
                          &CameraStatus::damaged_frames));
  metrics.push_back(Count("yagura_camera_lost_packets_total", "RTP packets that never came",
                          cameras, &CameraStatus::lost_packets));
}

void TellClocks(const std::vector<CameraStatus>& cameras, std::vector<Metric>& metrics) {
  metrics.push_back(OfCameras(
      "yagura_camera_clock_offset_seconds", "the camera's clock minus ours, from its RTCP reports",
      Metric::Kind::kGauge, cameras, [](const CameraStatus& camera) {
        return camera.clock_offset ? std::optional(Seconds(*camera.clock_offset)) : std::nullopt;
      }));
  metrics.push_back(OfCameras("yagura_camera_clock_drift_ppm",
                              "how fast it runs away from ours, in millionths",
                              Metric::Kind::kGauge, cameras,
                              [](const CameraStatus& camera) { return camera.clock_drift_ppm; }));
}

void TellPictures(const PictureChecks::Faults& pictures, std::vector<Metric>& metrics) {
  Metric faults{.name = "yagura_camera_picture_fault",
                .help = "1 where the camera's pictures are black or frozen",
                .samples = {}};
  Metric since{.name = "yagura_camera_picture_fault_since_seconds",
               .help = "when that began, in seconds since 1970",
               .samples = {}};
  for (const auto& [camera, one] : pictures) {
    const std::string id = ToString(camera);
    faults.samples.push_back({{{"camera", id}, {"fault", std::string(ToString(one.fault))}}, 1});
    since.samples.push_back({{{"camera", id}}, UnixSeconds(one.since)});
  }
  metrics.push_back(std::move(faults));
  metrics.push_back(std::move(since));
}

void TellRecorder(const storage::Recorder::Status& recorder, std::vector<Metric>& metrics) {
  const auto tell = [&](std::string name, std::string help, double value,
                        Metric::Kind kind = Metric::Kind::kGauge) {
    metrics.push_back({std::move(name), std::move(help), kind, {{{}, value}}});
  };
  tell("yagura_recorder_streams", "streams that are to be recorded",
       static_cast<double>(recorder.streams));
  tell("yagura_recorder_open_clips", "clip files that are being written",
       static_cast<double>(recorder.open_clips));
  tell("yagura_recorder_held_bytes", "footage in memory that no disk has confirmed yet",
       static_cast<double>(recorder.held_bytes));
  tell("yagura_recorder_dropped_fragments_total",
       "fragments that found a volume's queue full; each is a gap recorder_overloaded",
       static_cast<double>(recorder.fragments_dropped), Metric::Kind::kCounter);
  tell("yagura_recorder_full_volumes", "volumes on which nothing is recorded for want of space",
       static_cast<double>(recorder.volumes_full));
  tell("yagura_recorder_recovering", "1 while clips of a crash are still being hashed",
       recorder.recovering ? 1 : 0);
}

/// A sample for each volume.
Metric OfVolumes(std::string name, std::string help, Metric::Kind kind,
                 const storage::Recorder::Status& recorder,
                 const std::function<double(const storage::VolumeStatus&)>& value) {
  Metric metric{std::move(name), std::move(help), kind, {}};
  for (const storage::VolumeStatus& volume : recorder.volumes)
    metric.samples.push_back({{{"volume", ToString(volume.id)}}, value(volume)});
  return metric;
}

void TellVolumes(const storage::Recorder::Status& recorder, std::vector<Metric>& metrics) {
  metrics.push_back(
      OfVolumes("yagura_volume_accepts", "1 where the volume gets what is recorded next",
                Metric::Kind::kGauge, recorder,
                [](const storage::VolumeStatus& volume) { return volume.accepts ? 1.0 : 0.0; }));
  metrics.push_back(OfVolumes(
      "yagura_volume_held_bytes", "footage in memory that the volume has not confirmed yet",
      Metric::Kind::kGauge, recorder,
      [](const storage::VolumeStatus& volume) { return static_cast<double>(volume.held_bytes); }));
  metrics.push_back(OfVolumes(
      "yagura_volume_failures_total", "what the volume's disk refused, and files given up for it",
      Metric::Kind::kCounter, recorder,
      [](const storage::VolumeStatus& volume) { return static_cast<double>(volume.failures); }));
  metrics.push_back(OfVolumes(
      "yagura_volume_free_bytes", "free space of the volume's file system", Metric::Kind::kGauge,
      recorder,
      [](const storage::VolumeStatus& volume) { return static_cast<double>(volume.free_bytes); }));
  metrics.push_back(OfVolumes(
      "yagura_volume_size_bytes", "size of the volume's file system", Metric::Kind::kGauge,
      recorder,
      [](const storage::VolumeStatus& volume) { return static_cast<double>(volume.total_bytes); }));
  metrics.push_back({"yagura_recorder_journal_failures_total",
                     "what the disk of the recorder's journal refused",
                     Metric::Kind::kCounter,
                     {{{}, static_cast<double>(recorder.journal_failures)}}});
}

}  // namespace

std::vector<Metric> RecorderMetrics(const std::vector<CameraStatus>& streams,
                                    const Recording::LeftOutCameras& left_out,
                                    const PictureChecks::Faults& pictures,
                                    const storage::Recorder::Status& recorder,
                                    bool workers_failing) {
  const std::vector<CameraStatus> cameras = ingest::MainStreams(streams);
  std::vector<Metric> metrics;
  metrics.push_back(States(cameras, left_out));
  metrics.push_back(StatesSince(cameras, left_out));
  TellCounts(cameras, metrics);
  TellClocks(cameras, metrics);
  TellPictures(pictures, metrics);
  TellRecorder(recorder, metrics);
  TellVolumes(recorder, metrics);
  metrics.push_back({"yagura_recorder_workers_failing",
                     "1 while pull workers of several cameras crash together",
                     Metric::Kind::kGauge,
                     {{{}, workers_failing ? 1.0 : 0.0}}});
  return metrics;
}

}  // namespace yagura::app
