#include "fleet/places_pg.h"

#include <gmock/gmock.h>

#include "tests/fleet/fleet_pg_fixture.h"

namespace yagura::fleet {
namespace {

class PlacesPgTest : public FleetPgTest {
 protected:
  template <class T>
  Result<T> Try(const std::function<Result<T>(pqxx::transaction_base&)>& work) {
    return database_->As("yagura_admin").RunFor<T>(work);
  }
  Result<FloorId> Find(const std::string& floor) {
    return Try<FloorId>([&](auto& t) { return FindFloor(t, floor); });
  }
};

TEST_F(PlacesPgTest, ListsTheTreeFromTheBottomUp) {
  ASSERT_TRUE(
      Try<FloorId>([](auto& t) { return AddFloor(t, "MAIN", "B1", "Basement", -1); }).has_value());
  ASSERT_TRUE(Try<SiteId>([](auto& t) { return AddSite(t, "EAST", "Empty ground"); }).has_value());
  std::string tree;
  (void)Admin([&](auto& t) -> Result<void> {
    for (const Site& site : ListPlaces(t)) {
      tree += site.code;
      for (const Building& building : site.buildings) {
        tree += " " + building.code + ":";
        for (const Floor& floor : building.floors) tree += " " + floor.code;
      }
      tree += "; ";
    }
    return {};
  });
  EXPECT_EQ(tree, "EAST; HQ MAIN: B1 1F 2F; ");
}

TEST_F(PlacesPgTest, FindsAFloorByAsMuchAsNamesIt) {
  EXPECT_EQ(Find("1F").value(), first_floor_);
  EXPECT_EQ(Find("MAIN/1F").value(), first_floor_);
  EXPECT_EQ(Find("HQ/MAIN/2F").value(), second_floor_);
  EXPECT_EQ(Find("9F").error().code(), ErrorCode::kNotFound);
  ASSERT_TRUE(
      Try<BuildingId>([](auto& t) { return AddBuilding(t, "HQ", "ANNEX", "Annex"); }).has_value());
  ASSERT_TRUE(
      Try<FloorId>([](auto& t) { return AddFloor(t, "ANNEX", "1F", "Floor 1", 1); }).has_value());
  EXPECT_EQ(Find("1F").error().code(), ErrorCode::kFailedPrecondition);
  EXPECT_EQ(Find("MAIN/1F").value(), first_floor_);
}

TEST_F(PlacesPgTest, RefusesCodesThatAreTakenOrCantBeWritten) {
  const auto add = [&](const std::string& building, const std::string& code,
                       const std::string& name) {
    return Try<FloorId>([&](auto& t) { return AddFloor(t, building, code, name, 3); })
        .error()
        .code();
  };
  EXPECT_EQ(add("MAIN", "1F", "Floor"), ErrorCode::kAlreadyExists);
  EXPECT_EQ(add("NOWHERE", "3F", "Floor"), ErrorCode::kNotFound);
  for (const auto* code : {"", "3 F", "3/F", "3\nF"})
    EXPECT_EQ(add("MAIN", code, "Floor"), ErrorCode::kInvalidArgument);
  EXPECT_EQ(add("MAIN", "3F", ""), ErrorCode::kInvalidArgument);
  EXPECT_EQ(add("MAIN", std::string(65, 'x'), "Floor"), ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace yagura::fleet
