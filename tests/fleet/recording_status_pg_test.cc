#include "fleet/recording_status_pg.h"

#include <gmock/gmock.h>

#include "fleet/found_transports_pg.h"
#include "fleet/picture_faults_pg.h"
#include "tests/fleet/fleet_pg_fixture.h"

namespace yagura::fleet {
namespace {

using std::chrono::minutes;
using ::testing::ElementsAre;
using ::testing::FieldsAre;

class RecordingStatusPgTest : public FleetPgTest {
 protected:
  RecordingStatus Status() {
    const auto status = database_->As("yagura_keep")
                            .ReadFor<RecordingStatus>([&](auto& t) -> Result<RecordingStatus> {
                              return ReadRecordingStatus(t, kNoon + minutes(10));
                            });
    EXPECT_TRUE(status.has_value()) << ToString(status.error());
    return status.value();
  }
  std::string Owner(CameraId camera) const {
    return "'" + ToString(camera) + "', 'main', '" + ToString(tax_) + "', '" +
           ToString(first_floor_) + "'";
  }
  std::string AddRun(CameraId camera, const std::string& start, const std::string& end) {
    const std::string run = ToString(NewId<RunId>());
    EXPECT_EQ(database_->Ask("INSERT INTO run (id, camera_id, stream, unit_id, floor_id, start_at, "
                             "end_at, media_start, "
                             "clock, codec, width_px, height_px, init_sha256) VALUES ('" +
                             run + "', " + Owner(camera) + ", '" + start + "', " + end +
                             ", 0, 'unknown', 'avc1', 1, 1, '')"),
              "");
    return run;
  }
  void AddGap(CameraId camera, const std::string& reason, const std::string& start,
              const std::string& end) {
    Sql("INSERT INTO gap (id, camera_id, stream, unit_id, floor_id, start_at, end_at, reason) "
        "VALUES ('" +
        ToString(NewId<GapId>()) + "', " + Owner(camera) + ", '" + start + "', " + end + ", '" +
        reason + "')");
  }
  void AddClip(CameraId camera, const std::string& run, const std::string& start, int bytes) {
    Sql("DO $$ BEGIN PERFORM ensure_clip_partitions('2027-06-14', '2027-06-17', 'Asia/Tokyo'); END "
        "$$");
    Sql("INSERT INTO volume (id, path) VALUES ('" + volume_ + "', '/v') ON CONFLICT DO NOTHING");
    EXPECT_EQ(database_->Ask("INSERT INTO clip (run_id, sequence, camera_id, stream, unit_id, "
                             "floor_id, volume_id, start_at, "
                             "end_at, media_start, media_end, bytes, header_bytes, fragments_from, "
                             "fragments_to, sha256, "
                             "frames, keyframes, clock, ended_by) VALUES ('" +
                             run + "', " + std::to_string(sequence_++) + ", " + Owner(camera) +
                             ", '" + volume_ + "', '" + start + "', '" + start +
                             "'::timestamptz + interval '60 s', "
                             "0, 1, " +
                             std::to_string(bytes) + ", 1, 1, 1, '', 1, '', 'unknown', 'rolled')"),
              "");
  }
  const std::string volume_ = ToString(NewId<VolumeId>());
  int sequence_ = 0;
};

TEST_F(RecordingStatusPgTest, AnEmptyOfficeRecordsNothing) {
  const auto status = Status();
  EXPECT_FALSE(status.recorder_connected);
  EXPECT_EQ(status.due, 0);
  EXPECT_EQ(status.clips, 0);
  EXPECT_EQ(status.oldest, std::nullopt);
}

TEST_F(RecordingStatusPgTest, CountsWhatIsRecordedAndWhatIsMissing) {
  const CameraId one = Added(Camera("1F-01"));
  const CameraId two = Added(Camera("1F-02"));
  auto planned = Camera("1F-03");
  planned.state = CameraState::kPlanned;
  Added(planned);
  const auto run = AddRun(one, "2027-06-15T12:01:00Z", "NULL");
  AddClip(one, run, "2027-06-15T12:01:00Z", 1000);
  AddClip(one, run, "2027-06-15T12:02:00Z", 500);
  AddRun(two, "2027-06-15T12:01:00Z", "'2027-06-15T12:02:00Z'");
  AddGap(two, "camera_unreachable", "2027-06-15T12:02:00Z", "NULL");
  ASSERT_TRUE(
      database_->As("yagura_record").Read([](auto&) -> Result<void> { return {}; }).has_value());
  const auto status = Status();
  EXPECT_TRUE(status.recorder_connected);
  EXPECT_EQ(status.due, 2);
  EXPECT_EQ(status.recording, 1);
  EXPECT_THAT(status.missing, ElementsAre(RecordingStatus::Missing{"camera_unreachable", 1}));
  EXPECT_EQ(status.clips, 2);
  EXPECT_EQ(status.bytes, 1500U);
  EXPECT_EQ(status.oldest, kNoon + minutes(1));
  EXPECT_EQ(status.newest, kNoon + minutes(3));
}

TEST_F(RecordingStatusPgTest, ACameraIsMissingSinceItsLastFootageWhateverTheReasonWas) {
  const CameraId one = Added(Camera("1F-01"));
  AddRun(one, "2027-06-15T12:01:00Z", "'2027-06-15T12:02:00Z'");
  AddGap(one, "camera_unreachable", "2027-06-15T12:02:00Z", "'2027-06-15T12:05:00Z'");
  AddGap(one, "camera_silent", "2027-06-15T12:05:00Z", "NULL");
  const CameraId never = Added(Camera("1F-02"));
  AddGap(never, "camera_unreachable", "2027-06-15T12:06:00Z", "NULL");
  EXPECT_THAT(Status().missing_cameras,
              ElementsAre(FieldsAre("1F-01", "Window", "camera_silent", kNoon + minutes(2)),
                          FieldsAre("1F-02", "Window", "camera_unreachable", kNoon + kFive)))
      << "and one that never had any since it is due";
}

TEST_F(RecordingStatusPgTest, ACameraIsRecordedSinceItsLastGap) {
  const CameraId one = Added(Camera("1F-01"));
  const std::string health =
      "SELECT condition, to_char(since AT TIME ZONE 'UTC', 'HH24:MI:SS') FROM camera_health";
  EXPECT_EQ(database_->Ask(health, "yagura_keep"), "unknown|") << "nobody has said anything";
  AddRun(one, "2027-06-15T12:01:00Z", "'2027-06-15T12:02:00Z'");
  AddGap(one, "frames_damaged", "2027-06-15T12:02:00Z", "'2027-06-15T12:02:04Z'");
  AddRun(one, "2027-06-15T12:02:04Z", "'2027-06-15T13:00:00Z'");
  AddRun(one, "2027-06-15T13:00:00Z", "NULL");
  AddGap(one, "camera_silent", "2027-06-15T12:30:00Z", "'2027-06-15T12:30:00Z'");
  EXPECT_EQ(database_->Ask(health, "yagura_keep"), "unknown|") << "no recorder is there";
  ASSERT_TRUE(
      database_->As("yagura_record").Read([](auto&) -> Result<void> { return {}; }).has_value());
  EXPECT_EQ(database_->Ask(health, "yagura_keep"), "recording|12:02:04")
      << "runs follow one another without a gap, and a gap without length never was";
}

TEST_F(RecordingStatusPgTest, TellsHowClocksWereSetAndWhichCamerasClocksAreOff) {
  const CameraId one = Added(Camera("1F-01"));
  const CameraId two = Added(Camera("1F-02"));
  Sql("INSERT INTO clock_step (id, before_at, after_at) VALUES (gen_random_uuid(), "
      "'2027-06-15T12:09:00Z', '2027-06-15T12:05:00Z'), "
      "(gen_random_uuid(), '2027-06-13T12:09:00Z', '2027-06-13T12:05:00Z')");
  Sql("INSERT INTO camera_clock (camera_id, at, offset_us, drift_ppb) VALUES ('" + ToString(one) +
      "', '2027-06-15T12:00:00Z', 5000000, NULL), ('" + ToString(one) +
      "', '2027-06-15T12:05:00Z', -3600000000, 40000), ('" + ToString(two) +
      "', '2027-06-15T12:05:00Z', 900000, NULL)");
  const auto status = Status();
  EXPECT_THAT(status.clock_steps, ElementsAre(FieldsAre(kNoon + minutes(9), kNoon + minutes(5))));
  EXPECT_THAT(status.camera_clocks, ElementsAre(FieldsAre("1F-01", "Window", -std::chrono::hours(1),
                                                          40.0, kNoon + minutes(5))));
}

TEST_F(RecordingStatusPgTest, TellsWhatAutoCameTo) {
  const CameraId one = Added(Camera("1F-01"));
  const CameraId two = Added(Camera("1F-02"));
  const auto store = [&](const std::vector<FoundTransport>& found,
                         const std::vector<CameraId>& told) {
    const auto stored = database_->As("yagura_record").Run([&](auto& t) -> Result<void> {
      StoreFoundTransports(t, found, told);
      return {};
    });
    EXPECT_TRUE(stored.has_value());
  };
  store({{one, CameraTransport::kTcp}, {two, CameraTransport::kUdp}}, {});
  EXPECT_THAT(Status().found_transports, ElementsAre(FieldsAre("tcp", 1), FieldsAre("udp", 1)));
  store({{one, CameraTransport::kUdp}, {NewId<CameraId>(), CameraTransport::kUdp}}, {});
  EXPECT_THAT(Status().found_transports, ElementsAre(FieldsAre("udp", 2)));
  store({}, {two});
  EXPECT_THAT(Status().found_transports, ElementsAre(FieldsAre("udp", 1)));
}

TEST_F(RecordingStatusPgTest, AClockThatRanAheadAndWasSetRightHidesNoRecording) {
  const CameraId one = Added(Camera("1F-01"));
  AddRun(one, "2027-06-15T12:01:00Z", "'2027-06-15T12:02:00Z'");
  AddGap(one, "clock_step", "2027-06-15T12:02:00Z", "'2028-06-15T12:02:00Z'");
  AddRun(one, "2028-06-15T12:02:00Z", "'2028-06-15T12:03:00Z'");
  AddRun(one, "2027-06-15T12:03:00Z", "NULL");
  ASSERT_TRUE(
      database_->As("yagura_record").Read([](auto&) -> Result<void> { return {}; }).has_value());
  EXPECT_EQ(database_->Ask("SELECT condition, since < '2027-06-15T13:00:00Z' FROM camera_health",
                           "yagura_keep"),
            "recording|t");
}

TEST_F(RecordingStatusPgTest, NamesPicturesAtFaultOfCamerasThatAreRecorded) {
  const CameraId one = Added(Camera("1F-01"));
  const CameraId two = Added(Camera("1F-02"));
  AddRun(one, "2027-06-15T12:01:00Z", "NULL");
  AddRun(two, "2027-06-15T12:01:00Z", "NULL");
  const auto store = [&](std::vector<PictureFaultRow> faults) {
    const std::vector<CameraId> cameras{one, two, NewId<CameraId>()};
    const auto stored = database_->As("yagura_record").Run([&](auto& t) -> Result<void> {
      StorePictureFaults(t, cameras, faults);
      return {};
    });
    EXPECT_TRUE(stored.has_value()) << ToString(stored.error());
  };
  store({{one, "frozen", kNoon + minutes(3)},
         {two, "black", kNoon - minutes(60)},
         {NewId<CameraId>(), "black", kNoon}});
  EXPECT_THAT(Status().faulty_pictures,
              ElementsAre(FieldsAre("1F-01", "Window", "frozen", kNoon + minutes(3)),
                          FieldsAre("1F-02", "Window", "black", kNoon + kFive)))
      << "of the time before, others were in charge";
  AddGap(two, "camera_silent", "2027-06-15T12:05:00Z", "NULL");
  store({{one, "black", kNoon + minutes(4)}, {two, "black", kNoon + minutes(4)}});
  EXPECT_THAT(Status().faulty_pictures,
              ElementsAre(FieldsAre("1F-01", "Window", "black", kNoon + minutes(4))))
      << "where none come, nothing is wrong with them";
  store({});
  EXPECT_THAT(Status().faulty_pictures, ElementsAre());
}

TEST_F(RecordingStatusPgTest, NothingIsRecordedWithoutARecorder) {
  AddRun(Added(Camera("1F-01")), "2027-06-15T12:01:00Z", "NULL");
  const auto status = Status();
  EXPECT_EQ(status.due, 1);
  EXPECT_EQ(status.recording, 0);
}

}  // namespace
}  // namespace yagura::fleet
