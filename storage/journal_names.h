#pragma once

#include <array>
#include <string_view>

/// The names that the journal's records have for values, by their numbers.
namespace yagura::storage {

inline constexpr std::string_view kH265 = "h265";
inline constexpr std::string_view kJpeg = "jpeg";
inline constexpr std::array<std::string_view, 2> kStreams = {"main", "sub"};
inline constexpr std::array<std::string_view, 4> kClockStates = {"unknown", "synchronised",
                                                                 "unsynchronised", "repeated"};
inline constexpr std::array<std::string_view, 4> kClipEnds = {"rolled", "run_end", "recovered",
                                                              "condemned"};

}  // namespace yagura::storage
