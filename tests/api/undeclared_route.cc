// Compiled by a test, once as it is and once with YAGURA_UNDECLARED: a route that doesn't say what
// it does to what must not compile.
#include "api/route.h"

namespace yagura::api {

inline Result<Response> Nothing(const Call&, access_control::Permit&) { return Response{}; }

#ifndef YAGURA_UNDECLARED
#define YAGURA_UNDECLARED 0
#endif

Route MakeRoute();
Route MakeRoute() {
#if YAGURA_UNDECLARED == 0
  const ResourceFrom resource = [](const Call&,
                                   pqxx::transaction_base&) -> Result<access_control::Resource> {
    return access_control::Resource();
  };
  return {Method::kGet,
          "/v1/secrets",
          Guard(access_control::Action::kCameraList, resource),
          {},
          PermittedHandler(Nothing)};
#elif YAGURA_UNDECLARED == 1  // no check at all
  return {Method::kGet, "/v1/secrets", {}, PermittedHandler(Nothing)};
#elif YAGURA_UNDECLARED == 2  // a check by default
  return {Method::kGet, "/v1/secrets", {}, {}, PermittedHandler(Nothing)};
#elif YAGURA_UNDECLARED == 3  // an action without a resource
  return {Method::kGet,
          "/v1/secrets",
          Guard(access_control::Action::kCameraList),
          {},
          PermittedHandler(Nothing)};
#elif YAGURA_UNDECLARED == 4  // a handler that wants a permit, without a check that gives one
  return {Method::kGet,
          "/v1/secrets",
          OpenToEveryone(access_control::Action::kServiceRead),
          {},
          PermittedHandler(Nothing)};
#elif YAGURA_UNDECLARED == 5  // a check, and a handler that doesn't need to pass it
  const ResourceFrom resource = [](const Call&,
                                   pqxx::transaction_base&) -> Result<access_control::Resource> {
    return access_control::Resource();
  };
  const OpenHandler open = [](const Call&) -> Result<Response> { return Response{}; };
  return {
      Method::kGet, "/v1/secrets", Guard(access_control::Action::kCameraList, resource), {}, open};
#endif
}

}  // namespace yagura::api
