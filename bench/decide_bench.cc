#include <benchmark/benchmark.h>

#include <random>
#include <vector>

#include "access_control/decide.h"
#include "access_control/visible.h"
#include "core/check.h"

// What does one decision cost, and one list of 100 cameras, in an organisation of 1,000
// assignments?

namespace yagura::access_control {
namespace {

constexpr int kUnits = 150;
constexpr int kCameras = 100;
constexpr int kAssignments = 1000;
const WallTime kNow{std::chrono::seconds(1'800'000'000)};

struct World {
  World() {
    std::mt19937 random(20270615);
    const auto below = [&](std::size_t n) { return random() % n; };
    FactSet set;
    for (int i = 0; i < kUnits; ++i) {
      std::optional<UnitId> parent;
      if (i > 0) parent = set.units.at(below(set.units.size())).id;
      set.units.push_back({NewId<UnitId>(), parent, kAlways});
    }
    for (int i = 0; i < kCameras; ++i) {
      const auto camera = NewId<CameraId>();
      set.cameras.push_back(camera);
      const WallTime change = kNow - std::chrono::hours(24 * (1 + below(300)));
      set.charges.push_back({camera, set.units.at(below(kUnits)).id, {WallTime::min(), change}});
      set.charges.push_back({camera, set.units.at(below(kUnits)).id, {change, WallTime::max()}});
    }
    for (int i = 0; i < kAssignments; ++i) {
      const auto person = NewId<PersonId>();
      set.persons.push_back({person, std::nullopt});
      const WallTime until = kNow + std::chrono::hours(24 * (1 + below(300)));
      set.assignments.push_back({NewId<AssignmentId>(),
                                 person,
                                 Post::kDepartmentHead,
                                 set.units.at(below(kUnits)).id,
                                 {kNow - std::chrono::hours(24), until}});
    }
    set.assignments[0].unit = set.units[0].id;  // sees everything
    facts = *Facts::Build(std::move(set));
  }
  std::shared_ptr<const Facts> facts;
};

void BM_DecideOnFootage(benchmark::State& state) {
  const World world;
  const FactSet& set = world.facts->set();
  std::vector<Request> requests;
  for (std::size_t i = 0; i < 1024; ++i) {
    const ChargeFact& charge = set.charges[(i * 7) % set.charges.size()];
    const WallTime from = kNow - std::chrono::hours(1);
    requests.push_back({set.persons[(i * 13) % set.persons.size()].id, Action::kFootagePlay,
                        Footage{charge.camera, charge.unit, {from, kNow}}});
  }
  std::size_t next = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(Decide(*world.facts, requests[next++ % requests.size()], kNow));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_DecideOnFootage);

void BM_DecideOnCamera(benchmark::State& state) {
  const World world;
  const FactSet& set = world.facts->set();
  std::size_t next = 0;
  for (auto _ : state) {
    const Request request{set.persons[next % set.persons.size()].id, Action::kCameraRead,
                          set.cameras[next % set.cameras.size()]};
    benchmark::DoNotOptimize(Decide(*world.facts, request, kNow));
    ++next;
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_DecideOnCamera);

void BM_ListOf100Cameras(benchmark::State& state) {
  const World world;
  const PersonId person = world.facts->set().persons[0].id;
  CHECK(VisibleCameras(*world.facts, person, kNow).size() == kCameras);
  for (auto _ : state) benchmark::DoNotOptimize(VisibleCameras(*world.facts, person, kNow));
}
BENCHMARK(BM_ListOf100Cameras)->Unit(benchmark::kMicrosecond);

void BM_BuildFacts(benchmark::State& state) {
  const World world;
  for (auto _ : state) benchmark::DoNotOptimize(Facts::Build(world.facts->set()));
}
BENCHMARK(BM_BuildFacts)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace yagura::access_control
