#include "core/descriptor_limit_posix.h"

#include <sys/resource.h>

#include "core/log.h"

namespace yagura {

void RaiseDescriptorLimit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) log::Warning("descriptor limit stays as it is");
}

}  // namespace yagura
