#include "fleet/cameras_pg.h"

#include <gmock/gmock.h>

#include "tests/fleet/fleet_pg_fixture.h"

namespace yagura::fleet {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

class CamerasPgTest : public FleetPgTest {
 protected:
  Result<void> Change(CameraId camera, const CameraChange& change, WallTime now, WallTime at) {
    return Admin([&](auto& t) { return ChangeCamera(t, camera, change, now, at); });
  }
  Result<ChargeChange> Charge(CameraId camera, UnitId unit, WallTime now, WallTime at) {
    return database_->As("yagura_admin").RunFor<ChargeChange>([&](auto& t) {
      return ChangeCharge(t, camera, unit, now, at);
    });
  }
  std::vector<CameraAtInstant> List(WallTime at, bool retired_too = false) {
    std::vector<CameraAtInstant> cameras;
    (void)Admin([&](auto& t) -> Result<void> {
      cameras = ListCameras(t, at, retired_too);
      return {};
    });
    return cameras;
  }
};

TEST_F(CamerasPgTest, ANewCameraBeginsFiveSecondsAfterItsEntry) {
  const CameraId camera = Added(Camera("1F-01"));
  EXPECT_EQ(Rows("charge", "unit_id", camera), ToString(tax_) + "|12:00:05|");
  EXPECT_EQ(Rows("placement", "floor_id", camera), ToString(first_floor_) + "|12:00:05|");
  EXPECT_EQ(Rows("camera_state", "state", camera), "in_service|12:00:05|");
  const auto early =
      Admin([&](auto& t) { return AddCamera(t, Camera("1F-02"), kNoon, kNoon + seconds(4)); });
  EXPECT_EQ(early.error().code(), ErrorCode::kFailedPrecondition);
}

TEST_F(CamerasPgTest, ACodeIsGivenOnce) {
  Added(Camera("1F-01"));
  const auto again =
      Admin([&](auto& t) { return AddCamera(t, Camera("1F-01"), kNoon, kNoon + kFive); });
  EXPECT_EQ(again.error().code(), ErrorCode::kAlreadyExists);
}

TEST_F(CamerasPgTest, AChangeOfChargeClosesOneRowAndAddsOne) {
  const CameraId camera = Added(Camera("1F-01"));
  const auto change = Charge(camera, welfare_, kNoon + minutes(1), kNoon + minutes(2));
  ASSERT_TRUE(change.has_value()) << ToString(change.error());
  EXPECT_TRUE(change->changed);
  EXPECT_EQ(change->before, tax_);
  EXPECT_EQ(Rows("charge", "unit_id", camera),
            ToString(tax_) + "|12:00:05|12:02:00\n" + ToString(welfare_) + "|12:02:00|");
}

TEST_F(CamerasPgTest, TheSameChargeAgainChangesNothing) {
  const CameraId camera = Added(Camera("1F-01"));
  const auto change = Charge(camera, tax_, kNoon + minutes(1), kNoon + minutes(2));
  EXPECT_FALSE(change.value().changed);
  EXPECT_EQ(Rows("charge", "unit_id", camera), ToString(tax_) + "|12:00:05|");
}

TEST_F(CamerasPgTest, RefusesAChangeThatIsTooEarlyOrBeforeOneAlreadyEntered) {
  const CameraId camera = Added(Camera("1F-01"));
  const WallTime now = kNoon + minutes(1);
  EXPECT_EQ(Charge(camera, welfare_, now, now + seconds(4)).error().code(),
            ErrorCode::kFailedPrecondition);
  ASSERT_TRUE(Charge(camera, welfare_, now, now + minutes(9)).has_value());
  EXPECT_EQ(Charge(camera, tax_, now, now + minutes(8)).error().code(),
            ErrorCode::kFailedPrecondition);
  EXPECT_EQ(Charge(camera, tax_, now, now + minutes(9)).error().code(),
            ErrorCode::kFailedPrecondition);
  EXPECT_TRUE(Charge(camera, tax_, now, now + minutes(10)).has_value());
}

TEST_F(CamerasPgTest, MovesSuspendsAndRenames) {
  const CameraId camera = Added(Camera("1F-01"));
  const WallTime now = kNoon + minutes(1);
  ASSERT_TRUE(Change(camera,
                     {.name = "Lobby",
                      .url = "rtsp://camera-2/",
                      .floor = second_floor_,
                      .state = CameraState::kSuspended},
                     now, now + kFive)
                  .has_value());
  const auto before = List(now);
  const auto after = List(now + kFive);
  ASSERT_EQ(before.size(), 1U);
  EXPECT_EQ(before[0].floor, "HQ/MAIN/1F");
  EXPECT_EQ(before[0].state, CameraState::kInService);
  EXPECT_EQ(before[0].changes_at, now + kFive);
  EXPECT_EQ(after[0].floor, "HQ/MAIN/2F");
  EXPECT_EQ(after[0].state, CameraState::kSuspended);
  EXPECT_EQ(after[0].changes_at, std::nullopt);
  EXPECT_EQ(after[0].name, "Lobby");
  EXPECT_EQ(after[0].url, "rtsp://camera-2/");
  EXPECT_EQ(after[0].unit, "TAX");
}

TEST_F(CamerasPgTest, ARetiredCameraIsNobodysAndStaysSo) {
  const CameraId camera = Added(Camera("1F-01"));
  const WallTime now = kNoon + minutes(1);
  ASSERT_TRUE(
      Admin([&](auto& t) { return RetireCamera(t, camera, now, now + kFive); }).has_value());
  EXPECT_EQ(List(now + kFive).size(), 0U);
  const auto all = List(now + kFive, true);
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].unit, std::nullopt);
  EXPECT_EQ(all[0].floor, std::nullopt);
  EXPECT_EQ(Charge(camera, welfare_, now + minutes(1), now + minutes(2)).error().code(),
            ErrorCode::kFailedPrecondition);
  EXPECT_EQ(Change(camera, {.state = CameraState::kInService}, now + minutes(1), now + minutes(2))
                .error()
                .code(),
            ErrorCode::kFailedPrecondition);
}

