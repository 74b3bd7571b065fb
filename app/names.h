#pragma once

#include <string>
#include <string_view>

#include "app/messages.h"

namespace yagura::app {

// What is stored as a code, in the words of the person at the console. States and posts are in
// English the code itself, as commands take it, and reasons words; a code that this program doesn't
// know stays as it is.

/// "in_service" / "運用中".
[[nodiscard]] std::string NameOfState(std::string_view state, const Messages& say);
/// "department_head" / "部長".
[[nodiscard]] std::string NameOfPost(std::string_view post, const Messages& say);
/// "camera unreachable" / "カメラに接続できません".
[[nodiscard]] std::string NameOfReason(std::string_view reason, const Messages& say);
[[nodiscard]] std::string NameOfPictureFault(std::string_view fault, const Messages& say);

}  // namespace yagura::app
