#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/api/served_office.h"

namespace yagura::api {

using std::chrono::seconds;

/// Everything that the tests ask for is recorded once.
struct FootageWorld {
  FootageWorld() {
    plain = office.AddCamera(0, MakeVideoLoop({}));
    cameras["gop2"] = plain;
    cameras["bframes"] = office.AddCamera(0, MakeVideoLoop({.b_frames = 2}));
    cameras["gop05"] = office.AddCamera(0, MakeVideoLoop({.fps = 10, .gop_frames = 5}));
    cameras["gop10"] =
        office.AddCamera(0, MakeVideoLoop({.fps = 10, .seconds = 20, .gop_frames = 100}));
    cameras["gop300"] = office.AddCamera(
        0, MakeVideoLoop({.fps = 5, .seconds = 300, .gop_frames = 1500, .size = "160x90"}));
    cameras["h265"] = office.AddCamera(0, MakeVideoLoop({.codec = Codec::kH265}));
    cameras["h265_bframes"] =
        office.AddCamera(0, MakeVideoLoop({.b_frames = 2, .codec = Codec::kH265}));
    moved = office.AddCamera(1, MakeVideoLoop({}));
    broken = office.AddCamera(0, MakeVideoLoop({}));
    changed = office.AddCamera(0, MakeVideoLoop({}));
    moved_at = office.begun() + seconds(101);
    office.ChangeCharge(moved, 2, moved_at);
    rolled = office.AddCamera(
        1, MakeVideoLoop(
               {.fps = 5, .seconds = 60, .gop_frames = 150, .b_frames = 2, .size = "160x90"}));
    office.ChangeCharge(rolled, 2, moved_at);
    office.Record(seconds(90));
    office.Interrupt(broken, seconds(10));
    office.ChangeLoop(changed, MakeVideoLoop({.size = "160x90", .codec = Codec::kH265}));
    office.Record(seconds(300));
    office.Store();
    served = std::make_unique<ServedOffice>(office.database().ConnectAs("yagura_api"),
                                            office.database().ConnectAs("yagura_media"),
                                            office.calendar());
  }

  std::string TokenOf(PersonId person) { return office.stored().StartSession(person).token; }

  RecordedOffice office;
  std::map<std::string, CameraId> cameras;
  CameraId plain;
  CameraId moved;  // from department 1 to 2
  WallTime moved_at;
  CameraId rolled;   // the same, its run rolled between two keyframes: those are at 90 and 120
  CameraId broken;   // 10 s without pictures, from second 90 on
  CameraId changed;  // another size and codec from second 100 on
  std::unique_ptr<ServedOffice> served;
};

class FootageTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (!world_) world_ = new FootageWorld();
  }
  static FootageWorld& world() { return *world_; }
  static ServedOffice& served() { return *world_->served; }
  static WallTime At(double second) {
    return world().office.begun() + microseconds(static_cast<std::int64_t>(second * 1e6));
  }
  static std::string Video(CameraId camera, WallTime from, WallTime to) {
    return "/v1/cameras/" + ToString(camera) + "/video.mp4" + Span(from, to);
  }
  static std::string Playlist(CameraId camera, WallTime from, WallTime to) {
    return "/v1/cameras/" + ToString(camera) + "/playback.m3u8" + Span(from, to);
  }
  static std::filesystem::path Keep(const std::string& bytes) {
    const auto path = world().office.folder() / "answer.mp4";
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
    return path;
  }
  /// Hashes of the frames that the camera sent in [from, to), as they are to be shown.
  static std::vector<std::string> SentIn(CameraId camera, WallTime from, WallTime to) {
    auto sent = world().office.sent(camera);
    std::sort(sent.begin(), sent.end(),
              [](const auto& a, const auto& b) { return a.wall < b.wall; });
    std::vector<std::string> hashes;
    for (const auto& frame : sent) {
      if (from <= frame.wall && frame.wall < to) hashes.push_back(frame.sha256);
    }
    return hashes;
  }
  static std::vector<std::string> ShownOf(const std::filesystem::path& file) {
    std::vector<std::string> hashes;
    for (const auto& packet : ProbePackets(file)) {
      if (!packet.discard) hashes.push_back(packet.sha256);
    }
    return hashes;
  }
  /// Ends of clips are rounded to microseconds.
  static bool IsAbout(const std::string& text, WallTime time) {
    const auto parsed = ParseRfc3339(text);
    return parsed.has_value() && *parsed - time <= milliseconds(1) &&
           time - *parsed <= milliseconds(1);
  }
  inline static FootageWorld* world_ = nullptr;  // ends with the program
};

}  // namespace yagura::api
