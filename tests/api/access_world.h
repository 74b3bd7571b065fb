#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "api/service.h"
#include "core/json.h"
#include "tests/api/openapi_lines.h"
#include "tests/api/served_office.h"

namespace yagura::api {

using access_control::Post;
using std::chrono::seconds;

/// Three departments with a camera each, one more that changes hands, and everybody's session.
struct AccessWorld {
  AccessWorld() {
    const VideoLoop loop =
        MakeVideoLoop({.fps = 5, .seconds = 2, .gop_frames = 10, .size = "160x90"});
    for (int n = 0; n < 3; ++n) cameras.push_back(office.AddCamera(n, loop));
    moved = office.AddCamera(0, loop);
    moved_at = office.begun() + seconds(60);
    office.ChangeCharge(moved, 1, moved_at);
    auditor = office.office().AddHolder(Post::kAuditor, office.controller());
    administrator = office.office().AddHolder(Post::kAdministrator, office.controller());
    office.Record(seconds(70));
    office.Interrupt(cameras[0], seconds(10));
    office.Record(seconds(65));
    office.Store();
    served = std::make_unique<ServedOffice>(office.database().ConnectAs("yagura_api"),
                                            office.database().ConnectAs("yagura_media"),
                                            office.calendar());
  }
  RecordedOffice office;
  std::vector<CameraId> cameras;  // of department 0, 1, 2
  CameraId moved;                 // from department 0 to 1
  WallTime moved_at;
  PersonId auditor;
  PersonId administrator;
  std::unique_ptr<ServedOffice> served;
};

class AccessTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (!world_) world_ = new AccessWorld();
  }
  static RecordedOffice& office() { return world_->office; }
  static ServedOffice& served() { return *world_->served; }
  static std::string TokenOf(PersonId person) {
    return office().stored().StartSession(person).token;
  }
  static WallTime At(int second) { return office().begun() + seconds(second); }
  static Json Get(const std::string& path, const std::string& token) {
    const Answer answer = served().Ask(path, token);
    EXPECT_EQ(answer.status, 200) << path << " " << answer.body;
    return Json::Parse(answer.body).value_or(Json());
  }
  /// A new hold of the camera's, by the crisis desk.
  static std::string HoldOf(CameraId camera) {
    const std::string id = ToString(NewId<Id<struct HoldTag>>());
    office().stored().Run("SELECT hold_keep('" + id +
                          "', camera_id, unit_id, start_at, start_at + interval '10 s', 'why', "
                          "now() + interval '9 days', '" +
                          ToString(office().crisis_desk()) +
                          "', ARRAY[gen_random_uuid()]) FROM run WHERE camera_id = '" +
                          ToString(camera) + "' LIMIT 1");
    return id;
  }
  static std::vector<std::string> IdsIn(const std::string& path, const std::string& token) {
    std::vector<std::string> ids;
    for (const Json& item : Get(path, token).Get("items").items())
      ids.push_back(*item.Get("id").AsString());
    return ids;
  }
  inline static AccessWorld* world_ = nullptr;  // ends with the program
};

/// What stands in the places of ids.
struct Ids {
  std::string camera;
  std::string floor;
  std::string department;
  std::string clip;
  std::string run;
  std::string hold;
};

/// Every operation of the description that reads something by an id, with these ids. A new route is
/// met here as soon as it is described.
inline std::vector<std::string> PathsWith(const Ids& ids, WallTime from, WallTime to) {
  std::vector<std::string> paths;
  for (const auto& [key, operation] : ReadOperations(OpenApiYaml())) {
    if (!key.starts_with("GET ")) continue;
    std::string path = key.substr(key.find(' ') + 1);
    const std::string span = key.ends_with("/thumbnail.jpg") ? "?at=" + FormatRfc3339(from)
                             : operation.query.contains("from") && key != "GET /v1/cameras"
                                 ? Span(from, to)
                                 : "";
    const std::size_t place = path.find("{id}");
    if (place != std::string::npos) {
      const std::string& id = path.find("/clips/") != std::string::npos   ? ids.clip
                              : path.find("/runs/") != std::string::npos  ? ids.run
                              : path.find("/holds/") != std::string::npos ? ids.hold
                                                                          : ids.camera;
      paths.push_back(path.replace(place, 4, id) + span);
      continue;
    }
    const std::pair<const char*, const std::string*> filters[] = {
        {"camera", &ids.camera}, {"floor", &ids.floor}, {"department", &ids.department}};
    for (const auto& [name, id] : filters) {
      if (operation.query.contains(name))
        paths.push_back(path + (span.empty() ? "?" : span + "&") + name + "=" + *id);
    }
  }
  return paths;
}

}  // namespace yagura::api
