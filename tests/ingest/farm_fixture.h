#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/frame_stamp.h"
#include "ingest/supervisor.h"
#include "simulate/camera_farm.h"
#include "tests/ingest/recording_sink.h"
#include "tests/support/standstill.h"

namespace yagura::testing {

/// A supervisor and a farm of simulated cameras, in a folder that goes away.
class FarmFixture : public ::testing::Test {
 protected:
  FarmFixture();
  ~FarmFixture() override;

  static std::filesystem::path Loop(const std::string& name) {
    return std::filesystem::path(YAGURA_TEST_LOOPS) / name;
  }

  struct Recorded {
    CameraId id;
    std::shared_ptr<RecordingSink> sink;
  };

  /// By `farm_options_`.
  void StartFarm();
  Recorded Record(const std::string& url, const std::string& user = "",
                  const std::string& password = "",
                  CameraTransport transport = CameraTransport::kTcp);
  ingest::CameraStatus StatusOf(CameraId id);
  /// Our instant of each frame's capture by (epoch, number). Ends the farm, which completes its
  /// log.
  using Captured = std::map<std::pair<std::uint64_t, std::uint64_t>, WallTime>;
  Captured EndFarm();

  SystemClock clock_;
  Standstill standstill_;  // what is promised in seconds may be late by it
  std::filesystem::path folder_;
  simulate::FarmOptions farm_options_;
  std::unique_ptr<simulate::CameraFarm> farm_;
  ingest::Supervisor supervisor_{
      clock_, {.threads = 2, .parsing_notes = {}, .pull_worker{{YAGURA_PROGRAM, {"pull-worker"}}}}};
};

/// The stamp of a unit, whose bytes must be as they were sent.
FrameStamp StampOf(const AccessUnit& unit);

/// One timeline and format, nothing missing between first and last, times rising, the first a
/// keyframe.
void ExpectUnbroken(const std::vector<AccessUnit>& units);

}  // namespace yagura::testing
