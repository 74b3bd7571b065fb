// What does it cost to hash a second of many clips (2 Mbit/s each), side by side as a round of
// syncs does it, beside one after the other? Bytes per second.
#include <benchmark/benchmark.h>

#include <vector>

#include "storage/sha256.h"

namespace yagura::storage {
namespace {

constexpr std::size_t kSecondBytes = 250'000;

std::vector<std::vector<std::uint8_t>> Seconds(std::size_t clips) {
  std::vector<std::vector<std::uint8_t>> seconds(clips, std::vector<std::uint8_t>(kSecondBytes));
  std::uint8_t value = 1;
  for (auto& second : seconds) {
    for (std::uint8_t& byte : second) byte = value = static_cast<std::uint8_t>(value * 5 + 3);
  }
  return seconds;
}

void SideBySide(benchmark::State& state) {
  const auto seconds = Seconds(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) {
    std::vector<Sha256> hashes(seconds.size());
    std::vector<HashJob> jobs;
    for (std::size_t i = 0; i < seconds.size(); ++i) jobs.push_back({&hashes[i], {seconds[i]}});
    HashSideBySide(jobs);
    if (hashes.front().Finish() != Sha256Of(seconds.front())) state.SkipWithError("wrong hash");
  }
  state.SetBytesProcessed(state.iterations() * state.range(0) *
                          static_cast<std::int64_t>(kSecondBytes));
}
BENCHMARK(SideBySide)->Arg(8)->Arg(16)->Arg(25)->Arg(100);

void OneAfterTheOther(benchmark::State& state) {
  const auto seconds = Seconds(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) {
    for (const auto& second : seconds) benchmark::DoNotOptimize(Sha256Of(second));
  }
  state.SetBytesProcessed(state.iterations() * state.range(0) *
                          static_cast<std::int64_t>(kSecondBytes));
}
BENCHMARK(OneAfterTheOther)->Arg(8)->Arg(16)->Arg(25)->Arg(100);

}  // namespace
}  // namespace yagura::storage
