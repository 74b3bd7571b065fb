#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "api/http.h"

namespace yagura::api {

/// A request as a parser of Boost.Beast gives it (http::request<http::string_body>), as one of
/// ours, without a terminal. Takes the body.
template <class Message>
[[nodiscard]] Request TakeWireRequest(Message& message) {
  const auto view = [](const auto& text) { return std::string_view(text.data(), text.size()); };
  Request request;
  request.method = view(message.method_string());
  request.target = view(message.target());
  for (const auto& field : message) {
    request.headers.Add(view(field.name_string()), view(field.value()));
  }
  request.body = std::move(message.body());
  return request;
}

}  // namespace yagura::api
