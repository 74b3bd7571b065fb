// Imports an office once for each of its dated changes, all dates moved so that the change takes
// place now, and prints what each person's request may read in the database just before, at and
// just after it: by row-level security alone, whatever a program decides. row_oracle.py computes
// the same lines from the files.
//
//   2027-03-31T14:59:59.999999Z head.tax camera 2F-01 2F-02
//   2027-03-31T14:59:59.999999Z head.tax clip 2F-01@0 2F-01@1
#include <chrono>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <optional>
#include <pqxx/pqxx>
#include <regex>
#include <set>
#include <sstream>

#include "core/check.h"
#include "core/pg/values.h"
#include "office/check_office.h"
#include "office/read_office.h"
#include "office/store_pg.h"
#include "tests/access_control/stored_office.h"
#include "tests/support/migrated_postgres.h"

namespace {

using namespace yagura;
using std::chrono::seconds;

/// The change takes place that much ahead: a request may be of ten seconds ago or ahead.
constexpr seconds kAhead{8};
constexpr seconds kBehind{9};
/// A busy machine may be too slow for that.
constexpr int kAttemptsMax = 5;

/// What is read, and by whom.
struct Table {
  const char* kind;
  const char* ids;
  const char* role;
};
constexpr Table kTables[] = {
    {"assignment", "SELECT id FROM assignment", "yagura_api"},
    {"camera", "SELECT id FROM camera", "yagura_api"},
    {"clip", "SELECT run_id FROM clip", "yagura_media"},
    {"floor", "SELECT id FROM floor", "yagura_api"},
    {"gap", "SELECT id FROM gap", "yagura_api"},
    {"health", "SELECT camera_id FROM seen_camera_health", "yagura_api"},
    {"live", "SELECT camera_id FROM live_camera", "yagura_media"},
    {"person", "SELECT id FROM person", "yagura_api"},
    {"phase", "SELECT id FROM phase", "yagura_api"},
    {"run", "SELECT id FROM run", "yagura_media"},
    {"unit", "SELECT id FROM unit", "yagura_api"},
};

/// How ids are called in the files; footage: "<camera>@<number of its instant>".
constexpr char kNames[] = R"(
  SELECT id, code FROM camera UNION ALL SELECT id, code FROM unit UNION ALL SELECT id, code FROM phase
  UNION ALL SELECT id, username FROM person
  UNION ALL SELECT floor.id, site.code || '/' || building.code || '/' || floor.code FROM floor JOIN building ON building.id = building_id
    JOIN site ON site.id = site_id
  UNION ALL SELECT assignment.id, username || '/' || post || '/' || unit.code || '/' ||
                   CASE WHEN assignment.valid_to = 'infinity' THEN '' ELSE 'ends' END
    FROM assignment JOIN person ON person.id = person_id JOIN unit ON unit.id = unit_id
  UNION ALL SELECT run.id, code || '@' || codec FROM run JOIN camera ON camera.id = camera_id
  UNION ALL SELECT gap.id, code || '@' || reason FROM gap JOIN camera ON camera.id = camera_id)";

/// A second of footage of each camera from each instant on, its owner whoever was in charge, with
/// the instant's number in a column that nothing here reads; and as many gaps.
constexpr char kFootage[] = R"(
  INSERT INTO volume (id, path) VALUES (gen_random_uuid(), '/nowhere');
  CREATE TEMPORARY TABLE asked AS SELECT number - 1 AS number, at FROM unnest($INSTANTS::timestamptz[]) WITH ORDINALITY AS one (at, number);
  SELECT ensure_clip_partitions(at::date - 1, at::date + 2, 'Asia/Tokyo') FROM asked;
  CREATE TEMPORARY TABLE owned AS
    SELECT number, at, charge.camera_id, unit_id, coalesce(floor_id, (SELECT id FROM floor LIMIT 1)) AS floor_id
    FROM asked JOIN charge ON charge.valid_from <= at AND at < charge.valid_to
      LEFT JOIN placement ON placement.camera_id = charge.camera_id AND placement.valid_from <= at AND at < placement.valid_to;
  INSERT INTO run (id, camera_id, stream, unit_id, floor_id, start_at, media_start, clock, codec, width_px, height_px, init_sha256)
    SELECT gen_random_uuid(), camera_id, 'main', unit_id, floor_id, at, 0, 'synchronised', number, 640, 360, '\x00' FROM owned;
  INSERT INTO clip (run_id, sequence, camera_id, stream, unit_id, floor_id, volume_id, start_at, end_at, media_start, media_end, bytes,
                    header_bytes, fragments_from, fragments_to, sha256, frames, keyframes, clock, ended_by)
    SELECT id, 0, camera_id, stream, unit_id, floor_id, (SELECT id FROM volume), start_at, start_at + interval '1 second', 0, 1, 100,
           10, 20, 90, '\x00', 1, '\x00', 'synchronised', 'rolled' FROM run;
  INSERT INTO gap SELECT gen_random_uuid(), camera_id, 'main', unit_id, floor_id, at, at + interval '1 second', number FROM owned)";

