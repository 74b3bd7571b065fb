#pragma once

#include <iosfwd>
#include <span>
#include <string>
#include <vector>

#include "app/verb.h"

namespace yagura::app {

// Each group of verbs has a file of its own, <group>_verbs.cc or <verb>_verb.cc.
[[nodiscard]] Verb MigrateVerb(const Messages& say);

/// Everything that `yagura` can be told to do, in the order in which help lists it.
[[nodiscard]] std::vector<Verb> AllVerbs(const Messages& say);

struct Console {
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
};

/// Does what the arguments after the program's name say. The exit code: 0 done, 1 failed (said on
/// `err`), 2 not understood.
[[nodiscard]] int RunYagura(std::span<const std::string> arguments, Console console,
                            const Clock& clock);

}  // namespace yagura::app
