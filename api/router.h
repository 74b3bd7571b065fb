#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "access_control/gate.h"
#include "api/http.h"
#include "api/route.h"
#include "api/session_token.h"
#include "api/target.h"

namespace yagura::api {

/// From requests to responses, the same for both listeners: one spelling of a path, declared
/// parameters only, the route's check, its handler, errors as problems. Blocks on PostgreSQL: call
/// it on an Executor. Thread-safe.
class Router {
 public:
  /// `gate` must outlive it. Two routes of one method and pattern are a broken invariant.
  Router(std::vector<Route> routes, access_control::Gate& gate, SessionTransport sessions);

  /// Never fails. A HEAD gets the headers and body of its GET: the server leaves the body out.
  /// X-Request-Id is set on every response, and appears in no body.
  [[nodiscard]] Response Handle(const Request& request) const;

  [[nodiscard]] const std::vector<Route>& routes() const { return routes_; }

 private:
  struct Match;
  [[nodiscard]] Match Find(const std::vector<std::string>& segments, std::string_view method) const;
  [[nodiscard]] Result<Response> Dispatch(const Request& request,
                                          const std::string& request_id) const;
  [[nodiscard]] Result<Response> AnswerMatch(const Match& match, Target target,
                                             const Request& request,
                                             const std::string& request_id) const;

  std::vector<Route> routes_;
  std::vector<std::vector<std::string>> patterns_;  // segments of routes_[i]
  access_control::Gate& gate_;
  SessionTransport sessions_;
};

}  // namespace yagura::api
