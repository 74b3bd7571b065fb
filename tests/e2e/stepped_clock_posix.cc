// A machine's clock that a test sets: the program `yagura` whose wall clock runs ahead by as much
// as stands in the file that YAGURA_CLOCK_FILE names, eight bytes, microseconds. By the linker's
// --wrap it stands in the place of std::chrono's clock for all who call that (CMakeLists.txt); the
// product has no switch that does this, and the machine's clock is left alone.
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdlib>

namespace {

using Time = std::chrono::system_clock::time_point;
using AheadUs = std::atomic<std::int64_t>;
static_assert(sizeof(AheadUs) == 8 && AheadUs::is_always_lock_free);

/// Before main: workers of the program may open nothing later.
const AheadUs* const ahead_us = [] {
  const char* path = std::getenv("YAGURA_CLOCK_FILE");
  const int file = path == nullptr ? -1 : open(path, O_RDONLY | O_CLOEXEC);
  void* mapped = mmap(nullptr, sizeof(AheadUs), PROT_READ, MAP_SHARED, file, 0);
  if (file >= 0) close(file);
  return mapped == MAP_FAILED ? nullptr : static_cast<const AheadUs*>(mapped);
}();

}  // namespace

Time NowOfTheMachine() asm("__real_" YAGURA_SYSTEM_NOW);
Time NowAsTheTestSets() asm("__wrap_" YAGURA_SYSTEM_NOW);

Time NowAsTheTestSets() {
  const std::int64_t ahead = ahead_us == nullptr ? 0 : ahead_us->load(std::memory_order_relaxed);
  return NowOfTheMachine() + std::chrono::microseconds(ahead);
}
