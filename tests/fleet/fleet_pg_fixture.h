#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "fleet/cameras_pg.h"
#include "fleet/places_pg.h"
#include "tests/support/migrated_postgres.h"

namespace yagura::fleet {

/// A small office: floors HQ/MAIN/1F and 2F, units TAX and WELFARE, and a noon at which changes are
/// entered.
class FleetPgTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    auto made = testing::CreateMigratedCluster();
    ASSERT_TRUE(made.has_value()) << ToString(made.error());
    cluster_ = *std::move(made);
  }
  static void TearDownTestSuite() { cluster_.reset(); }

  void SetUp() override {
    auto made = testing::MigratedPostgres::CreateIn(cluster_);
    ASSERT_TRUE(made.has_value()) << ToString(made.error());
    database_ = *std::move(made);
    for (const auto& [id, code] : {std::pair{tax_, "TAX"}, std::pair{welfare_, "WELFARE"}}) {
      Sql("INSERT INTO unit (id, code, name) VALUES ('" + ToString(id) + "', '" + code +
          "', 'a unit')");
    }
    const auto done = Admin([&](pqxx::transaction_base& t) -> Result<void> {
      RETURN_IF_ERROR(AddSite(t, "HQ", "Ground"));
      RETURN_IF_ERROR(AddBuilding(t, "HQ", "MAIN", "Main building"));
      ASSIGN_OR_RETURN(first_floor_, AddFloor(t, "MAIN", "1F", "Floor 1", 1));
      ASSIGN_OR_RETURN(second_floor_, AddFloor(t, "HQ/MAIN", "2F", "Floor 2", 2));
      return {};
    });
    ASSERT_TRUE(done.has_value()) << ToString(done.error());
  }

  /// As the superuser; gives no rows.
  void Sql(const std::string& statement) { EXPECT_EQ(database_->Ask(statement), ""); }
  /// In one transaction of the operator at the console.
  [[nodiscard]] Result<void> Admin(const pg::Pool::Work& work) {
    return database_->As("yagura_admin").Run(work);
  }

  NewCamera Camera(const std::string& code) const {
    NewCamera camera;
    camera.id = NewId<CameraId>();
    camera.code = code;
    camera.name = "Window";
    camera.url = "rtsp://127.0.0.1:8554/camera/1";
    camera.floor = first_floor_;
    camera.unit = tax_;
    camera.state = CameraState::kInService;
    return camera;
  }
  /// Added at noon, so from five seconds after on.
  CameraId Added(const NewCamera& camera) {
    const auto done = Admin([&](auto& t) { return AddCamera(t, camera, kNoon, kNoon + kFive); });
    EXPECT_TRUE(done.has_value()) << ToString(done.error());
    return camera.id;
  }
  /// How `column` of a dated table went on: "value from-to", a line each.
  std::string Rows(const std::string& table, const std::string& column, CameraId camera) {
    return database_->Ask("SELECT " + column +
                          ", to_char(valid_from AT TIME ZONE 'UTC', 'HH24:MI:SS'), "
                          "CASE WHEN valid_to = 'infinity' THEN '' ELSE to_char(valid_to AT TIME "
                          "ZONE 'UTC', 'HH24:MI:SS') END "
                          "FROM " +
                          table + " WHERE camera_id = '" + ToString(camera) +
                          "' ORDER BY valid_from");
  }

  static constexpr std::chrono::seconds kFive{5};
  const WallTime kNoon = ParseRfc3339("2027-06-15T12:00:00Z").value();
  static std::shared_ptr<testing::PostgresCluster> cluster_;
  std::unique_ptr<testing::MigratedPostgres> database_;
  const UnitId tax_ = NewId<UnitId>();
  const UnitId welfare_ = NewId<UnitId>();
  FloorId first_floor_;
  FloorId second_floor_;
};
inline std::shared_ptr<testing::PostgresCluster> FleetPgTest::cluster_;

}  // namespace yagura::fleet
