// Imports an office into a database of its own and prints what decide() says of it: one line for
// each instant, person and camera. decision_oracle.py computes the same lines from the files alone.
//
//   2027-04-01T00:00:00.000000Z head.tax 2F-01 PPPPPD HP-
//
// P permitted, D permission_denied, H not_found; first the camera's actions (camera.read,
// coverage.read, clip.list, footage.play, footage.download, live.play), then footage.play of what
// it recorded at each instant that is asked about ("-": nobody was in charge). Then camera.list of
// each unit and of each floor.
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <pqxx/pqxx>

#include "access_control/decide.h"
#include "access_control/facts_pg.h"
#include "core/check.h"
#include "core/pg/values.h"
#include "office/check_office.h"
#include "office/read_office.h"
#include "office/store_pg.h"
#include "tests/support/migrated_postgres.h"

namespace {

using namespace yagura;
using access_control::Action;
using access_control::Facts;
using access_control::Footage;
using office::Office;

Office ReadFolder(const std::string& folder, const OfficeCalendar& calendar) {
  std::map<std::string, std::string> files;
  for (const office::Sheet sheet : office::kAllSheets) {
    const std::string name(office::FormOf(sheet).file);
    std::ifstream file(folder + "/" + name, std::ios::binary);
    files[name] = {std::istreambuf_iterator<char>(file), {}};
  }
  office::ReadOffice read = office::ReadOfficeFiles(files, calendar);
  CHECK(read.problems.empty() && office::CheckOffice(read.office).empty());
  return std::move(read.office);
}

void Import(testing::MigratedPostgres& database, const Office& wanted,
            const OfficeCalendar& calendar) {
  const auto done = database.As("yagura_admin").Run([&](auto& transaction) -> Result<void> {
    const Office stored = office::ReadStored(transaction, calendar);
    return office::ApplyComparison(transaction, office::Compare(stored, wanted), calendar, "test");
  });
  CHECK(done.has_value());
}

template <class IdType>
std::map<std::string, IdType> IdsOf(testing::MigratedPostgres& database, const std::string& query) {
  std::map<std::string, IdType> ids;
  const auto done = database.As("yagura_admin").Read([&](auto& transaction) -> Result<void> {
    for (const auto& row : transaction.exec(query)) {
      ids.emplace(row[0].c_str(), pg::IdOf<IdType>(row[1].c_str()));
    }
    return {};
  });
  CHECK(done.has_value());
  return ids;
}

char Answer(const Facts& facts, const access_control::Request& request, WallTime now) {
  const access_control::Decision decision = access_control::Decide(facts, request, now);
  if (decision.permits()) return 'P';
  return access_control::CodeOf(decision.reason) == ErrorCode::kNotFound ? 'H' : 'D';
}

std::optional<UnitId> InCharge(const Facts& facts, CameraId camera, WallTime at) {
  for (const auto& charge : facts.ChargesOf(camera)) {
    if (access_control::Contains(charge.valid, at)) return charge.unit;
  }
  return std::nullopt;
}

std::string Answers(const Facts& facts, PersonId person, CameraId camera, WallTime now,
                    const std::vector<WallTime>& recorded_at) {
  std::string answers;
  for (const Action action : {Action::kCameraRead, Action::kCoverageRead, Action::kClipList,
                              Action::kFootagePlay, Action::kFootageDownload, Action::kLivePlay}) {
    answers += Answer(facts, {person, action, camera}, now);
  }
  answers += ' ';
  for (const WallTime at : recorded_at) {
    const auto unit = InCharge(facts, camera, at);
    answers += unit ? Answer(facts,
                             {person, Action::kFootagePlay,
                              Footage{camera, *unit, {at, at + std::chrono::seconds(1)}}},
                             now)
                    : '-';
  }
  return answers;
}

std::vector<WallTime> ReadInstants(std::istream& in) {
  std::vector<WallTime> instants;
  for (std::string line; std::getline(in, line) && !line.empty();) {
    instants.push_back(ParseRfc3339(line).value());
  }
  return instants;
}

}  // namespace

/// office_decisions FOLDER: on standard input the instants to ask at, an empty line, and the
/// instants of footage.
int main(int count, char** arguments) {
  CHECK(count == 2);
  const OfficeCalendar calendar = OfficeCalendar::Load("Asia/Tokyo").value();
  auto database = testing::MigratedPostgres::CreateIn(testing::CreateMigratedCluster().value());
  CHECK(database.has_value());
  Import(**database, ReadFolder(arguments[1], calendar), calendar);
  const auto facts = access_control::LoadFacts((*database)->As("yagura_api")).value();
  const auto people = IdsOf<PersonId>(**database, "SELECT username, id FROM person");
  const auto cameras = IdsOf<CameraId>(**database, "SELECT code, id FROM camera");
  const auto units = IdsOf<UnitId>(**database, "SELECT code, id FROM unit");
  const auto floors = IdsOf<FloorId>(
      **database,
      "SELECT site.code || '/' || building.code || '/' || floor.code, floor.id FROM floor "
      "JOIN building ON building.id = building_id JOIN site ON site.id = site_id");
  const auto instants = ReadInstants(std::cin);
  const auto recorded_at = ReadInstants(std::cin);
  for (const WallTime now : instants) {
    const std::string at = FormatRfc3339(now);
    for (const auto& [username, person] : people) {
      const std::string asker = at + ' ' + username + ' ';
      for (const auto& [code, camera] : cameras) {
        std::cout << asker << code << ' ' << Answers(*facts, person, camera, now, recorded_at)
                  << '\n';
      }
      for (const auto& [code, unit] : units) {
        std::cout << asker << code << ' '
                  << Answer(*facts, {person, Action::kCameraList, unit}, now) << '\n';
      }
      for (const auto& [code, floor] : floors) {
        std::cout << asker << code << ' '
                  << Answer(*facts, {person, Action::kCameraList, floor}, now) << '\n';
      }
    }
  }
  return 0;
}