TEST_F(CamerasPgTest, AFailedChangeLeavesNothingBehind) {
  const CameraId camera = Added(Camera("1F-01"));
  const auto changed = Change(camera, {.name = "Lobby", .state = CameraState::kRetired},
                              kNoon + minutes(1), kNoon + minutes(2));
  EXPECT_EQ(changed.error().code(), ErrorCode::kInvalidArgument);
  EXPECT_EQ(List(kNoon + minutes(2))[0].name, "Window");
}

TEST_F(CamerasPgTest, KeepsAndForgetsSealedCredentials) {
  auto camera = Camera("1F-01");
  camera.credentials = SealedCredentials{1, 2, 0xff};
  Added(camera);
  const std::string ask = "SELECT sealed_credentials FROM camera_stream";
  EXPECT_EQ(database_->Ask(ask), "\\x0102ff");
  ASSERT_TRUE(Change(camera.id, {.name = "Lobby"}, kNoon, kNoon + kFive).has_value());
  EXPECT_EQ(database_->Ask(ask), "\\x0102ff");
  ASSERT_TRUE(
      Change(camera.id, {.credentials = SealedCredentials{}}, kNoon, kNoon + kFive).has_value());
  EXPECT_EQ(database_->Ask(ask), "");
}

TEST_F(CamerasPgTest, TwoChangesAtOnceComeOneAfterTheOther) {
  const CameraId camera = Added(Camera("1F-01"));
  const WallTime now = kNoon + minutes(1);
  const auto outer = Admin([&](pqxx::transaction_base& t) -> Result<void> {
    RETURN_IF_ERROR(ChangeCharge(t, camera, welfare_, now, now + minutes(1)));
    // A second console, while the first one's transaction is open: waits for its lock, and gives
    // up.
    auto impatient = database_->ConnectAs("yagura_admin");
    impatient.lock_timeout = std::chrono::milliseconds(300);
    pg::Pool other_console(impatient, 1);
    const auto second = other_console.RunFor<ChargeChange>(
        [&](auto& t2) { return ChangeCharge(t2, camera, tax_, now, now + minutes(2)); });
    EXPECT_EQ(second.error().code(), ErrorCode::kDeadlineExceeded);
    return {};
  });
  EXPECT_TRUE(outer.has_value()) << ToString(outer.error());
}

TEST_F(CamerasPgTest, FindsUnitsThatExistThen) {
  Sql("UPDATE unit SET valid_to = '2027-06-15T13:00:00Z' WHERE code = 'TAX'");
  const auto at = [&](WallTime time) {
    return database_->As("yagura_admin").ReadFor<UnitId>([&](auto& t) {
      return FindUnit(t, "TAX", time);
    });
  };
  EXPECT_EQ(at(kNoon).value(), tax_);
  EXPECT_EQ(at(kNoon + minutes(60)).error().code(), ErrorCode::kNotFound);
}

}  // namespace
}  // namespace yagura::fleet
