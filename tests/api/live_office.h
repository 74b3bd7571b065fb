#pragma once

#include <atomic>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>

#include "storage/live_relay.h"
#include "tests/access_control/office.h"
#include "tests/access_control/stored_office.h"
#include "tests/api/served_office.h"
#include "tests/storage/live_units.h"
#include "tests/support/standstill.h"

namespace yagura::api {

/// A department with cameras that are being recorded at this moment, fifty frames a second, a
/// keyframe each two seconds; each frame's bytes say when it was made.
class LiveOffice {
 public:
  static constexpr std::size_t kFrameBytes = 64;

  explicit LiveOffice(std::unique_ptr<yagura::testing::MigratedPostgres> own =
                          access_control::StoredOffice::NewDatabase())
      : database(std::move(own)) {
    std::string made = "/tmp/yagura-live-XXXXXX";
    folder_ = mkdtemp(made.data());
    root = office.AddUnit();
    unit = office.AddUnit(root);
    other_unit = office.AddUnit(root);
    head = office.AddHolder(access_control::Post::kDepartmentHead, unit);
    other_head = office.AddHolder(access_control::Post::kDepartmentHead, other_unit);
    operations = office.AddHolder(access_control::Post::kOperations, root);
    camera = AddCamera(unit);
    other_camera = AddCamera(other_unit);
  }
  ~LiveOffice() {
    stopping_ = true;
    if (feeder_.joinable()) feeder_.join();
    served.reset();
    relay.reset();
    std::filesystem::remove_all(folder_);
  }

  CameraId AddCamera(UnitId in_charge) {
    const CameraId added = office.AddCamera(in_charge);
    office.SetState(added, access_control::CameraState::kInService);
    return added;
  }
  /// Facts are stored, all cameras send, both listeners are there.
  void Open() {
    stored.Store(office.set());
    relay = std::make_unique<storage::LiveRelay>(storage::LiveRelayOptions{.socket_path = socket()},
                                                 clock, [](CameraStream, bool) {});
    EXPECT_TRUE(relay->Start().has_value());
    feeder_ = std::thread([this] { Feed(); });
    served = std::make_unique<ServedOffice>(database->ConnectAs("yagura_api"),
                                            database->ConnectAs("yagura_media"),
                                            *OfficeCalendar::Load("Asia/Tokyo"), socket());
  }
  [[nodiscard]] std::string socket() const { return folder_ + "/live.socket"; }
  std::string TokenOf(PersonId person) { return stored.StartSession(person).token; }
  static std::string PathOf(CameraId of) { return "/v1/cameras/" + ToString(of) + "/live.mp4"; }

  std::unique_ptr<yagura::testing::MigratedPostgres> database;
  access_control::StoredOffice stored{*database};
  access_control::Office office;
  UnitId root, unit, other_unit;
  PersonId head, other_head, operations;
  CameraId camera, other_camera;
  SystemClock clock;
  std::unique_ptr<storage::LiveRelay> relay;
  std::unique_ptr<ServedOffice> served;
  /// By as much may what is promised within two seconds be late.
  yagura::testing::Standstill standstill;

 private:
  void Feed() {
    std::vector<std::shared_ptr<AccessUnitSink>> sinks;
    for (const CameraId& one : office.set().cameras)
      sinks.push_back(relay->Attach(one, storage::Stream::kMain));
    yagura::testing::LiveUnits units(kFrameBytes, 100);
    while (!stopping_) {
      AccessUnit frame = units.Next();
      frame.wall = std::chrono::floor<microseconds>(clock.Now());
      std::string text = "made at " + FormatRfc3339(frame.wall);
      text.resize(kFrameBytes);
      frame.data =
          SharedBytes::CopyOf({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
      for (const auto& sink : sinks) sink->OnAccessUnit(frame);
      std::this_thread::sleep_for(milliseconds(20));
    }
  }
  std::string folder_;
  std::atomic<bool> stopping_ = false;
  std::thread feeder_;
};

/// The instants of the frames in what a viewer got.
inline std::vector<WallTime> FramesIn(const std::string& received) {
  constexpr std::string_view kMark = "made at ";
  std::vector<WallTime> frames;
  for (std::size_t at = received.find(kMark); at != std::string::npos;
       at = received.find(kMark, at + 1)) {
    const std::string text = received.substr(at + kMark.size(), 27);
    if (const auto made = ParseRfc3339(text); made.has_value()) frames.push_back(*made);
  }
  return frames;
}

}  // namespace yagura::api
