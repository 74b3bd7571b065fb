#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "api/http.h"

namespace yagura::api {

/// A request as a parser of Boost.Beast gives it (http::request<http::string_body>), as one of
/// ours. `peer` is the connection's own address: the terminal is what the proxy in front says of
/// the caller's, where it says so. Takes the body.
template <class Message>
[[nodiscard]] Request TakeWireRequest(Message& message, std::string peer) {
  const auto view = [](const auto& text) { return std::string_view(text.data(), text.size()); };
  Request request;
  request.method = view(message.method_string());
  request.target = view(message.target());
  request.terminal = std::move(peer);
  for (const auto& field : message) {
    request.headers.Add(view(field.name_string()), view(field.value()));
  }
  const auto real = message.find("X-Forwarded-For");
  if (real != message.end()) request.terminal = view(real->value());
  request.body = std::move(message.body());
  return request;
}

}  // namespace yagura::api
