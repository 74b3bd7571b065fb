#include <gmock/gmock.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "access_control/decide.h"
#include "tests/access_control/office.h"

// Compares Decide() with access_control/decision_table.csv: every row and column, at and one
// microsecond before every instant at which a fact begins or ends.

namespace yagura::access_control {
namespace {

constexpr std::array kColumns = {"nobody",          "no_post",           "department_head",
                                 "general_manager", "crisis_management", "operations",
                                 "auditor",         "administrator"};
constexpr std::array kPosts = {Post::kDepartmentHead,   Post::kGeneralManager,
                               Post::kCrisisManagement, Post::kOperations,
                               Post::kAuditor,          Post::kAdministrator};
constexpr std::array kOwners = {"own", "below", "above", "sibling", "other_controller"};

struct Row {
  std::string action;
  std::string resource;
  std::map<std::string, std::string> cells;  // by column
};

std::vector<std::string> Split(const std::string& line) {
  std::vector<std::string> fields;
  std::istringstream text(line);
  for (std::string field; std::getline(text, field, ',');) fields.push_back(field);
  return fields;
}

std::vector<Row> ReadTable() {
  std::ifstream file(YAGURA_SOURCE_DIR "/access_control/decision_table.csv");
  std::string line;
  std::getline(file, line);
  const std::vector<std::string> header = Split(line);
  std::vector<Row> rows;
  while (std::getline(file, line)) {
    const std::vector<std::string> fields = Split(line);
    Row row{fields.at(0), fields.at(1), {}};
    for (std::size_t i = 2; i < header.size(); ++i) row.cells[header[i]] = fields.at(i);
    rows.push_back(row);
  }
  return rows;
}

/// When the one assignment and its surroundings hold.
struct Dates {
  std::string name;
  WallRange assignment{Day(10), Day(60)};
  WallRange unit = kAlways;
  std::optional<WallTime> disabled_at;
};
const WallRange kInCharge{Day(20), Day(40)};

/// The table's organisation: one person with one post in the unit "own".
struct World {
  World(Post post, const Dates& dates) {
    const UnitId root = office.AddUnit();
    units["above"] = office.AddUnit(root);
    units["own"] = office.AddUnit(units["above"], dates.unit);
    units["below"] = office.AddUnit(units["own"]);
    units["sibling"] = office.AddUnit(units["above"]);
    units["other_controller"] = office.AddUnit();
    person = office.AddPerson(dates.disabled_at);
    office.Assign(person, post, units["own"], dates.assignment);
    for (const std::string owner : kOwners) AddCameraAndFloor(owner);
    resources["floor without cameras"] = office.AddFloor();
    resources["floor unknown"] = NewId<FloorId>();
    resources["camera of nobody"] = office.AddCamera();
    resources["camera unknown"] = NewId<CameraId>();
    resources["unit unknown"] = NewId<UnitId>();
    resources["none"] = std::monostate();
    AddStaged();
    AddClosed("predecessor of own", units["above"], units["own"]);
    AddClosed("predecessor of sibling", units["own"], units["sibling"]);
    AddClosed("closed below", units["own"], std::nullopt);
    facts = office.Build();
  }

  void AddCameraAndFloor(const std::string& owner) {
    const CameraId camera = office.AddCamera(units[owner], kInCharge);
    office.SetState(camera, CameraState::kInService, {Day(5), Day(200)});
    const FloorId floor = office.AddFloor();
    office.Place(camera, floor, {Day(15), Day(200)});
    for (const std::string time : {" later", " now", " before"}) {
      resources["camera of " + owner + time] = camera;
      resources["floor of " + owner + time] = floor;
    }
    resources["unit " + owner] = units[owner];
    resources["footage by " + owner] =
        Footage{camera, units[owner], {Day(21), Day(21) + std::chrono::minutes(1)}};
    if (owner != "own") return;
    resources["footage by unknown"] = Footage{camera, NewId<UnitId>(), {Day(21), Day(22)}};
  }
  /// A unit that is closed at all times that are asked about, with a camera that it was in charge
  /// of.
  void AddClosed(const std::string& name, UnitId parent, std::optional<UnitId> successor) {
    const UnitId unit = office.AddUnit(parent, {WallTime::min(), Day(5)});
    if (successor) office.Succeed(unit, *successor);
    resources["unit " + name] = unit;
    resources["camera of " + name] = office.AddCamera(unit, {Day(1), Day(5)});
    resources["footage by " + name] =
        Footage{office.AddCamera(), unit, {Day(2), Day(2) + std::chrono::minutes(1)}};
  }
  void AddStaged() {
    const CameraId camera = office.AddCamera(units["own"]);
    office.SetState(camera, CameraState::kStaged, {Day(0), Day(5)});
    office.SetState(camera, CameraState::kInService, {Day(5), Day(200)});
    for (const std::string owner : {"own", "sibling", "other_controller", "nobody"}) {
      const CameraId staged = office.AddCamera();
      if (owner != "nobody") office.PutInCharge(staged, units[owner], kAlways);
      office.SetState(staged, CameraState::kStaged, {Day(0), Day(200)});
      resources["camera of " + owner + " staged"] = staged;
    }
    const CameraId accepted = office.AddCamera(units["own"], kAlways);
    office.SetState(accepted, CameraState::kAccepted, {Day(0), Day(200)});
    resources["camera of own accepted"] = accepted;
    resources["footage by own staged"] = Footage{camera, units["own"], {Day(4), Day(6)}};
  }

