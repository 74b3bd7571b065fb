#pragma once

#include <string>
#include <vector>

#include "access_control/organisation.h"
#include "core/ids.h"
#include "core/time.h"

namespace yagura::access_control {

/// What a request brings along.
struct Caller {
  std::string token;     // of the session, from the Authorization header or the cookie; empty: none
  std::string terminal;  // the address that the fronting proxy saw
  std::string request_id;  // as in the answer's header and the log
};

/// Who a session belongs to, established by its token.
struct Principal {
  PersonId person;
  SessionId session;
  WallTime expires_at;                // the session's absolute end
  std::vector<AssignmentFact> posts;  // valid now
};

}  // namespace yagura::access_control
