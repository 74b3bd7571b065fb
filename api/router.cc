#include "api/router.h"

#include <algorithm>
#include <set>

#include "api/error_to_http.h"
#include "core/check.h"
#include "core/ids.h"
#include "core/log.h"

namespace yagura::api {
namespace {

std::vector<std::string> SplitPattern(std::string_view pattern) {
  std::vector<std::string> segments;
  while (!pattern.empty()) {
    CHECK(pattern.front() == '/');
    pattern.remove_prefix(1);
    const auto segment = pattern.substr(0, pattern.find('/'));
    CHECK(!segment.empty());
    segments.emplace_back(segment);
    pattern.remove_prefix(segment.size());
  }
  return segments;
}

bool IsPlaceholder(const std::string& segment) { return segment.front() == '{'; }

bool Fits(const std::vector<std::string>& pattern, const std::vector<std::string>& segments) {
  return std::equal(
      pattern.begin(), pattern.end(), segments.begin(), segments.end(),
      [](const std::string& a, const std::string& b) { return IsPlaceholder(a) || a == b; });
}

Result<void> CheckParameters(const Route& route, const Target& target) {
  for (const auto& [name, value] : target.parameters) {
    if (std::find(route.query().begin(), route.query().end(), name) != route.query().end())
      continue;
    constexpr const char* kWhy = "a query parameter that this operation doesn't have";
    return Failure(Error(ErrorCode::kInvalidArgument, kWhy).WithPublicMessage(kWhy));
  }
  return {};
}

Response MethodAnswer(const std::set<std::string>& allowed, bool asks_options) {
  Response response;
  if (asks_options) {
    response.status = 204;
  } else {
    response = ToResponse(Problem{405, "method_not_allowed", "", Json::Object()});
  }
  std::string allow;
  for (const std::string& method : allowed) allow += method + ", ";
  response.headers.Set("Allow", allow + "OPTIONS");
  return response;
}

void SetCommonHeaders(Response& response, const std::string& request_id) {
  response.headers.Set("X-Request-Id", request_id);
  response.headers.Set("Cache-Control", "no-store");
  response.headers.Set("X-Content-Type-Options", "nosniff");
  response.headers.Set("Referrer-Policy", "no-referrer");
}

/// Faults of ours, not of the caller's, are worth a line.
void LogFailure(const Error& error, const std::string& request_id) {
  const auto status = ToProblem(error).status;
  if (status == 500) log::Error("a request failed", {{"request", request_id}, {"error", error}});
  if (status == 503)
    log::Warning("a request can't be served now", {{"request", request_id}, {"error", error}});
}

}  // namespace

struct Router::Match {
  const Route* route = nullptr;
  const std::vector<std::string>* pattern = nullptr;
  std::set<std::string> allowed;  // methods of all routes of this path
};

Router::Router(std::vector<Route> routes, access_control::Gate& gate, SessionTransport sessions)
    : routes_(std::move(routes)), gate_(gate), sessions_(std::move(sessions)) {
  std::set<std::pair<Method, std::string>> seen;
  for (const Route& route : routes_) {
    CHECK(seen.emplace(route.method(), route.pattern()).second);
    patterns_.push_back(SplitPattern(route.pattern()));
  }
}

Response Router::Handle(const Request& request) const {
  const std::string request_id = ToString(NewId<Id<struct RequestTag>>());
  auto answer = Dispatch(request, request_id);
  if (!answer.has_value()) {
    LogFailure(answer.error(), request_id);
    answer = ToResponse(answer.error());
  }
  SetCommonHeaders(*answer, request_id);
  return *std::move(answer);
}

Router::Match Router::Find(const std::vector<std::string>& segments,
                           std::string_view method) const {
  Match match;
  const std::string_view wanted = method == "HEAD" ? "GET" : method;
  for (std::size_t i = 0; i < routes_.size(); ++i) {
    if (!Fits(patterns_[i], segments)) continue;
    match.allowed.emplace(ToString(routes_[i].method()));
    if (routes_[i].method() == Method::kGet) match.allowed.emplace("HEAD");
    if (ToString(routes_[i].method()) != wanted) continue;
    match.route = &routes_[i];
    match.pattern = &patterns_[i];
  }
  return match;
}

Result<Response> Router::Dispatch(const Request& request, const std::string& request_id) const {
  ASSIGN_OR_RETURN(Target target, ParseTarget(request.target));
  const Match match = Find(target.segments, request.method);
  if (match.allowed.empty()) return Failure(ErrorCode::kNotFound, "no such path");
  if (match.route == nullptr) return MethodAnswer(match.allowed, request.method == "OPTIONS");
  return AnswerMatch(match, std::move(target), request, request_id);
}

Result<Response> Router::AnswerMatch(const Match& match, Target target, const Request& request,
                                     const std::string& request_id) const {
  RETURN_IF_ERROR(CheckParameters(*match.route, target));
  Call call(request);
  call.is_head = request.method == "HEAD";
  for (std::size_t i = 0; i < match.pattern->size(); ++i) {
    const std::string& name = (*match.pattern)[i];
    if (IsPlaceholder(name))
      call.path.emplace(name.substr(1, name.size() - 2), std::move(target.segments[i]));
  }
  for (auto& [name, value] : target.parameters)
    call.query.emplace(std::move(name), std::move(value));
  ASSIGN_OR_RETURN(call.caller.token, sessions_.ReadToken(request));
  call.caller.terminal = request.terminal;
  call.caller.request_id = request_id;
  return match.route->Answer(gate_, call);
}

}  // namespace yagura::api
