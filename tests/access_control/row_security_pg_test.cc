#include <gmock/gmock.h>

#include <algorithm>
#include <array>
#include <pqxx/pqxx>
#include <set>

#include "access_control/decide.h"
#include "core/pg/values.h"
#include "tests/access_control/random_office.h"
#include "tests/access_control/stored_office.h"
#include "tests/support/seed.h"

// The two lines agree: what row-level security shows in SQL is what Decide() permits in C++, on
// random organisations, at instants on both sides of boundaries.

namespace yagura::access_control {
namespace {

constexpr int kOffices = 25;

using Ids = std::set<std::string>;

WallTime RealNow() { return std::chrono::floor<microseconds>(SystemClock().Now()); }

/// Random clips and gaps for random facts; some clips are about to expire.
struct RandomFootage {
  RandomFootage(RandomOffice& random, const FactSet& set) {
    for (int i = 0; i < 25; ++i) {
      StoredClip clip = ClipOf(Known(random, set), random.OneOf(set.floors));
      clip.expiring = random.Chance(10);
      clips.push_back(clip);
      gaps.push_back({NewId<GapId>(), Known(random, set), random.OneOf(set.floors)});
    }
  }
  static Footage Known(RandomOffice& random, const FactSet& set) {
    Footage footage = random.MakeFootage(set);
    footage.unit = random.OneOf(set.units).id;
    return footage;
  }
  std::vector<StoredClip> clips;
  std::vector<StoredGap> gaps;
};

/// Cameras about whose charge and state something may change at this very instant.
void AddOnTheEdge(RandomOffice& random, FactSet& set, WallTime base) {
  const auto until = [&] { return random.Chance(30) ? base : WallTime::max(); };
  const auto from = [&] { return random.Chance(30) ? base : base - std::chrono::hours(1); };
  for (int i = 0; i < 20; ++i) {
    const auto camera = NewId<CameraId>();
    set.cameras.push_back(camera);
    constexpr std::array kStates = {CameraState::kInService, CameraState::kInService,
                                    CameraState::kStaged, CameraState::kSuspended};
    const auto state = kStates.at(static_cast<std::size_t>(random.Number(kStates.size())));
    set.charges.push_back(
        {camera, random.OneOf(set.units).id, {base - std::chrono::hours(1), until()}});
    set.camera_states.push_back({camera, state, {from(), WallTime::max()}});
  }
}

/// What one person's request reads in SQL.
class Reader {
 public:
  Reader(testing::MigratedPostgres& database, Caller caller, WallTime as_of,
         std::string role = "yagura_api")
      : database_(database), caller_(std::move(caller)), as_of_(as_of), role_(std::move(role)) {}

  [[nodiscard]] Ids All(const std::string& query) {
    Ids ids;
    auto done = database_.As(role_).Run([&](pqxx::transaction_base& transaction) -> Result<void> {
      transaction.exec_params("SELECT request_enter($1, $2)", caller_.token,
                              pg::TimeParameter(as_of_));
      for (const auto& row : transaction.exec(query)) ids.insert(row[0].c_str());
      return {};
    });
    EXPECT_TRUE(done.has_value()) << ToString(done.error()) << " in " << query;
    return ids;
  }

 private:
  testing::MigratedPostgres& database_;
  Caller caller_;
  WallTime as_of_;
  std::string role_;
};

class RowSecurityTest : public ::testing::Test {
 protected:
  template <class Items, class Describe, class Expect>
  static Ids Expected(const Items& items, Describe describe, Expect expect) {
    Ids ids;
    for (const auto& item : items) {
      if (expect(item)) ids.insert(describe(item));
    }
    return ids;
  }