/// Every date of a file, by so much later. Dates stand behind a comma, and nothing else looks so.
std::string Moved(const std::string& text, microseconds by, const OfficeCalendar& calendar) {
  static const std::regex kDate(R"(,(\d{4}-\d{2}-\d{2}[T0-9:+]*))");
  std::string moved;
  auto rest = text.begin();
  for (std::sregex_iterator at(text.begin(), text.end(), kDate), end; at != end; ++at) {
    moved.append(rest, (*at)[1].first);
    moved += FormatRfc3339(*office::ReadInstant((*at)[1].str(), calendar) + by);
    rest = (*at)[1].second;
  }
  return moved.append(rest, text.end());
}

office::Office ReadMoved(const std::string& folder, microseconds by,
                         const OfficeCalendar& calendar) {
  std::map<std::string, std::string> files;
  for (const office::Sheet sheet : office::kAllSheets) {
    const std::string name(office::FormOf(sheet).file);
    std::ifstream file(folder + "/" + name, std::ios::binary);
    files[name] = Moved({std::istreambuf_iterator<char>(file), {}}, by, calendar);
  }
  office::ReadOffice read = office::ReadOfficeFiles(files, calendar);
  CHECK(read.problems.empty() && office::CheckOffice(read.office).empty());
  return std::move(read.office);
}

void Import(testing::MigratedPostgres& database, const office::Office& wanted,
            const OfficeCalendar& calendar) {
  const auto done = database.As("yagura_admin").Run([&](auto& transaction) -> Result<void> {
    const office::Office stored = office::ReadStored(transaction, calendar);
    return office::ApplyComparison(transaction, office::Compare(stored, wanted), calendar, "test");
  });
  CHECK(done.has_value());
}

void AddFootage(access_control::StoredOffice& stored, const std::vector<WallTime>& instants,
                microseconds by) {
  std::string list;
  for (const WallTime at : instants) list += (list.empty() ? "" : ",") + FormatRfc3339(at + by);
  std::string sql = kFootage;
  const std::string place = "$INSTANTS";
  sql.replace(sql.find(place), place.size(), "'{" + list + "}'");
  (void)stored.Run(sql);
}

/// The first two columns of a query, as the superuser.
std::map<std::string, std::string> Pairs(testing::MigratedPostgres& database, const char* query) {
  std::map<std::string, std::string> pairs;
  const auto done = database.As("postgres").Read([&](auto& transaction) -> Result<void> {
    for (const auto& row : transaction.exec(query)) pairs.emplace(row[0].c_str(), row[1].c_str());
    return {};
  });
  CHECK(done.has_value());
  return pairs;
}

/// What `caller` reads at `as_of`, by its name.
std::multiset<std::string> Read(testing::MigratedPostgres& database, const Table& table,
                                const access_control::Caller& caller, WallTime as_of,
                                const std::map<std::string, std::string>& names) {
  std::multiset<std::string> read;
  const auto done = database.As(table.role).Run([&](auto& transaction) -> Result<void> {
    read.clear();
    transaction.exec_params("SELECT request_enter($1, $2)", caller.token, pg::TimeParameter(as_of));
    for (const auto& row : transaction.exec(table.ids)) read.insert(names.at(row[0].c_str()));
    return {};
  });
  CHECK(done.has_value());
  return read;
}

std::vector<WallTime> ReadInstants(std::istream& in) {
  std::vector<WallTime> instants;
  for (std::string line; std::getline(in, line) && !line.empty();) {
    instants.push_back(ParseRfc3339(line).value());
  }
  return instants;
}

/// What everybody reads just before, at and just after `change`; nothing where it took so long that
/// the database no longer takes the change for now.
std::optional<std::string> LinesAround(WallTime change, const std::string& folder,
                                       const std::vector<WallTime>& recorded_at,
                                       const OfficeCalendar& calendar) {
  const SystemClock clock;
  const auto database = access_control::StoredOffice::NewDatabase();
  access_control::StoredOffice stored(*database);
  const auto moved_to = std::chrono::floor<seconds>(clock.Now()) + kAhead;
  const microseconds by = moved_to - change;
  Import(*database, ReadMoved(folder, by, calendar), calendar);
  AddFootage(stored, recorded_at, by);
  const auto names = Pairs(*database, kNames);
  std::ostringstream lines;
  for (const auto& [username, person] : Pairs(*database, "SELECT username, id FROM person")) {
    const auto caller = stored.StartSession(*ParseId<PersonId>(person));
    for (const microseconds beside : {microseconds(-1), microseconds(0), microseconds(1)}) {
      for (const Table& table : kTables) {
        lines << FormatRfc3339(change + beside) << ' ' << username << ' ' << table.kind;
        for (const auto& name : Read(*database, table, caller, moved_to + beside, names))
          lines << ' ' << name;
        lines << '\n';
      }
    }
  }
  if (clock.Now() > moved_to + kBehind) return std::nullopt;
  return lines.str();
}

}  // namespace

/// office_rows FOLDER: on standard input the changes, an empty line, and the instants of footage.
int main(int count, char** arguments) {
  CHECK(count == 2);
  const OfficeCalendar calendar = OfficeCalendar::Load("Asia/Tokyo").value();
  const auto changes = ReadInstants(std::cin);
  const auto recorded_at = ReadInstants(std::cin);
  for (const WallTime change : changes) {
    std::optional<std::string> lines;
    for (int attempt = 0; !lines && attempt < kAttemptsMax; ++attempt)
      lines = LinesAround(change, arguments[1], recorded_at, calendar);
    CHECK(lines.has_value());
    std::cout << *lines;
  }
  return 0;
}
