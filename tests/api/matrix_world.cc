#include "tests/api/matrix_world.h"

#include <algorithm>
#include <set>

namespace yagura::api {
namespace {

using access_control::CameraState;
using access_control::Post;
using std::chrono::seconds;

constexpr const char* kDepartments[] = {"own", "below", "above", "sibling", "other_controller"};
constexpr Post kPosts[] = {Post::kDepartmentHead, Post::kGeneralManager, Post::kCrisisManagement,
                           Post::kOperations,     Post::kAuditor,        Post::kAdministrator};

std::string MarkOf(const std::string& kind, const std::string& relation) {
  return "canary-" + kind + "-" + relation + "-";
}

}  // namespace

MatrixWorld::MatrixWorld() {
  AddDepartments();
  AddPeople();
  AddCameras();
  office_.Record(seconds(90));
  office_.Store();
  GiveNames();
  FindFootage();
  PlaceHolds();
  SortMarks();
  served_ = std::make_unique<ServedOffice>(office_.database().ConnectAs("yagura_api"),
                                           office_.database().ConnectAs("yagura_media"),
                                           office_.calendar());
}

void MatrixWorld::AddDepartments() {
  departments_["above"] = 0;
  departments_["own"] = office_.AddDepartment(office_.unit(0));
  departments_["below"] = office_.AddDepartment(office_.unit(departments_["own"]));
  departments_["sibling"] = office_.AddDepartment(office_.unit(0));
  departments_["other_controller"] = office_.AddDepartment(std::nullopt);
}

void MatrixWorld::AddPeople() {
  const UnitId own = office_.unit(departments_.at("own"));
  columns_ = {"nobody", "no_post"};
  placer_ = office_.office().AddHolder(Post::kAuditor, office_.unit(0));
  people_["no_post"] =
      office_.office().AddHolder(Post::kDepartmentHead, own, {WallTime::min(), office_.begun()});
  for (const Post post : kPosts) {
    const std::string column(ToString(post));
    people_[column] = office_.office().AddHolder(post, own);
    columns_.push_back(column);
  }
}

void MatrixWorld::AddCameras() {
  const VideoLoop loop =
      MakeVideoLoop({.fps = 5, .seconds = 2, .gop_frames = 10, .size = "160x90"});
  for (const std::string relation : kDepartments) {
    const int n = departments_.at(relation);
    things_[relation] = {ToString(office_.AddCamera(n, loop)),
                         {},
                         {},
                         ToString(office_.floor(n)),
                         ToString(office_.unit(n)),
                         {}};
  }
  const CameraId before = office_.AddCamera(departments_.at("own"), loop);
  office_.ChangeCharge(before, departments_.at("sibling"), office_.begun() + seconds(60));
  things_["before"].camera = ToString(before);
  things_["staged"].camera =
      ToString(office_.AddCamera(departments_.at("own"), loop, CameraState::kStaged));
}

void MatrixWorld::Name(const std::string& table, const std::string& id,
                       const std::string& relation) {
  office_.stored().Run("UPDATE " + table + " SET name = '" + MarkOf(table, relation) +
                       "金糸雀' WHERE id = '" + id + "'");
  marks_.push_back({MarkOf(table, relation), table, relation});
  marks_.push_back({id, table, relation});
}

void MatrixWorld::GiveNames() {
  for (const std::string relation : kDepartments) {
    const Thing& thing = things_.at(relation);
    const int n = departments_.at(relation);
    Name("camera", thing.camera, relation);
    Name("floor", thing.floor, relation);
    Name("unit", thing.department, relation);
    Name("person", ToString(office_.head(n)), relation);
    const std::string phase = ToString(NewId<Id<struct PhaseTag>>());
    office_.stored().Run("INSERT INTO phase VALUES ('" + phase + "', '" + phase + "', 'x', now())");
    office_.stored().Run("UPDATE camera SET phase_id = '" + phase + "' WHERE id = '" +
                         thing.camera + "'");
    Name("phase", phase, relation);
  }
  // Who was in charge before still knows the camera; who is now knows it too.
  for (const std::string relation : {"before", "staged"})
    Name("camera", things_.at(relation).camera, relation);
  office_.stored().Run("DELETE FROM camera_former_name");  // they were called so from the beginning
  for (const auto& [column, person] : people_) Name("person", ToString(person), column);
}

void MatrixWorld::FindFootage() {
  for (auto& [relation, thing] : things_) {
    const std::string of_camera =
        " WHERE camera_id = '" + thing.camera + "' ORDER BY start_at LIMIT 1";
    thing.run = office_.Column("SELECT run_id FROM clip" + of_camera).at(0);
    thing.clip = office_.Column("SELECT run_id || '.' || sequence FROM clip" + of_camera).at(0);
  }
}

void MatrixWorld::PlaceHolds() {
  for (auto& [relation, thing] : things_) {
    thing.hold = ToString(NewId<Id<struct HoldTag>>());
    office_.stored().Run("SELECT hold_keep('" + thing.hold + "', '" + thing.camera +
                         "', unit_id, start_at, start_at + interval '10 s', 'why', now() + "
                         "interval '9 days', '" +
                         ToString(placer_) + "', ARRAY[gen_random_uuid()]) FROM run WHERE id = '" +
                         thing.run + "'");
  }
}

bool MatrixWorld::MaySee(const std::string& column, const Mark& mark) {
  if (mark.kind == "person" && mark.relation == column) return true;
  if (column == "nobody" || column == "no_post") return false;
  static const std::set<std::string> kOwn = {"own", "below", "before", "staged"};
  const bool is_own = kOwn.contains(mark.relation);
  const bool is_office = is_own || mark.relation == "above" || mark.relation == "sibling";
  const bool is_post = mark.kind == "person" && mark.relation != "no_post" && !is_office &&
                       mark.relation != "other_controller";
  if (column == "department_head" || column == "general_manager") return is_own || is_post;
  if (column == "crisis_management") return mark.kind != "person" && is_office;
  if (column == "operations") return mark.kind != "person";
  if (column == "auditor") {  // holds tell ids of what is held, no names
    const bool is_id = !mark.text.starts_with("canary") && mark.kind != "person";
    return (mark.kind == "unit" && mark.relation == "own") ||
           (is_id && (mark.kind == "camera" || mark.kind == "unit"));
  }
  return mark.relation != "no_post";  // administrator
}

void MatrixWorld::SortMarks() {
  for (const std::string& column : columns_) {
    foreign_[column];
    own_[column];
    for (const Mark& mark : marks_) {
      if (!MaySee(column, mark))
        foreign_[column].push_back(mark.text);
      else if (mark.text.starts_with("canary"))
        own_[column].push_back(mark.text);
    }
  }
}

std::string MatrixWorld::NewToken(const std::string& column) {
  if (column == "nobody") return {};
  return office_.stored().StartSession(people_.at(column)).token;
}

}  // namespace yagura::api
