// Runs a fuzz target over a folder of seeds and over mutations of them, the same ones each time:
// with any compiler, in seconds.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <vector>

#include "tests/fuzz/fuzz_target.h"

namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::uint32_t kSeed = 20'270'615;
constexpr int kMutations = 50'000;
/// Of this process's own CPU time, which a loaded machine doesn't stretch: 100 ms, four times that
/// with sanitizers. What grows with the square of its input takes seconds.
constexpr int kSlowestMs = 400;

std::vector<Bytes> ReadSeeds(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  std::vector<Bytes> seeds;
  for (const auto& path : paths) {
    std::ifstream file(path, std::ios::binary);
    seeds.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  return seeds;
}

void MutateOnce(Bytes& bytes, const std::vector<Bytes>& seeds, std::mt19937& random) {
  const auto place = [&] { return static_cast<std::ptrdiff_t>(random() % (bytes.size() + 1)); };
  if (bytes.empty()) bytes.push_back(static_cast<std::uint8_t>(random()));
  const std::size_t at = random() % bytes.size();
  switch (random() % 7) {
    case 0:
      bytes[at] ^= static_cast<std::uint8_t>(1u << random() % 8);
      break;
    case 1:
      bytes[at] = static_cast<std::uint8_t>(random() % 3 == 0   ? 0
                                            : random() % 2 == 0 ? 255
                                                                : random());
      break;
    case 2:
      bytes.resize(at);
      break;
    case 3:
      bytes.erase(bytes.begin() + static_cast<std::ptrdiff_t>(at),
                  bytes.begin() +
                      static_cast<std::ptrdiff_t>(std::min(bytes.size(), at + 1 + random() % 16)));
      break;
    case 4:
      bytes.insert(bytes.begin() + place(), 1 + random() % 300,
                   static_cast<std::uint8_t>(random()));
      break;
    case 5: {  // a piece of itself, again
      const Bytes piece(bytes.begin() + static_cast<std::ptrdiff_t>(at),
                        bytes.begin() + static_cast<std::ptrdiff_t>(
                                            std::min(bytes.size(), at + 1 + random() % 400)));
      bytes.insert(bytes.begin() + place(), piece.begin(), piece.end());
      break;
    }
    default: {  // the end of another seed
      const Bytes& other = seeds[random() % seeds.size()];
      bytes.resize(at);
      bytes.insert(bytes.end(),
                   other.begin() + static_cast<std::ptrdiff_t>(random() % (other.size() + 1)),
                   other.end());
    }
  }
}

bool RunOne(const Bytes& bytes, const char* what, int number) {
  const std::clock_t begin = std::clock();
  (void)LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
  const auto took_ms = (std::clock() - begin) / (CLOCKS_PER_SEC / 1000);
  if (took_ms < kSlowestMs) return true;
  std::printf("%s %d took %d ms, longer than %d ms\n", what, number, static_cast<int>(took_ms),
              kSlowestMs);
  return false;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: %s CORPUS_FOLDER\n", argv[0]);
    return EXIT_FAILURE;
  }
  const std::vector<Bytes> seeds = ReadSeeds(argv[1]);
  std::printf("%zu seeds, %d mutations from random seed %u\n", seeds.size(), kMutations, kSeed);
  if (seeds.empty()) return EXIT_FAILURE;
  bool good = true;
  for (std::size_t i = 0; i < seeds.size(); ++i)
    good = RunOne(seeds[i], "seed", static_cast<int>(i)) && good;
  std::mt19937 random(kSeed);
  for (int i = 0; i < kMutations; ++i) {
    Bytes bytes = seeds[random() % seeds.size()];
    for (auto times = 1 + random() % 8; times > 0; --times) MutateOnce(bytes, seeds, random);
    if (bytes.size() > 65'536) bytes.resize(65'536);
    good = RunOne(bytes, "mutation", i) && good;
  }
  return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
