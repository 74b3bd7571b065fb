#include "access_control/people_pg.h"

#include <gmock/gmock.h>

#include "access_control/facts_pg.h"
#include "access_control/password_sodium.h"
#include "tests/access_control/office.h"
#include "tests/access_control/random_office.h"
#include "tests/access_control/stored_office.h"
#include "tests/support/seed.h"

namespace yagura::access_control {
namespace {

using ::testing::HasSubstr;

class PeopleTest : public ::testing::Test {
 protected:
  [[nodiscard]] std::shared_ptr<const Facts> Load() {
    auto facts = LoadFacts(database_->As("yagura_api"));
    EXPECT_TRUE(facts.has_value());
    return *facts;
  }

  std::unique_ptr<testing::MigratedPostgres> database_ = StoredOffice::NewDatabase();
  StoredOffice store_{*database_};
  PeopleBook people_{database_->As("yagura_admin"), "root"};
};

TEST_F(PeopleTest, BuildsAnOfficeThatDecisionsSee) {
  const UnitId root = people_.AddUnit("WARD", "the ward", std::nullopt).value();
  const UnitId section = people_.AddUnit("TAX", "taxes", "WARD").value();
  const PersonId person =
      people_
          .AddPerson("sato", "Sato", HashPassword("a long password", PasswordCost::kLeast).value(),
                     kPasswordAlone)
          .value();
  const AssignmentId assignment =
      people_.AddAssignment("sato", Post::kDepartmentHead, "TAX", {Day(0), WallTime::max()})
          .value();

  const auto facts = Load();
  EXPECT_TRUE(facts->IsWithin(section, root));
  ASSERT_EQ(facts->AssignmentsOf(person).size(), 1U);
  EXPECT_EQ(facts->AssignmentsOf(person)[0].post, Post::kDepartmentHead);
  EXPECT_EQ(facts->AssignmentsOf(person)[0].valid, (WallRange{Day(0), WallTime::max()}));

  ASSERT_TRUE(people_.EndAssignment(assignment, Day(30)).has_value());
  EXPECT_EQ(Load()->AssignmentsOf(person)[0].valid.to, Day(30));
  EXPECT_GT(Load()->epoch(), facts->epoch());
  EXPECT_EQ(store_.Run("SELECT string_agg(event, ' ' ORDER BY counter) FROM audit_record"),
            "unit_added unit_added person_added assignment_added assignment_ended");
  EXPECT_THAT(store_.Run("SELECT body FROM audit_record WHERE counter = 4"),
              HasSubstr("operator at console"));
}

TEST_F(PeopleTest, SaysWhatIsWrong) {
  ASSERT_TRUE(people_.AddUnit("WARD", "the ward", std::nullopt).has_value());
  EXPECT_EQ(people_.AddUnit("WARD", "again", std::nullopt).error().code(),
            ErrorCode::kAlreadyExists);
  EXPECT_EQ(people_.AddUnit("TAX", "taxes", "NOWHERE").error().code(), ErrorCode::kNotFound);
  EXPECT_EQ(people_.AddPerson("Sato San", "Sato", "hash", kPasswordAlone).error().code(),
            ErrorCode::kFailedPrecondition);
  EXPECT_EQ(people_.AddAssignment("sato", Post::kAuditor, "WARD", kAlways).error().code(),
            ErrorCode::kNotFound);
  EXPECT_EQ(people_.DisablePerson("sato").error().code(), ErrorCode::kNotFound);
  EXPECT_EQ(people_.EndAssignment(NewId<AssignmentId>(), Day(1)).error().code(),
            ErrorCode::kNotFound);

  ASSERT_TRUE(people_.AddPerson("sato", "Sato", "hash", kPasswordAlone).has_value());
  EXPECT_EQ(people_.AddAssignment("sato", Post::kAuditor, "WARD", {Day(1), Day(1)}).error().code(),
            ErrorCode::kFailedPrecondition);
  const AssignmentId assignment =
      people_.AddAssignment("sato", Post::kAuditor, "WARD", {Day(1), Day(9)}).value();
  EXPECT_EQ(people_.EndAssignment(assignment, Day(1)).error().code(),
            ErrorCode::kFailedPrecondition);
  EXPECT_EQ(people_.EndAssignment(assignment, Day(9)).error().code(),
            ErrorCode::kFailedPrecondition);
}

TEST_F(PeopleTest, AChangeThatCannotBeRecordedDoesNotHappen) {
  store_.Run("REVOKE EXECUTE ON FUNCTION audit_append FROM yagura_admin");
  EXPECT_FALSE(people_.AddUnit("WARD", "the ward", std::nullopt).has_value());
  EXPECT_EQ(store_.Run("SELECT count(*) FROM unit"), "0");
}

TEST_F(PeopleTest, FactsAreReadAsTheyWereStored) {
  const std::uint64_t seed = testing::PrintedSeed();
  RandomOffice random(seed, kDayZero);
  const FactSet set = random.Make();
  store_.Store(set);
  const auto facts = Load();
  EXPECT_EQ(facts->set().cameras.size(), set.cameras.size());
  EXPECT_EQ(facts->set().floors.size(), set.floors.size());
  EXPECT_EQ(facts->set().charges.size(), set.charges.size());
  EXPECT_EQ(facts->set().camera_states.size(), set.camera_states.size());
  EXPECT_EQ(facts->set().placements.size(), set.placements.size());
  for (const UnitFact& unit : set.units) {
    ASSERT_NE(facts->FindUnit(unit.id), nullptr);
    EXPECT_EQ(facts->FindUnit(unit.id)->valid, unit.valid);
    EXPECT_EQ(facts->FindUnit(unit.id)->parent, unit.parent);
  }
  EXPECT_EQ(facts->set().successions.size(), set.successions.size());
  for (const PersonFact& person : set.persons)
    EXPECT_EQ(facts->FindPerson(person.id)->disabled_at, person.disabled_at);
  for (const AssignmentFact& one : set.assignments) {
    const auto read = facts->AssignmentsOf(one.person);
    EXPECT_TRUE(std::any_of(read.begin(), read.end(), [&](const AssignmentFact& other) {
      return other.id == one.id && other.post == one.post && other.unit == one.unit &&
             other.valid == one.valid;
    }));
  }
}

TEST_F(PeopleTest, ATreeStaysATree) {
  ASSERT_TRUE(people_.AddUnit("A", "a", std::nullopt).has_value());
  ASSERT_TRUE(people_.AddUnit("B", "b", "A").has_value());
  EXPECT_THAT(
      database_->Ask(
          "UPDATE unit SET parent_id = (SELECT id FROM unit WHERE code = 'B') WHERE code = 'A'",
          "yagura_admin"),
      HasSubstr("cannot lie below itself"));
}

}  // namespace
}  // namespace yagura::access_control
