#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// The few text operations that RTSP, SDP and their headers share. Pure.
namespace yagura::ingest {

/// Without spaces, tabs and line ends on both sides.
[[nodiscard]] std::string_view Trimmed(std::string_view text);

/// ASCII, whatever the case.
[[nodiscard]] bool EqualsIgnoringCase(std::string_view a, std::string_view b);
[[nodiscard]] bool StartsWithIgnoringCase(std::string_view text, std::string_view prefix);

/// Digits only, the whole text, at most `max`; anything else is nothing.
[[nodiscard]] std::optional<std::uint64_t> ParseNumber(std::string_view text, std::uint64_t max);

/// Cuts the front of `rest` off up to `separator`, which is dropped; all of it when there is none.
[[nodiscard]] std::string_view CutAt(std::string_view& rest, char separator);

/// RFC 4648 section 4. Missing padding is accepted (many cameras leave it out of
/// sprop-parameter-sets).
[[nodiscard]] std::optional<std::vector<std::uint8_t>> DecodeBase64(std::string_view text);
[[nodiscard]] std::string EncodeBase64(std::string_view bytes);

/// For log lines and errors: at most `max` bytes, anything but printable ASCII as '.', in double
/// quotes.
[[nodiscard]] std::string Quoted(std::string_view text, std::size_t max = 80);

}  // namespace yagura::ingest
