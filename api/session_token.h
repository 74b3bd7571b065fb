#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "api/http.h"
#include "core/result.h"

namespace yagura::api {

/// How sessions travel: as a bearer token (RFC 6750, 2.1) or as the console's cookie. Pure.
class SessionTransport {
 public:
  /// `public_url`: by what browsers reach us, such as "https://localhost:8443"; the only source of
  /// origin and cookie name.
  explicit SessionTransport(std::string public_url);

  /// The token that a request brings; empty: none. A bearer token goes before a cookie.
  /// kPermissionDenied: a cookie on a request that a page of another origin makes, or that may
  /// change something and comes from none: a browser sends cookies for whoever asks it to.
  [[nodiscard]] Result<std::string> ReadToken(const Request& request) const;
  /// kPermissionDenied where a browser says that another site's page makes this request.
  [[nodiscard]] Result<void> RefuseForeignOrigin(const Request& request) const;

  /// "__Host-yagura=…; Path=/; Secure; HttpOnly; SameSite=Strict". Without https there is no
  /// "__Host-" and no "Secure": a browser would not keep it.
  [[nodiscard]] std::string SetCookie(std::string_view token, std::int64_t max_age_s) const;
  [[nodiscard]] std::string ClearCookie() const;

 private:
  std::string public_url_;
  bool is_https_;
  std::string cookie_name_;
};

}  // namespace yagura::api
