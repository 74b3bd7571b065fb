#pragma once

namespace yagura {

/// Prints the broken invariant and stops the process.
[[noreturn]] void CheckFailed(const char* condition, const char* file, int line);

}  // namespace yagura

/// An invariant of ours, in release too. Never for bad input, disk or network.
#define CHECK(condition) \
  (static_cast<bool>(condition) ? void() : ::yagura::CheckFailed(#condition, __FILE__, __LINE__))
