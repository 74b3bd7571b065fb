#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "access_control/action.h"
#include "access_control/gate.h"
#include "api/http.h"
#include "core/check.h"
#include "core/result.h"
#include "storage/catalogue.h"
#include "storage/growing_clips_pg.h"

namespace yagura::api {

enum class Method { kGet, kPost, kDelete };
[[nodiscard]] std::string_view ToString(Method method);

/// A request whose route is known and whose parameters are all declared ones.
struct Call {
  explicit Call(const Request& wire) : request(wire) {}

  const Request& request;
  bool is_head = false;  // a GET whose body will not be sent: nothing may be recorded as handed out
  std::map<std::string, std::string, std::less<>> path;   // "{id}" -> path["id"]
  std::map<std::string, std::string, std::less<>> query;  // only what was given
  access_control::Caller caller;
  /// What the path names, as its guard found it in the transaction in which the handler works: so
  /// the handler needn't look for it again.
  struct Named {
    std::optional<storage::RunRow> run;
    std::optional<storage::ClipRow> clip;
    std::optional<storage::GrowingClip> growing_clip;  // in place of `clip`, where it has no row
  };
  mutable Named named;

  [[nodiscard]] std::string_view Path(std::string_view name) const;
  [[nodiscard]] std::optional<std::string_view> Query(std::string_view name) const;
};

/// Finds what a call is about, under the person's row-level security. Every id that is malformed,
/// unknown or not to be known is kNotFound: the gate records and answers them all alike.
using ResourceFrom =
    std::function<Result<access_control::Resource>(const Call&, pqxx::transaction_base&)>;

/// The check that a route declares. There is none by default: what isn't said doesn't compile.
class Guard {
 public:
  Guard(access_control::Action action, ResourceFrom resource)
      : action_(action), resource_(std::move(resource)) {
    CHECK(resource_ != nullptr);
  }
  [[nodiscard]] const ResourceFrom& resource() const { return resource_; }
  /// Another action for calls without a query parameter: a picture without an instant is live.
  [[nodiscard]] Guard Without(std::string_view parameter, access_control::Action action) const {
    Guard guard = *this;
    guard.without_ = {std::string(parameter), action};
    return guard;
  }
  [[nodiscard]] access_control::Action action() const { return action_; }
  [[nodiscard]] access_control::Action ActionOf(const Call& call) const {
    return without_ && !call.Query(without_->parameter) ? without_->action : action_;
  }
  struct WithoutParameter {
    std::string parameter;
    access_control::Action action;
  };
  [[nodiscard]] const std::optional<WithoutParameter>& without() const { return without_; }

 private:
  access_control::Action action_;
  ResourceFrom resource_;
  std::optional<WithoutParameter> without_;
};

/// Says in so many words that a route needs no session. Only actions that the gate holds open to
/// everyone pass.
class OpenToEveryone {
 public:
  explicit OpenToEveryone(access_control::Action action) : action_(action) {}
  [[nodiscard]] access_control::Action action() const { return action_; }

 private:
  access_control::Action action_;
};

/// A call on its way through its route's check: the only way from a guarded route to a Permit, and
/// so to anybody's data.
class Entrance {
 public:
  Entrance(access_control::Gate& gate, const Call& call, const Guard& guard)
      : gate_(gate), call_(call), guard_(guard) {}

  [[nodiscard]] const Call& call() const { return call_; }
  /// Runs `work` in the transaction of a permit for the route's action on the call's resource (see
  /// Gate::Enter: maybe more than once). What it opened or recorded counts when this has returned.
  /// Footage inside the open viewing `within` isn't recorded again.
  template <class R>
  [[nodiscard]] Result<R> Enter(
      const std::function<Result<R>(access_control::Permit&)>& work,
      std::optional<access_control::Viewing> within = std::nullopt) const {
    const auto resource = [this](pqxx::transaction_base& transaction) {
      return guard_.resource()(call_, transaction);
    };
    return gate_.EnterFor<R>(call_.caller, {guard_.ActionOf(call_), resource, std::move(within)},
                             work);
  }

 private:
  access_control::Gate& gate_;
  const Call& call_;
  const Guard& guard_;
};

/// Answers inside the transaction of its permit.
using PermittedHandler = std::function<Result<Response>(const Call&, access_control::Permit&)>;
/// Enters by itself, for routes with something to do before (an open viewing) or after (a body made
/// of files).
using EnteringHandler = std::function<Result<Response>(const Entrance&)>;
using OpenHandler = std::function<Result<Response>(const Call&)>;

/// One line of the route table. `pattern`: "/v1/cameras/{id}"; `query`: the parameters it takes.
class Route {
 public:
  using Parameters = std::vector<std::string_view>;
  Route(Method method, std::string_view pattern, OpenToEveryone open, Parameters query,
        OpenHandler handler)
      : method_(method),
        pattern_(pattern),
        query_(std::move(query)),
        check_(open),
        handler_(std::move(handler)) {}
  Route(Method method, std::string_view pattern, Guard guard, Parameters query,
        PermittedHandler handler)
      : method_(method),
        pattern_(pattern),
        query_(std::move(query)),
        check_(std::move(guard)),
        handler_(std::move(handler)) {}
  Route(Method method, std::string_view pattern, Guard guard, Parameters query,
        EnteringHandler handler)
      : method_(method),
        pattern_(pattern),
        query_(std::move(query)),
        check_(std::move(guard)),
        handler_(std::move(handler)) {}

  [[nodiscard]] Method method() const { return method_; }
  [[nodiscard]] const std::string& pattern() const { return pattern_; }
  [[nodiscard]] const Parameters& query() const { return query_; }
  [[nodiscard]] access_control::Action action() const;
  /// Its check, where it isn't open to everyone.
  [[nodiscard]] const Guard* guard() const { return std::get_if<Guard>(&check_); }
  [[nodiscard]] bool is_open() const { return std::holds_alternative<OpenToEveryone>(check_); }
  /// Checks, then answers.
  [[nodiscard]] Result<Response> Answer(access_control::Gate& gate, const Call& call) const;

 private:
  Method method_;
  std::string pattern_;
  Parameters query_;
  std::variant<OpenToEveryone, Guard> check_;
  std::variant<OpenHandler, PermittedHandler, EnteringHandler> handler_;
};

}  // namespace yagura::api
