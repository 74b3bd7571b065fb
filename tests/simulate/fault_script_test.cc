#include "simulate/fault_script.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "simulate/fault_plan.h"

namespace yagura::simulate {
namespace {

using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::uint32_t kCameras = 9;

std::vector<Fault> Parse(const std::string& text) {
  auto faults = ParseFaultScript(text, kCameras);
  EXPECT_TRUE(faults.has_value()) << ToString(faults.error());
  return faults.value_or(std::vector<Fault>{});
}

std::string ErrorOf(const std::string& text) {
  const auto faults = ParseFaultScript(text, kCameras);
  return faults.has_value() ? "none" : faults.error().message();
}

TEST(FaultScriptTest, ReadsEachFault) {
  EXPECT_THAT(Parse("# an hour of trouble\n"
                    "\n"
                    "1.5  3    reset\n"
                    "2    1-4  half-open for=8\n"
                    "3    all  reboot for=0.25   # all at once\n"
                    "4    2    answer for=5 status=454 method=PLAY\n"
                    "5    2    clock step=-3600\n"
                    "6    2    timestamps ticks=+90000\n"
                    "7    2    footage for=10 loop=black.h264\n"
                    "8    2    malform packets=1,5-8 as=oversize\n"),
              ElementsAre(Fault{.at = milliseconds(1500), .first_camera = 3, .last_camera = 3},
                          Fault{.at = seconds(2),
                                .last_camera = 4,
                                .kind = FaultKind::kHalfOpen,
                                .length = seconds(8)},
                          Fault{.at = seconds(3),
                                .last_camera = kCameras,
                                .kind = FaultKind::kReboot,
                                .length = milliseconds(250)},
                          Fault{.at = seconds(4),
                                .first_camera = 2,
                                .last_camera = 2,
                                .kind = FaultKind::kAnswer,
                                .length = seconds(5),
                                .method = "PLAY",
                                .status = 454},
                          Fault{.at = seconds(5),
                                .first_camera = 2,
                                .last_camera = 2,
                                .kind = FaultKind::kClock,
                                .step = seconds(-3600)},
                          Fault{.at = seconds(6),
                                .first_camera = 2,
                                .last_camera = 2,
                                .kind = FaultKind::kTimestamps,
                                .ticks = 90'000},
                          Fault{.at = seconds(7),
                                .first_camera = 2,
                                .last_camera = 2,
                                .kind = FaultKind::kFootage,
                                .length = seconds(10),
                                .loop = "black.h264"},
                          Fault{.at = seconds(8),
                                .first_camera = 2,
                                .last_camera = 2,
                                .kind = FaultKind::kMalform,
                                .packets = {.ranges = {{1, 1}, {5, 8}}},
                                .malformation = Malformation::kOversize}));
  EXPECT_THAT(Parse(""), IsEmpty());
}

TEST(FaultScriptTest, SaysWhichLineIsWrongAndWhy) {
  const std::pair<std::string, std::string> wrong[] = {
      {"1 1 reset\n\n2 1 resett\n", "line 3: \"resett\" is no fault"},
      {"1 1\n", "line 1: a line is SECONDS CAMERAS FAULT"},
      {"-1 1 reset", "\"-1\" is no number of seconds"},
      {"1s 1 reset", "\"1s\" is no number of seconds"},
      {"nan 1 reset", "\"nan\" is no number of seconds"},
      {"1 10 reset", "\"10\" is neither a number nor a range within 1-9"},
      {"1 0 reset", "within 1-9"},
      {"1 4-2 reset", "\"4-2\""},
      {"1 1 reset for=2", "\"for=2\" doesn't belong to reset"},
      {"1 1 half-open", "half-open needs for="},
      {"1 1 half-open for", "\"for\" doesn't belong"},
      {"1 1 half-open for=", "for= names nothing"},
      {"1 1 half-open for=1 for=2", "for= twice"},
      {"1 1 answer for=1 status=200", "\"200\" is no status"},
      {"1 1 clock step=1.5", "\"1.5\" is no whole number"},
      {"1 1 timestamps ticks=4294967297", "within 32 bits"},
      {"1 1 drop packets=3,2", "packet numbers must rise"},
      {"1 1 drop packets=3,", "\"\" is neither"},
      {"1 1 drop packets=0", "\"0\" is neither"},
      {"1 1 malform packets=1 as=nonsense", "\"nonsense\" is no malformation"},
  };
  for (const auto& [text, error] : wrong) EXPECT_THAT(ErrorOf(text), HasSubstr(error)) << text;
  EXPECT_EQ(ReadFaultScript("/nowhere/at/all", kCameras).error().code(), ErrorCode::kNotFound);
}

TEST(FaultPlanTest, GivesEachStepOnceInTheOrderOfTimeAndEndsFirst) {
  FaultPlan plan(Parse("5 1 reboot for=3\n2 2 half-open for=3\n5 3 reset\n"));
  const auto due = [&plan](seconds at) {
    std::vector<std::pair<std::uint32_t, bool>> steps;
    for (const FaultStep& step : plan.TakeDue(at))
      steps.emplace_back(step.fault.first_camera, step.begins);
    return steps;
  };
  EXPECT_EQ(plan.next(), seconds(2));
  EXPECT_THAT(due(seconds(1)), IsEmpty());
  EXPECT_THAT(due(seconds(2)), ElementsAre(std::pair(2U, true)));
  EXPECT_THAT(due(seconds(6)),
              ElementsAre(std::pair(2U, false), std::pair(1U, true), std::pair(3U, true)));
  EXPECT_EQ(plan.next(), seconds(8));
  EXPECT_THAT(due(seconds(100)), ElementsAre(std::pair(1U, false)));
  EXPECT_EQ(plan.next(), std::nullopt);
}

}  // namespace
}  // namespace yagura::simulate
