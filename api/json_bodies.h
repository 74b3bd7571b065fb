#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "api/http.h"
#include "core/json.h"
#include "core/time.h"

namespace yagura::api {

/// 200, or `status`, with a JSON body.
[[nodiscard]] Response JsonResponse(const Json& body, int status = 200);

/// {"items": […], "next_cursor": …}, as all lists look.
[[nodiscard]] Json ListOf(Json items, const std::optional<std::string>& next_cursor);

/// Leaves at most `page` of `views`; whether there were more.
template <class View>
[[nodiscard]] bool CutToPage(std::vector<View>& views, std::size_t page) {
  if (views.size() <= page) return false;
  views.resize(page);
  return true;
}

/// A beginning or an end; null where there is none.
[[nodiscard]] Json InstantOrNull(WallTime time);

/// An id that may be missing: its text, or null.
template <class IdType>
[[nodiscard]] Json IdOrNull(const std::optional<IdType>& id) {
  return id ? Json(ToString(*id)) : Json();
}

}  // namespace yagura::api
