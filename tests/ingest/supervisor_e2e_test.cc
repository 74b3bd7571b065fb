// A whole supervisor against simulated cameras over real sockets: what goes into the wire comes out
// of the sink.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>

#include "core/frame_stamp.h"
#include "core/sent_log.h"
#include "ingest/supervisor.h"
#include "simulate/camera_farm.h"
#include "tests/ingest/recording_sink.h"

namespace yagura::ingest {
namespace {

using simulate::CameraFarm;
using testing::Interruption;
using testing::RecordingSink;
using namespace std::chrono_literals;

std::filesystem::path Loop(const std::string& name) {
  return std::filesystem::path(YAGURA_TEST_LOOPS) / name;
}

class SupervisorTest : public ::testing::Test {
 protected:
  SupervisorTest() {
    std::string name = "/tmp/yagura-ingest-XXXXXX";
    folder_ = ::mkdtemp(name.data());
    farm_options_.sent_log = folder_ / "sent.log";
    farm_options_.groups = {{.count = 3, .loops = {Loop("main.h264")}}};
  }
  ~SupervisorTest() override {
    supervisor_.Stop();
    farm_.reset();
    std::filesystem::remove_all(folder_);
  }

  void StartFarm() {
    auto farm = CameraFarm::Start(farm_options_, clock_);
    ASSERT_TRUE(farm.has_value()) << ToString(farm.error());
    farm_ = std::move(*farm);
  }
  struct Recorded {
    CameraId id;
    std::shared_ptr<RecordingSink> sink;
  };
  Recorded Record(const std::string& url, const std::string& user = "",
                  const std::string& password = "") {
    Recorded recorded{NewId<CameraId>(), std::make_shared<RecordingSink>()};
    const auto set = supervisor_.Set({recorded.id, url, user, password}, recorded.sink);
    EXPECT_TRUE(set.has_value());
    return recorded;
  }
  CameraStatus StatusOf(CameraId id) {
    for (const CameraStatus& status : supervisor_.Status()) {
      if (status.id == id) return status;
    }
    ADD_FAILURE() << "no status of the camera";
    return {};
  }

  SystemClock clock_;
  std::filesystem::path folder_;
  simulate::FarmOptions farm_options_;
  std::unique_ptr<CameraFarm> farm_;
  Supervisor supervisor_{clock_, {.threads = 2, .parsing_notes = {}}};
};

FrameStamp StampOf(const AccessUnit& unit) {
  const StampedUnit stamped = ReadStampedUnit(unit.data.bytes()).value();
  EXPECT_TRUE(stamped.intact());
  return stamped.stamp.value();
}

/// Every unit whole, none missing between first and last, times rising, the first of a timeline a
/// keyframe.
void ExpectUnbroken(const std::vector<AccessUnit>& units) {
  ASSERT_FALSE(units.empty());
  EXPECT_TRUE(units.front().keyframe);
  for (std::size_t i = 1; i < units.size(); ++i) {
    EXPECT_EQ(StampOf(units[i]).number, StampOf(units[i - 1]).number + 1);
    EXPECT_EQ(units[i].timeline, units[0].timeline);
    EXPECT_GT(units[i].dts, units[i - 1].dts);
    EXPECT_LE(units[i].dts, units[i].pts);
    EXPECT_EQ(units[i].format, units[0].format);
  }
}

TEST_F(SupervisorTest, EveryFrameOfEveryCameraComesOnceWithItsTime) {
  StartFarm();
  std::vector<Recorded> cameras;
  for (std::uint32_t camera = 1; camera <= 3; ++camera)
    cameras.push_back(Record(farm_->Url(camera)));
  for (const Recorded& camera : cameras) ASSERT_TRUE(camera.sink->WaitForMoreUnits(60));
  supervisor_.Stop();
  farm_.reset();

  std::map<std::pair<std::uint64_t, std::uint64_t>, WallTime> captured;  // by epoch and number
  const SentLog log = LoadSentLog(farm_options_.sent_log).value();
  std::map<std::uint32_t, std::uint64_t> epoch_of;
  for (const SentSession& session : log.sessions) epoch_of[session.session] = session.epoch;
  for (const SentFrame& frame : log.frames)
    captured[{epoch_of[frame.session], frame.number}] = frame.captured;

  for (const Recorded& camera : cameras) {
    const auto units = camera.sink->units();
    ExpectUnbroken(units);
    EXPECT_THAT(camera.sink->reasons(), ::testing::ElementsAre(GapReason::kWaitingForKeyframe));
    EXPECT_EQ(units[0].pts.ticks_90k, 900'000);
    EXPECT_EQ(units[0].format->width_px, 320u);
    EXPECT_EQ(units[0].format->height_px, 180u);
    for (const AccessUnit& unit : units) {
      const FrameStamp stamp = StampOf(unit);
      const microseconds error = unit.wall - captured.at({stamp.epoch, stamp.number});
      EXPECT_LT(std::chrono::abs(error), 150ms) << "frame " << stamp.number;
    }
  }
}

}  // namespace
}  // namespace yagura::ingest
