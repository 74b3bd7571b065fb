#pragma once

#include <string>

#include "app/configuration.h"
#include "app/verb.h"

namespace yagura::app {

/// What nginx in front proves itself by ([web] proxy_key names the file, which deploy/nginx/render
/// makes). Empty where none is configured, with a warning in the log. kFailedPrecondition: the file
/// is missing, others may read it, or it holds no key.
[[nodiscard]] Result<std::string> ReadProxyKey(const VerbContext& context,
                                               const Configuration& configuration);

}  // namespace yagura::app