  void Compare(const FactSet& set, const RandomFootage& footage, PersonId person, WallTime as_of) {
    const auto facts = *Facts::Build(set);
    const auto may = [&](Action action, const Resource& resource) {
      return Decide(*facts, {person, action, resource}, as_of).permits();
    };
    const auto text = [](const auto& id) { return ToString(id); };
    const bool is_there = may(Action::kSessionRead, {});
    const Caller caller = office_.StartSession(person);
    Reader reader(*database_, caller, as_of);

    const Ids live = Expected(
        set.cameras, text, [&](const CameraId& camera) { return may(Action::kLivePlay, camera); });
    Reader media(*database_, caller, as_of, "yagura_media");
    EXPECT_EQ(media.All("SELECT camera_id FROM live_camera"), live);
    live_ += live.size();
    EXPECT_EQ(reader.All("SELECT id FROM camera"),
              Expected(set.cameras, text,
                       [&](const CameraId& camera) { return may(Action::kCameraRead, camera); }));
    EXPECT_EQ(reader.All("SELECT id FROM floor"),
              Expected(set.floors, text,
                       [&](const FloorId& floor) { return may(Action::kCameraList, floor); }));
    EXPECT_EQ(reader.All("SELECT id FROM unit"),
              Expected(
                  set.units, [](const UnitFact& unit) { return ToString(unit.id); },
                  [&](const UnitFact& unit) { return may(Action::kCameraList, unit.id); }));
    const auto is_listed = [&](const AssignmentFact& one) {
      return one.person == person ||
             (as_of < one.valid.to && may(Action::kAssignmentList, one.unit));
    };
    EXPECT_EQ(reader.All("SELECT id FROM assignment"),
              Expected(
                  set.assignments, [](const AssignmentFact& one) { return ToString(one.id); },
                  [&](const AssignmentFact& one) { return is_there && is_listed(one); }));
    EXPECT_EQ(reader.All("SELECT id FROM person"),
              Expected(
                  set.persons, [](const PersonFact& one) { return ToString(one.id); },
                  [&](const PersonFact& one) {
                    return is_there && (one.id == person ||
                                        std::any_of(set.assignments.begin(), set.assignments.end(),
                                                    [&](const AssignmentFact& held) {
                                                      return held.person == one.id &&
                                                             is_listed(held);
                                                    }));
                  }));
    const Ids clips = Expected(
        footage.clips, [](const StoredClip& clip) { return ToString(clip.run); },
        [&](const StoredClip& clip) {
          return !clip.expiring && may(Action::kFootagePlay, clip.footage);
        });
    EXPECT_EQ(reader.All("SELECT run_id FROM clip"), clips);
    const Ids growing = Expected(
        footage.clips, [](const StoredClip& clip) { return ToString(clip.run); },
        [&](const StoredClip& clip) { return may(Action::kFootagePlay, clip.footage); });
    EXPECT_EQ(reader.All("SELECT run_id FROM growing_clip"), growing);
    EXPECT_EQ(reader.All("SELECT id FROM gap"),
              Expected(
                  footage.gaps, [](const StoredGap& gap) { return ToString(gap.id); },
                  [&](const StoredGap& gap) { return may(Action::kCoverageRead, gap.footage); }));
    CompareStretches(reader, footage, may);
    rows_ += clips.size();
    ++compared_;
  }

  template <class May>
  void CompareStretches(Reader& reader, const RandomFootage& footage, May may) {
    const auto stretch = [](const Footage& one) {
      return ToString(one.camera) + " " + ToString(one.unit) + " " +
             pg::TimeParameter(one.range.from);
    };
    const auto expected = [&](bool with_expiring) {
      return Expected(
          footage.clips, [&](const StoredClip& clip) { return stretch(clip.footage); },
          [&](const StoredClip& clip) {
            return (with_expiring || !clip.expiring) && may(Action::kCoverageRead, clip.footage);
          });
    };
    std::string cameras;
    for (const StoredClip& clip : footage.clips) {
      cameras += (cameras.empty() ? "('" : ",('") + ToString(clip.footage.camera) + "'::uuid)";
    }
    const auto told_by = [&](const std::string& function) {
      return reader.All(
          "SELECT id || ' ' || unit_id || ' ' || to_char(start_at, "
          "'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"
          " FROM (VALUES " +
          cameras + ") AS asked (id), " + function + "(id, '-infinity', 'infinity')");
    };
    EXPECT_EQ(told_by("recorded_stretches"), expected(false));
    EXPECT_EQ(told_by("growing_stretches"), expected(true));
  }

  std::unique_ptr<testing::MigratedPostgres> database_ = StoredOffice::NewDatabase();
  StoredOffice office_{*database_};
  std::size_t rows_ = 0;
  std::size_t live_ = 0;
  int compared_ = 0;
};

TEST_F(RowSecurityTest, ShowsWhatDecidePermits) {
  const std::uint64_t seed = testing::PrintedSeed();
  for (std::uint64_t i = 0; i < kOffices && !HasFailure(); ++i) {
    const WallTime base = RealNow();
    RandomOffice random(seed + i, base);
    FactSet set = random.Make();
    // A session ends by the server's clock, whatever instant is asked about: who is disabled now
    // sees nothing.
    for (PersonFact& person : set.persons) {
      if (person.disabled_at && *person.disabled_at <= base)
        person.disabled_at = base - std::chrono::hours(1);
    }
    AddOnTheEdge(random, set, base);
    const RandomFootage footage(random, set);
    office_.Store(set, footage.clips, footage.gaps);
    for (const PersonFact& person : set.persons) {
      Compare(set, footage, person.id, base - microseconds(random.Number(2)));
      if (HasFailure()) std::cout << "failed in office " << i << "\n";
    }
  }
  std::cout << compared_ << " people compared, " << rows_ << " clips and " << live_
            << " live cameras seen\n";
  EXPECT_GT(rows_, 100U);
  EXPECT_GT(live_, 50U);
}

}  // namespace
}  // namespace yagura::access_control
