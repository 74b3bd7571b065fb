#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/calendar.h"
#include "core/time.h"
#include "storage/files_posix.h"
#include "storage/recorder_core.h"
#include "tests/access_control/office.h"
#include "tests/access_control/stored_office.h"
#include "tests/api/video_loop.h"
#include "tests/support/child_process_posix.h"
#include "tests/support/fake_clock.h"
#include "tests/support/migrated_postgres.h"

namespace yagura::api {

/// An office of three departments, each on a floor of its own, with footage of the last minutes:
/// recorded by the real recorder on a volume in a temporary folder, its rows in a real catalogue.
/// Time of the recording is played, so it takes seconds.
class RecordedOffice {
 public:
  /// A frame that a camera sent.
  struct Sent {
    WallTime wall{};
    std::string sha256;
  };

  RecordedOffice();
  ~RecordedOffice();

  /// Floors, departments and their heads: 0, 1, 2.
  [[nodiscard]] FloorId floor(int n) const { return floors_[static_cast<std::size_t>(n)]; }
  [[nodiscard]] UnitId unit(int n) const { return units_[static_cast<std::size_t>(n)]; }
  [[nodiscard]] PersonId head(int n) const { return heads_[static_cast<std::size_t>(n)]; }
  [[nodiscard]] PersonId crisis_desk() const { return crisis_desk_; }
  [[nodiscard]] PersonId operations() const { return operations_; }
  [[nodiscard]] UnitId controller() const { return controller_; }

  /// One more department, on a floor of its own: its number. No parent: a controller.
  int AddDepartment(std::optional<UnitId> parent);
  /// A camera of department and floor `n` that plays `loop`. Before Store.
  CameraId AddCamera(int n, VideoLoop loop,
                     access_control::CameraState state = access_control::CameraState::kInService);
  /// Another charge from an instant on: in the facts and for the recorder.
  void ChangeCharge(CameraId camera, int n, WallTime at);
  /// All cameras send for that long, and are recorded.
  void Record(std::chrono::seconds length);
  /// Nothing comes from the camera for that long.
  void Interrupt(CameraId camera, std::chrono::seconds length);
  /// From now on the camera plays another loop.
  void ChangeLoop(CameraId camera, VideoLoop loop);
  /// Ends the recording and puts everything into the database.
  void Store();

  [[nodiscard]] WallTime begun() const { return begun_; }
  [[nodiscard]] WallTime now() const { return clock_.Now(); }
  [[nodiscard]] const std::vector<Sent>& sent(CameraId camera) const {
    return cameras_.at(camera).sent;
  }
  [[nodiscard]] testing::MigratedPostgres& database() { return *database_; }
  [[nodiscard]] access_control::StoredOffice& stored() { return stored_; }
  [[nodiscard]] access_control::Office& office() { return office_; }
  [[nodiscard]] const OfficeCalendar& calendar() const { return calendar_; }
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_.path(); }
  /// Where its clips lie.
  [[nodiscard]] std::string volume_root() const { return (folder_.path() / "volume").string(); }
  /// The first column of a query.
  [[nodiscard]] std::vector<std::string> Column(const std::string& sql);

 private:
  struct Camera {
    VideoLoop loop;
    std::vector<storage::OwnerSpan> owners;
    std::vector<access_control::ChargeFact> charges;
    std::shared_ptr<AccessUnitSink> sink;
    std::vector<Sent> sent;
    std::size_t next = 0;                // frame of the loop
    std::int64_t loop_at_90k = 900'000;  // where the loop's present turn starts
    WallTime epoch{};                    // wall time of media time 900000
    std::uint32_t timeline = 1;
    WallTime away_until{};
  };
  void SendDue(Camera& camera);
  void Work(int rounds);

  yagura::testing::TemporaryFolder folder_;
  std::unique_ptr<yagura::testing::MigratedPostgres> database_;
  access_control::StoredOffice stored_;
  access_control::Office office_;
  OfficeCalendar calendar_;
  WallTime begun_;
  yagura::testing::FakeClock clock_;
  storage::PosixFiles files_;
  VolumeId volume_;
  std::unique_ptr<storage::RecorderCore> recorder_;
  UnitId controller_;
  std::vector<UnitId> units_;
  std::vector<FloorId> floors_;
  std::vector<PersonId> heads_;
  PersonId crisis_desk_;
  PersonId operations_;
  std::map<CameraId, Camera> cameras_;
};

}  // namespace yagura::api
