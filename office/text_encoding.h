#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace yagura::office {

/// Why bytes are no text that a spreadsheet saves as CSV.
enum class EncodingFault : std::uint8_t {
  kUtf16,    // "Unicode text"
  kNeither,  // neither UTF-8 nor CP932 (Shift_JIS with Microsoft's additions)
};
struct EncodingProblem {
  EncodingFault fault;
  int line = 0;  // of the first byte that fits neither, from 1
};

/// The text of a file as UTF-8, without a byte order mark. With a mark, or where all of it is valid
/// UTF-8, it is that; else it is read as CP932. Pure.
[[nodiscard]] std::variant<std::string, EncodingProblem> ToUtf8(std::string_view bytes);

/// What spreadsheets want at the start of a file in UTF-8.
inline constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

}  // namespace yagura::office
