#include "api/route.h"

namespace yagura::api {

std::string_view ToString(Method method) {
  switch (method) {
    case Method::kGet:
      return "GET";
    case Method::kPost:
      return "POST";
    case Method::kDelete:
      return "DELETE";
  }
  return "";
}

std::string_view Call::Path(std::string_view name) const {
  const auto found = path.find(name);
  return found == path.end() ? std::string_view() : found->second;
}

std::optional<std::string_view> Call::Query(std::string_view name) const {
  const auto found = query.find(name);
  if (found == query.end()) return std::nullopt;
  return found->second;
}

access_control::Action Route::action() const {
  return std::visit([](const auto& check) { return check.action(); }, check_);
}

Result<Response> Route::Answer(access_control::Gate& gate, const Call& call) const {
  if (const auto* open = std::get_if<OpenToEveryone>(&check_)) {
    RETURN_IF_ERROR(gate.EnterPublic(open->action()));
    return std::get<OpenHandler>(handler_)(call);
  }
  const Entrance entrance(gate, call, std::get<Guard>(check_));
  if (const auto* entering = std::get_if<EnteringHandler>(&handler_)) return (*entering)(entrance);
  const auto& permitted = std::get<PermittedHandler>(handler_);
  // A response can't be copied and the work may run twice: the last run's answer counts.
  std::optional<Response> response;
  const auto entered = entrance.Enter<bool>([&](access_control::Permit& permit) -> Result<bool> {
    ASSIGN_OR_RETURN(response, permitted(call, permit));
    return true;
  });
  if (!entered.has_value()) return Failure(entered.error());
  return *std::move(response);
}

}  // namespace yagura::api
