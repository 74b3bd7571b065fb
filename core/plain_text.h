#pragma once

#include <string>
#include <string_view>

namespace yagura {

/// Whether a terminal and a page show `text` as it stands: UTF-8 (RFC 3629: no overlong form, no
/// surrogate) without control characters (C0, DEL, C1), without separators of lines and paragraphs,
/// and without what turns the direction of writing (UAX #9, 2). With these, text that somebody
/// else typed hides or forges what is told beside it.
[[nodiscard]] bool IsPlainText(std::string_view text);

/// `text`, with U+FFFD for each character, or byte outside UTF-8, that keeps it from being plain.
[[nodiscard]] std::string ShownPlainly(std::string_view text);

}  // namespace yagura
