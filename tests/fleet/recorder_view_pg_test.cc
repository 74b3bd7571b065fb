#include "fleet/recorder_view_pg.h"

#include <gmock/gmock.h>

#include "fleet/camera_certificates_pg.h"
#include "tests/fleet/fleet_pg_fixture.h"

namespace yagura::fleet {
namespace {

using std::chrono::minutes;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class RecorderViewPgTest : public FleetPgTest {
 protected:
  RecorderView View(WallTime since) {
    const auto view =
        database_->As("yagura_record").ReadFor<RecorderView>([&](auto& t) -> Result<RecorderView> {
          return ReadRecorderView(t, since);
        });
    EXPECT_TRUE(view.has_value()) << ToString(view.error());
    return view.value();
  }
  std::int64_t Epoch() {
    return database_->As("yagura_record")
        .ReadFor<std::int64_t>([](auto& t) -> Result<std::int64_t> { return ReadFactsEpoch(t); })
        .value();
  }
};

TEST_F(RecorderViewPgTest, TellsTheRecorderAllThatItNeeds) {
  auto camera = Camera("1F-01");
  camera.credentials = SealedCredentials{7, 8};
  Added(camera);
  const WallTime at = kNoon + minutes(2);
  ASSERT_TRUE(Admin([&](auto& t) -> Result<void> {
                RETURN_IF_ERROR(ChangeCharge(t, camera.id, welfare_, kNoon + minutes(1), at));
                return {};
              }).has_value());
  const auto view = View(kNoon);
  EXPECT_EQ(view.epoch, Epoch());
  ASSERT_EQ(view.cameras.size(), 1U);
  EXPECT_EQ(view.cameras[0],
            (RecordedCamera{camera.id,
                            "1F-01",
                            camera.url,
                            {7, 8},
                            {{kNoon + kFive, tax_, first_floor_}, {at, welfare_, first_floor_}},
                            {{kNoon + kFive, WallTime::max()}},
                            view.cameras[0].parking_lifted_at}));
}

TEST_F(RecorderViewPgTest, TellsSinceWhenCrashesCountByAnInstantThatOnlyGrows) {
  const CameraId camera = Added(Camera("1F-01"));
  const auto lifted_at = [&] { return View(kNoon).cameras.at(0).parking_lifted_at; };
  const auto changed = [&](const CameraChange& change) {
    const auto before = Epoch();
    EXPECT_TRUE(
        Admin([&](auto& t) { return ChangeCamera(t, camera, change, kNoon, kNoon); }).has_value());
    EXPECT_GT(Epoch(), before);
    return lifted_at();
  };
  EXPECT_EQ(lifted_at(), std::nullopt);
  EXPECT_EQ(changed({.name = "entrance"}), std::nullopt);
  std::vector<std::optional<WallTime>> lifts;
  lifts.push_back(changed({.lift_parking = true}));
  lifts.push_back(changed({.lift_parking = true}));
  lifts.push_back(changed({.url = "rtsp://10.0.0.9/s"}));
  lifts.push_back(changed({.credentials = SealedCredentials{1, 2}}));
  lifts.push_back(changed({.url = "rtsp://10.0.0.10/s"}));
  lifts.push_back(changed({.transport = CameraTransport::kUdp}));
  EXPECT_TRUE(std::ranges::is_sorted(lifts, std::ranges::less_equal())) << "one is no lift";
  EXPECT_TRUE(lifts.front().has_value());
  EXPECT_EQ(changed({.url = "rtsp://10.0.0.10/s"}), lifts.back());
}

TEST_F(RecorderViewPgTest, TellsHowACamerasPacketsAreToCome) {
  auto pulled = Camera("1F-01");
  pulled.transport = CameraTransport::kTls;
  const CameraId camera = Added(pulled);
  const auto transport = [&] { return View(kNoon).cameras.at(0).transport; };
  EXPECT_EQ(transport(), CameraTransport::kTls);
  const CameraChange change{.transport = CameraTransport::kAuto};
  EXPECT_TRUE(
      Admin([&](auto& t) { return ChangeCamera(t, camera, change, kNoon, kNoon); }).has_value());
  EXPECT_EQ(transport(), CameraTransport::kAuto);
}

TEST_F(RecorderViewPgTest, TellsTheCertificateThatACameraMustShowUntilItIsForgotten) {
  const CameraId camera = Added(Camera("1F-01"));
  const std::string first(64, 'a');
  const std::string second(64, 'b');
  const auto see = [&](const SeenCertificate& seen) {
    EXPECT_TRUE(
        database_->As("yagura_record")
            .Run([&](auto& t) -> Result<void> {
              StoreCertificates(t, std::vector{seen, SeenCertificate{NewId<CameraId>(), first}});
              return {};
            })
            .has_value());
  };
  const auto known = [&] { return View(kNoon).cameras.at(0); };
  const auto change = [&](const CameraChange& what) {
    EXPECT_TRUE(
        Admin([&](auto& t) { return ChangeCamera(t, camera, what, kNoon, kNoon); }).has_value());
  };
  EXPECT_EQ(known().certificate, "");
  const auto epoch = Epoch();
  see({camera, first});
  EXPECT_GT(Epoch(), epoch) << "the recorder reads it, and keeps it for a start without database";
  EXPECT_EQ(known().certificate, first);
  see({camera, second});
  EXPECT_EQ(known().certificate, first) << "it stands until it is forgotten";
  change({.transport = CameraTransport::kUdp, .credentials = SealedCredentials{1, 2}});
  EXPECT_EQ(known().certificate, first);
  change({.forget_certificate = true});
  EXPECT_EQ(known().certificate, "");
  see({camera, first});
  EXPECT_EQ(known().certificate, "") << "what a recorder tells that hasn't heard of it yet";
  see({camera, second, known().certificate_forgotten_at});
  EXPECT_EQ(known().certificate, second);
  change({.url = "rtsp://10.0.0.9/s"});
  EXPECT_EQ(known().certificate, "") << "another host";
}

TEST_F(RecorderViewPgTest, TellsOfASubStreamThatIsLetInAsTheMainOneIsOnItsHost) {
  auto seen = Camera("1F-01");  // at rtsp://10.0.0.1/…
  seen.url = "rtsp://10.0.0.1/main";
  seen.credentials = SealedCredentials{7, 8};
  const CameraId camera = Added(seen);
  const auto sub = [&] { return View(kNoon).cameras.at(0).sub; };
  const auto change = [&](const CameraChange& what) {
    return Admin([&](auto& t) { return ChangeCamera(t, camera, what, kNoon, kNoon); }).has_value();
  };
  EXPECT_EQ(sub(), std::nullopt);
  EXPECT_FALSE(change({.record_sub = true})) << "it has none";
  EXPECT_TRUE(change({.sub_url = "rtsp://10.0.0.1/sub"}));
  EXPECT_EQ(sub(), (SubStream{.url = "rtsp://10.0.0.1/sub", .sealed_credentials = {7, 8}}));
  EXPECT_TRUE(change({.transport = CameraTransport::kUdp, .record_sub = true}));
  EXPECT_EQ(sub()->transport, CameraTransport::kUdp);
  EXPECT_TRUE(sub()->recorded);
  EXPECT_TRUE(change({.sub_url = "rtsp://10.0.0.9/sub"}));
  EXPECT_TRUE(sub()->sealed_credentials.empty()) << "they were entered for another host";
  EXPECT_FALSE(change({.sub_url = "rtsp://viewer:secret@10.0.0.1/sub"}));
  EXPECT_TRUE(change({.sub_url = ""}));
  EXPECT_EQ(sub(), std::nullopt);
}

TEST_F(RecorderViewPgTest, LeavesOutCamerasThatAreNotInService) {
  auto planned = Camera("1F-02");
  planned.state = CameraState::kPlanned;
  Added(planned);
  EXPECT_THAT(View(kNoon).cameras, IsEmpty());
}

TEST_F(RecorderViewPgTest, KeepsACameraUntilTheEndOfItsServiceIsPast) {
  const CameraId camera = Added(Camera("1F-01"));
  const WallTime end = kNoon + minutes(2);
  ASSERT_TRUE(
      Admin([&](auto& t) { return RetireCamera(t, camera, kNoon + minutes(1), end); }).has_value());
  const auto view = View(end - minutes(1));
  ASSERT_EQ(view.cameras.size(), 1U);
  EXPECT_THAT(view.cameras[0].due, ElementsAre(WallRange{kNoon + kFive, end}));
  EXPECT_THAT(View(end).cameras, IsEmpty());
}

TEST_F(RecorderViewPgTest, AnyChangeOfFactsIsAGreaterEpoch) {
  const std::int64_t before = Epoch();
  Added(Camera("1F-01"));
  EXPECT_GT(Epoch(), before);
}

TEST_F(RecorderViewPgTest, TheKeyGoesFromTheRecorderToTheConsole) {
  const auto ask = [&] {
    return database_->As("yagura_admin").ReadFor<SealingPublicKey>([](auto& t) {
      return ReadRecorderKey(t);
    });
  };
  EXPECT_EQ(ask().error().code(), ErrorCode::kFailedPrecondition);
  SealingPublicKey key{};
  key[0] = 1;
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(database_->As("yagura_record")
                    .Run([&](auto& t) -> Result<void> {
                      PublishRecorderKey(t, key);
                      return {};
                    })
                    .has_value());
  }
  EXPECT_EQ(ask().value(), key);
}

TEST_F(RecorderViewPgTest, OnlyTheRecorderReadsSealedCredentials) {
  for (const auto* role : {"yagura_admin", "yagura_api", "yagura_media", "yagura_keep"}) {
    EXPECT_THAT(database_->Ask("SELECT sealed_credentials FROM camera_stream", role),
                ::testing::HasSubstr("permission denied"))
        << role;
  }
}

}  // namespace
}  // namespace yagura::fleet
