#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

namespace yagura::api {

/// The first picture of a file as brightness, by ffmpeg. Expects that it succeeds.
[[nodiscard]] std::vector<std::uint8_t> Brightness(const std::filesystem::path& file);
/// Summed over all pixels. Expects that they are as many.
[[nodiscard]] double Difference(const std::vector<std::uint8_t>& a,
                                const std::vector<std::uint8_t>& b);

/// The decode workers of this process, stopped: each picture is waited for until they are given up.
void StopDecoding();
/// Those that were stopped and not given up go on.
void ResumeDecoding();

}  // namespace yagura::api
