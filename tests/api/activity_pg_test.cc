// activity over the real listener: what it tells of what the recorder wrote, who gets it, and what
// is on record of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>

#include "core/json.h"
#include "tests/api/footage_world.h"
#include "tests/api/slow_disk_posix.h"

namespace yagura::api {
namespace {

using ::testing::HasSubstr;

std::string Activity(CameraId camera, WallTime from, WallTime to) {
  return "/v1/cameras/" + ToString(camera) + "/activity" + Span(from, to);
}

/// Of each second whether something is told.
std::vector<bool> ToldIn(const Answer& answer) {
  std::vector<bool> told;
  const auto json = Json::Parse(answer.body);
  if (!json.has_value()) return told;
  for (const Json& level : json->Get("seconds").items()) told.push_back(!level.is_null());
  return told;
}

TEST_F(FootageTest, ActivityTellsALevelForEverySecondOfEachCodec) {
  const std::string token = world().TokenOf(world().office.head(0));
  for (const auto& name : {"gop2", "bframes", "gop300", "h265", "h265_bframes"}) {
    const CameraId camera = world().cameras.at(name);
    const Answer answer = served().Ask(Activity(camera, At(60), At(120)), token);
    ASSERT_EQ(answer.status, 200) << name << ": " << answer.body;
    EXPECT_THAT(ToldIn(answer), ::testing::AllOf(::testing::SizeIs(60), ::testing::Each(true)))
        << name;
  }
}

TEST_F(FootageTest, ActivityTellsNothingOfAGapAndGoesOnOverAChangeOfCodec) {
  const std::string token = world().TokenOf(world().office.head(0));
  const auto gap = ToldIn(served().Ask(Activity(world().broken, At(80), At(110)), token));
  ASSERT_EQ(gap.size(), 30U);
  EXPECT_TRUE(gap[5]);
  EXPECT_FALSE(gap[15]);
  EXPECT_TRUE(gap[25]);
  const auto changed = ToldIn(served().Ask(Activity(world().changed, At(80), At(120)), token));
  EXPECT_TRUE(changed.at(5));
  EXPECT_TRUE(changed.at(35));
}

TEST_F(FootageTest, ActivityOfWhatMayNotBeSeenIsNoFootageAndTheRestOfARangeTellsNothing) {
  const auto& office = world().office;
  const auto ask = [&](PersonId person, CameraId camera, double from, double to) {
    return served().Ask(Activity(camera, At(from), At(to)), world().TokenOf(person));
  };
  const Answer missing = ask(office.head(1), world().moved, -500, -440);
  EXPECT_EQ(missing.status, 404);
  EXPECT_THAT(missing.body, HasSubstr("no_footage"));
  EXPECT_EQ(ask(office.head(2), world().moved, 60, 90).comparable(), missing.comparable());
  EXPECT_EQ(ask(office.head(1), world().moved, 110, 140).comparable(), missing.comparable());
  const auto own = ToldIn(ask(office.head(1), world().moved, 60, 140));
  ASSERT_EQ(own.size(), 80U);
  EXPECT_TRUE(own[30]);
  EXPECT_FALSE(own[60]);
  EXPECT_EQ(ask(office.operations(), world().plain, 60, 90).status, 403);
  const Answer nowhere = served().Ask("/v1/cameras/x/activity", world().TokenOf(office.head(1)));
  EXPECT_EQ(ask(office.head(1), world().plain, 60, 90).comparable(), nowhere.comparable());
}

TEST_F(FootageTest, WhoReadsActivityOfASlowDiskLeavesWorkersToOthers) {
  const std::string own = world().TokenOf(world().office.head(0));
  const std::string others = world().TokenOf(world().office.head(1));
  const std::string waits = Activity(world().broken, At(60), At(80));
  std::vector<std::future<Answer>> asked;
  SlowDisk slow(world().office.volume_root(), world().broken);
  for (int i = 0; i < 3; ++i)
    asked.push_back(std::async(std::launch::async, [&] { return served().Ask(waits, own); }));
  const auto is_answered = [](std::future<Answer>& one) {
    return one.wait_for(milliseconds(1)) == std::future_status::ready;
  };
  auto refused = asked.end();
  for (int look = 0; look < 5'000 && refused == asked.end(); ++look)
    refused = std::find_if(asked.begin(), asked.end(), is_answered);
  ASSERT_NE(refused, asked.end()) << "all three wait for the disk";
  EXPECT_THAT(refused->get().body, HasSubstr("too many ask"));
  asked.erase(refused);
  EXPECT_EQ(served().Ask(Activity(world().moved, At(60), At(80)), others).status, 200);
  slow.Let();
  for (auto& one : asked) EXPECT_EQ(one.get().status, 200);
}

TEST_F(FootageTest, ActivityOfOneHourAtMostIsAnsweredAndEachQuestionIsOnRecord) {
  auto& office = world().office;
  const std::string token = world().TokenOf(office.head(0));
  EXPECT_EQ(served().Ask(Activity(world().plain, At(0), At(3'600)), token).status, 200);
  EXPECT_EQ(served().Ask(Activity(world().plain, At(0), At(3'601)), token).status, 400);
  const auto records = [&] {
    return std::stoi(office.Column("SELECT count(*) FROM audit_record").at(0));
  };
  const int before = records();
  EXPECT_EQ(served().Ask(Activity(world().plain, At(60), At(90)), token).status, 200);
  EXPECT_EQ(records(), before + 1);
  const std::string foreign = world().TokenOf(office.head(1));
  EXPECT_EQ(served().Ask(Activity(world().plain, At(60), At(90)), foreign).status, 404);
  EXPECT_EQ(records(), before + 2);
}

}  // namespace
}  // namespace yagura::api
