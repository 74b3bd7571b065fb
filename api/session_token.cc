#include "api/session_token.h"

#include <algorithm>

namespace yagura::api {
namespace {

constexpr std::string_view kHttps = "https://";
constexpr std::string_view kBearer = "Bearer ";

/// The value of one cookie (RFC 6265, 4.2.1); nothing where it is missing or there twice.
std::optional<std::string> CookieValue(const Headers& headers, std::string_view name) {
  std::optional<std::string> found;
  for (std::string_view rest : headers.All("Cookie")) {
    while (!rest.empty()) {
      std::string_view pair = rest.substr(0, rest.find(';'));
      rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
      pair.remove_prefix(std::min(pair.size(), pair.find_first_not_of(' ')));
      const std::size_t equals = pair.find('=');
      if (equals == std::string_view::npos || pair.substr(0, equals) != name) continue;
      if (found) return std::nullopt;
      found = pair.substr(equals + 1);
    }
  }
  return found;
}

bool MayChangeSomething(std::string_view method) {
  return method != "GET" && method != "HEAD" && method != "OPTIONS";
}

/// A browser says that a page of another origin makes the request, by a picture or a frame of it,
/// say (Fetch Metadata Request Headers, 2.3). It couldn't read the answer, but what it asks for
/// would be on record as looked at by the person whose browser it is. "none": the address was
/// typed.
bool IsAskedByAnotherPage(const Request& request) {
  const auto sites = request.headers.All("Sec-Fetch-Site");
  return std::any_of(sites.begin(), sites.end(),
                     [](std::string_view site) { return site != "same-origin" && site != "none"; });
}

tl::unexpected<Error> ForeignOrigin() {
  constexpr const char* kWhy = "a request with a cookie must come from this service's own pages";
  return Failure(Error(ErrorCode::kPermissionDenied, kWhy).WithPublicMessage(kWhy));
}

}  // namespace

SessionTransport::SessionTransport(std::string public_url)
    : public_url_(std::move(public_url)),
      is_https_(public_url_.substr(0, kHttps.size()) == kHttps),
      cookie_name_(is_https_ ? "__Host-yagura" : "yagura") {
  while (!public_url_.empty() && public_url_.back() == '/') public_url_.pop_back();
}

Result<std::string> SessionTransport::ReadToken(const Request& request) const {
  const auto authorization = request.headers.Find("Authorization");
  if (authorization && authorization->substr(0, kBearer.size()) == kBearer) {
    return std::string(authorization->substr(kBearer.size()));
  }
  const auto cookie = CookieValue(request.headers, cookie_name_);
  if (!cookie) return std::string();
  if (IsAskedByAnotherPage(request)) return ForeignOrigin();
  if (MayChangeSomething(request.method) && request.headers.Find("Origin") != public_url_)
    return ForeignOrigin();
  return *cookie;
}

Result<void> SessionTransport::RefuseForeignOrigin(const Request& request) const {
  if (request.headers.All("Origin").empty() || request.headers.Find("Origin") == public_url_)
    return {};
  return ForeignOrigin();
}

std::string SessionTransport::SetCookie(std::string_view token, std::int64_t max_age_s) const {
  return cookie_name_ + "=" + std::string(token) +
         "; Path=/; Max-Age=" + std::to_string(max_age_s) + (is_https_ ? "; Secure" : "") +
         "; HttpOnly; SameSite=Strict";
}

std::string SessionTransport::ClearCookie() const { return SetCookie("", 0); }

}  // namespace yagura::api
