#pragma once

#include <optional>
#include <string>

#include "access_control/organisation.h"
#include "core/pg/pool_pg.h"
#include "core/result.h"
#include "core/time.h"

namespace yagura::access_control {

// Changes of the organisation, entered at the console as yagura_admin. Each is one transaction with
// its audit record. Units and people are named as people write them: by code and username.
// kFailedPrecondition: a name or a range that the schema refuses; kAlreadyExists: taken; kNotFound:
// no such unit, person or assignment; kUnavailable, kDeadlineExceeded: PostgreSQL is away.

/// `actor`: the system user at the console.
class PeopleBook {
 public:
  PeopleBook(pg::Pool& pool, std::string actor) : pool_(pool), actor_(std::move(actor)) {}

  /// No parent: a controller, the root of a tree.
  [[nodiscard]] Result<UnitId> AddUnit(const std::string& code, const std::string& name,
                                       const std::optional<std::string>& parent_code);
  /// `password_hash` from HashPassword (password_sodium.h).
  [[nodiscard]] Result<PersonId> AddPerson(const std::string& username, const std::string& name,
                                           const std::string& password_hash);
  /// From now on the person can't sign in, and open sessions end.
  [[nodiscard]] Result<void> DisablePerson(const std::string& username);
  /// `valid` half-open; WallTime::max() as its end: until ended.
  [[nodiscard]] Result<AssignmentId> AddAssignment(const std::string& username, Post post,
                                                   const std::string& unit_code, WallRange valid);
  /// Closes it at `at`, which must lie inside it (kFailedPrecondition).
  [[nodiscard]] Result<void> EndAssignment(AssignmentId assignment, WallTime at);

 private:
  pg::Pool& pool_;
  std::string actor_;
};

}  // namespace yagura::access_control
