#include "access_control/organisation.h"

#include <gmock/gmock.h>

#include "access_control/in_charge.h"
#include "tests/access_control/office.h"

namespace yagura::access_control {
namespace {

ErrorCode CodeOfBuilding(const FactSet& set) {
  const auto facts = Facts::Build(set);
  EXPECT_FALSE(facts.has_value());
  return facts.has_value() ? ErrorCode::kInternal : facts.error().code();
}

TEST(OrganisationTest, AUnitLiesWithinItselfAndAllAbove) {
  Office office;
  const UnitId root = office.AddUnit();
  const UnitId bureau = office.AddUnit(root);
  const UnitId section = office.AddUnit(bureau);
  const UnitId sibling = office.AddUnit(root);
  const UnitId elsewhere = office.AddUnit();
  const auto facts = office.Build();

  EXPECT_TRUE(facts->IsWithin(section, section));
  EXPECT_TRUE(facts->IsWithin(section, bureau));
  EXPECT_TRUE(facts->IsWithin(section, root));
  EXPECT_FALSE(facts->IsWithin(bureau, section));
  EXPECT_FALSE(facts->IsWithin(section, sibling));
  EXPECT_FALSE(facts->IsWithin(section, elsewhere));
  EXPECT_TRUE(facts->HaveSameController(section, sibling));
  EXPECT_FALSE(facts->HaveSameController(section, elsewhere));
}

TEST(OrganisationTest, WhatIsUnknownIsNowhere) {
  Office office;
  const UnitId root = office.AddUnit();
  const auto facts = office.Build();
  const auto unknown = NewId<UnitId>();
  EXPECT_FALSE(facts->IsWithin(unknown, root));
  EXPECT_FALSE(facts->IsWithin(root, unknown));
  EXPECT_FALSE(facts->IsWithin(unknown, unknown));
  EXPECT_FALSE(facts->HaveSameController(unknown, unknown));
  EXPECT_EQ(facts->FindPerson(NewId<PersonId>()), nullptr);
  EXPECT_TRUE(facts->ChargesOf(NewId<CameraId>()).empty());
}

TEST(OrganisationTest, KnowsUntilWhenAUnitIsInCharge) {
  Office office;
  const UnitId one = office.AddUnit();
  const UnitId other = office.AddUnit();
  const CameraId camera = office.AddCamera(one, {Day(0), Day(2)});
  office.PutInCharge(camera, other, {Day(4), WallTime::max()});
  const auto facts = office.Build();
  using Until = std::optional<WallTime>;
  const UnitId nobody;
  EXPECT_EQ(InChargeUntil(*facts, camera, one, Day(1)), Until(Day(2)));
  EXPECT_EQ(InChargeUntil(*facts, camera, other, Day(1)), Until());
  EXPECT_EQ(InChargeUntil(*facts, camera, nobody, Day(1)), Until());
  EXPECT_EQ(InChargeUntil(*facts, camera, one, Day(2)), Until());
  EXPECT_EQ(InChargeUntil(*facts, camera, nobody, Day(2)), Until(Day(4)));
  EXPECT_EQ(InChargeUntil(*facts, camera, other, Day(4)), Until(WallTime::max()));
  EXPECT_EQ(InChargeUntil(*facts, NewId<CameraId>(), nobody, Day(4)), Until(WallTime::max()));
}

TEST(OrganisationTest, FactsThatContradictThemselvesAreNone) {
  Office orphan;
  orphan.AddUnit(NewId<UnitId>());
  EXPECT_EQ(CodeOfBuilding(orphan.set()), ErrorCode::kDataLoss);

  Office circle;
  const UnitId one = circle.AddUnit();
  const UnitId other = circle.AddUnit(one);
  circle.set().units[0].parent = other;
  EXPECT_EQ(CodeOfBuilding(circle.set()), ErrorCode::kDataLoss);

  Office twice;
  twice.set().units.assign(2, UnitFact{NewId<UnitId>(), std::nullopt, kAlways});
  EXPECT_EQ(CodeOfBuilding(twice.set()), ErrorCode::kDataLoss);

  Office stranger;
  stranger.PutInCharge(NewId<CameraId>(), stranger.AddUnit());
  EXPECT_EQ(CodeOfBuilding(stranger.set()), ErrorCode::kDataLoss);
}

TEST(OrganisationTest, UnknownWordsAreKeptAsUnknown) {
  EXPECT_EQ(ParsePost("department_head"), Post::kDepartmentHead);
  EXPECT_EQ(ParsePost("emperor"), Post::kUnknown);
  EXPECT_EQ(ParsePost("unknown"), Post::kUnknown);
  EXPECT_EQ(ParseCameraState("staged"), CameraState::kStaged);
  EXPECT_EQ(ParseCameraState("asleep"), CameraState::kUnknown);
}

}  // namespace
}  // namespace yagura::access_control
