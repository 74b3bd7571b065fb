#include "ingest/worker_turns.h"

#include <gtest/gtest.h>

#include <deque>
#include <list>
#include <map>
#include <optional>
#include <string>

#include "ingest/join_paces.h"

namespace yagura::ingest {
namespace {

using Standing = WorkerTurns::Standing;
using namespace std::chrono_literals;

/// As far apart as a reader thread's sweeps are.
constexpr auto kSweep = 170ms;

/// Cameras whose workers start as turns come, and come to something or not after a while.
class Office {
 public:
  explicit Office(JoinPace::Pace pace = JoinPaces::kWorkers) : turns_(pace) {}

  void Add(const std::string& name, Standing standing) {
    Camera& camera = cameras_.emplace_back();
    camera.name = name;
    camera.standing = standing;
    camera.place.emplace(turns_, standing);
  }
  void Add(int count, Standing standing) {
    for (int i = 0; i < count; ++i) Add("of many", standing);
  }
  void SetAway(bool away) { away_ = away; }
  /// Sweeps until `until`, at most once more behind it.
  void Run(MonoTime until) {
    for (; now_ < until; now_ += kSweep) {
      for (Camera& camera : cameras_) Sweep(camera);
    }
  }
  /// Of one, or of one of many the last.
  [[nodiscard]] MonoTime StartOf(const std::string& name) const { return started_.at(name); }
  [[nodiscard]] std::size_t starts() const { return starts_; }
  [[nodiscard]] std::size_t recording() const { return recording_; }
  [[nodiscard]] MonoTime now() const { return now_; }

 private:
  struct Camera {
    std::string name;
    Standing standing{};
    std::optional<WorkerTurns::Place> place{};
    std::optional<MonoTime> again_at{};
  };

  /// An attempt at one that is away takes 700 ms, and the next comes 1.3 s later.
  void Sweep(Camera& camera) {
    if (camera.again_at && now_ >= *camera.again_at) {
      camera.again_at.reset();
      camera.place.emplace(turns_, Standing::kAbsent);
    }
    if (!camera.place || !turns_.Take(*camera.place, now_)) return;
    camera.place.reset();
    started_[camera.name] = now_;
    ++starts_;
    if (away_ && camera.standing == Standing::kAbsent)
      camera.again_at = now_ + 2s;
    else
      ++recording_;
  }

  WorkerTurns turns_;
  std::deque<Camera> cameras_;
  std::map<std::string, MonoTime> started_;
  MonoTime now_{1'000s};
  std::size_t starts_ = 0;
  std::size_t recording_ = 0;
  bool away_ = true;
};

TEST(WorkerTurnsTest, SomeAtOnceThenOneAfterTheOther) {
  Office office;
  office.Add(200, Standing::kExpected);
  office.Run(office.now() + 1ms);
  EXPECT_EQ(office.starts(), 5u);
  office.Run(office.now() + 1s);
  EXPECT_LE(office.starts(), 5u + 9u) << "eight a second";
  office.Run(office.now() + 23s);
  EXPECT_EQ(office.recording(), 200u) << "within 24 s";
}

TEST(WorkerTurnsTest, AHundredThatAreAwayKeepNobodyWaitingThatWasThere) {
  Office office;
  office.Add(100, Standing::kAbsent);
  office.Run(office.now() + 60s);
  const MonoTime came = office.now();
  office.Add("one that was there", Standing::kExpected);
  office.Run(came + 10s);
  EXPECT_LE(office.StartOf("one that was there") - came, 2 * kSweep);
}

TEST(WorkerTurnsTest, TurnsThatNobodyElseWantsAreTheirs) {
  Office office;
  office.Add(100, Standing::kAbsent);
  office.Run(office.now() + 60s);
  EXPECT_GE(office.starts(), 490u) << "one each 120 ms";
  EXPECT_LE(office.starts(), 505u);
}

TEST(WorkerTurnsTest, TwoHundredThatComeBackAreThereWithinThirtySeconds) {
  Office office;
  office.Add(200, Standing::kAbsent);
  office.Run(office.now() + 60s);
  EXPECT_EQ(office.recording(), 0u);
  office.SetAway(false);
  office.Run(office.now() + 30s);
  EXPECT_EQ(office.recording(), 200u);
}

TEST(WorkerTurnsTest, WhileOthersAlwaysWaitEachFourthTurnIsOfThoseThatAreAway) {
  WorkerTurns turns({1, 100ms});
  std::list<WorkerTurns::Place> absent;
  std::list<WorkerTurns::Place> expected;
  for (int i = 0; i < 3; ++i) absent.emplace_back(turns, Standing::kAbsent);
  for (int i = 0; i < 7; ++i) expected.emplace_back(turns, Standing::kExpected);
  std::string order;
  for (MonoTime now(1'000s); now < MonoTime(1'001s); now += 100ms) {
    const auto take = [&](const WorkerTurns::Place& place) { return turns.Take(place, now); };
    if (std::erase_if(absent, take) == 1) order += 'a';
    if (std::erase_if(expected, take) == 1) order += 'e';
  }
  EXPECT_EQ(order, "eeeaeeeaea");
}

TEST(WorkerTurnsTest, APlaceThatIsGivenUpKeepsNobodyWaiting) {
  WorkerTurns turns({1, 100ms});
  std::optional<WorkerTurns::Place> first(std::in_place, turns, Standing::kExpected);
  const WorkerTurns::Place second(turns, Standing::kExpected);
  EXPECT_FALSE(turns.Take(second, MonoTime(1'000s)));
  first.reset();
  EXPECT_TRUE(turns.Take(second, MonoTime(1'000s)));
  EXPECT_FALSE(turns.Take(WorkerTurns::Place(turns, Standing::kExpected), MonoTime(1'000s) + 99ms));
  EXPECT_TRUE(turns.Take(WorkerTurns::Place(turns, Standing::kExpected), MonoTime(1'000s) + 100ms));
}

TEST(WorkerTurnsTest, SlowerFromNowOn) {
  WorkerTurns turns(JoinPaces::kWorkers);
  turns.Set(JoinPaces::kFailingWorkers);
  const MonoTime now(1'000s);
  EXPECT_TRUE(turns.Take(WorkerTurns::Place(turns, Standing::kExpected), now));
  EXPECT_FALSE(turns.Take(WorkerTurns::Place(turns, Standing::kExpected), now + 499ms));
  EXPECT_TRUE(turns.Take(WorkerTurns::Place(turns, Standing::kExpected), now + 500ms));
}

}  // namespace
}  // namespace yagura::ingest
