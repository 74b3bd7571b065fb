#pragma once

#include <cstddef>
#include <cstdint>

/// libFuzzer's entry point; each target defines it, the regression driver calls it too.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
