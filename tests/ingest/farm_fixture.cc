#include "tests/ingest/farm_fixture.h"

#include <cstdlib>

#include "core/sent_log.h"

namespace yagura::testing {

FarmFixture::FarmFixture() {
  std::string name = "/tmp/yagura-ingest-XXXXXX";
  folder_ = ::mkdtemp(name.data());
  farm_options_.sent_log = folder_ / "sent.log";
  farm_options_.groups = {{.count = 3, .loops = {Loop("gop_half.h264")}}};
}

FarmFixture::~FarmFixture() {
  supervisor_.Stop();
  farm_.reset();
  std::filesystem::remove_all(folder_);
}

void FarmFixture::StartFarm() {
  auto farm = simulate::CameraFarm::Start(farm_options_, clock_);
  ASSERT_TRUE(farm.has_value()) << ToString(farm.error());
  farm_ = std::move(*farm);
}

FarmFixture::Recorded FarmFixture::Record(const std::string& url, const std::string& user,
                                          const std::string& password, CameraTransport transport) {
  Recorded recorded{NewId<CameraId>(), std::make_shared<RecordingSink>()};
  const auto set = supervisor_.Set({recorded.id, url, user, password, transport}, recorded.sink);
  EXPECT_TRUE(set.has_value());
  return recorded;
}

ingest::CameraStatus FarmFixture::StatusOf(CameraId id) {
  for (const ingest::CameraStatus& status : supervisor_.Status()) {
    if (status.id == id) return status;
  }
  ADD_FAILURE() << "no status of the camera";
  return {};
}

FarmFixture::Captured FarmFixture::EndFarm() {
  farm_.reset();
  const SentLog log = LoadSentLog(farm_options_.sent_log).value();
  std::map<std::uint32_t, std::uint64_t> epoch_of;
  for (const SentSession& session : log.sessions) epoch_of[session.session] = session.epoch;
  Captured captured;
  for (const SentFrame& frame : log.frames)
    captured[{epoch_of[frame.session], frame.number}] = frame.captured;
  return captured;
}

FrameStamp StampOf(const AccessUnit& unit) {
  const StampedUnit stamped = ReadStampedUnit(unit.data.bytes()).value();
  EXPECT_TRUE(stamped.intact());
  return stamped.stamp.value();
}

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

}  // namespace yagura::testing