  Office office;
  std::map<std::string, UnitId> units;
  std::map<std::string, Resource> resources;
  PersonId person;
  std::shared_ptr<const Facts> facts;
};

std::vector<WallTime> InstantsAround(const Dates& dates) {
  std::set<WallTime> starts = {kInCharge.from, kInCharge.to, dates.assignment.from,
                               dates.assignment.to, Day(15)};
  if (dates.unit.to != WallTime::max()) starts.insert(dates.unit.to);
  if (dates.disabled_at) starts.insert(*dates.disabled_at);
  std::vector<WallTime> instants;
  for (const WallTime start : starts) {
    instants.push_back(start - microseconds(1));
    instants.push_back(start);
  }
  return instants;
}

/// Whether a row's "later", "now" or "before" is true at `now`.
bool IsAbout(const Row& row, WallTime now) {
  if (row.resource.ends_with(" later")) return now < kInCharge.from;
  if (row.resource.ends_with(" now")) return Contains(kInCharge, now);
  if (row.resource.ends_with(" before")) return now >= kInCharge.to;
  return true;
}

/// The person's column at `now`.
std::string ColumnAt(Post post, const Dates& dates, WallTime now) {
  if (dates.disabled_at && *dates.disabled_at <= now) return "nobody";
  const bool counts = Contains(dates.assignment, now) && Contains(dates.unit, now);
  return counts ? std::string(ToString(post)) : "no_post";
}

std::string Outcome(const Decision& decision) {
  if (decision.permits()) return "permit";
  switch (CodeOf(decision.reason)) {
    case ErrorCode::kUnauthenticated:
      return "sign_in";
    case ErrorCode::kNotFound:
      return "hidden";
    case ErrorCode::kPermissionDenied:
      return "denied";
    default:
      return "?";
  }
}

class DecisionTableTest : public ::testing::Test {
 protected:
  void Compare(Post post, const Dates& dates) {
    const World world(post, dates);
    for (const WallTime now : InstantsAround(dates)) {
      for (const Row& row : table_) {
        if (!IsAbout(row, now)) continue;
        ++compared_;
        const auto resource = world.resources.find(row.resource);
        ASSERT_NE(resource, world.resources.end()) << row.resource;
        const Request request{world.person, ParseAction(row.action).value(), resource->second};
        EXPECT_EQ(Outcome(Decide(*world.facts, request, now)),
                  row.cells.at(ColumnAt(post, dates, now)))
            << row.action << " on " << row.resource << " by " << ToString(post) << ", "
            << dates.name << ", at " << FormatRfc3339(now);
        const Request by_nobody{std::nullopt, request.action, request.resource};
        EXPECT_EQ(Outcome(Decide(*world.facts, by_nobody, now)), row.cells.at("nobody"));
      }
    }
  }

  std::vector<Row> table_ = ReadTable();
  int compared_ = 0;
};

TEST_F(DecisionTableTest, DecideAgreesWithEveryCellAroundEveryBoundary) {
  const std::vector<Dates> all_dates = {
      {"the assignment ends", {Day(10), Day(60)}, kAlways, std::nullopt},
      {"the unit is closed", {Day(10), Day(60)}, {WallTime::min(), Day(50)}, std::nullopt},
      {"the unit begins", {Day(10), Day(60)}, {Day(30), WallTime::max()}, std::nullopt},
      {"the person is disabled", {Day(10), Day(60)}, kAlways, Day(45)}};
  for (const Dates& dates : all_dates) {
    for (const Post post : kPosts) Compare(post, dates);
  }
  EXPECT_GT(compared_, 20'000);
  std::cout << compared_ << " decisions compared with " << table_.size() << " rows\n";
}

TEST_F(DecisionTableTest, HasEveryActionAndEveryColumn) {
  std::set<std::string> actions;
  for (const Row& row : table_) {
    actions.insert(row.action);
    std::vector<std::string> columns;
    for (const auto& [column, cell] : row.cells) columns.push_back(column);
    EXPECT_THAT(columns, ::testing::UnorderedElementsAreArray(kColumns))
        << row.action << " " << row.resource;
  }
  std::vector<std::string> expected;
  for (const Action action : kAllActions) expected.emplace_back(ToString(action));
  EXPECT_THAT(actions, ::testing::UnorderedElementsAreArray(expected));
}

}  // namespace
}  // namespace yagura::access_control
