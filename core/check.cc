#include "core/check.h"

#include <cstdio>
#include <cstdlib>

namespace yagura {

void CheckFailed(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "yagura: broken invariant %s at %s:%d\n", condition, file, line);
  std::abort();
}

}  // namespace yagura
