#pragma once

#include <cstddef>
#include <string>

namespace yagura::testing {

/// How many frames GStreamer's qtdemux finds in a file; 0 where it gives up with an error.
[[nodiscard]] std::size_t CountSamplesOfQtdemux(const std::string& path);

}  // namespace yagura::testing
