#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "access_control/audit.h"
#include "access_control/organisation.h"
#include "access_control/totp_oath.h"
#include "core/pg/pool_pg.h"
#include "core/result.h"
#include "core/time.h"

namespace pqxx {
class transaction_base;
}  // namespace pqxx

namespace yagura::access_control {

// Changes of the organisation, entered at the console as yagura_admin. Each is one transaction with
// its audit record. Units and people are named as people write them: by code and username.
// kFailedPrecondition: a name or a range that the schema refuses; kAlreadyExists: taken; kNotFound:
// no such unit, person or assignment; kUnavailable, kDeadlineExceeded: PostgreSQL is away.

/// A person's second factor; nothing: none, the password alone opens the account, unless its person
/// holds the post of administrator.
using SecondFactor = std::optional<TotpSecret>;
inline constexpr SecondFactor kPasswordAlone;

/// `actor`: the system user at the console.
class PeopleBook {
 public:
  PeopleBook(pg::Pool& pool, std::string actor) : pool_(pool), actor_(std::move(actor)) {}

  /// No parent: a controller, the root of a tree.
  [[nodiscard]] Result<UnitId> AddUnit(const std::string& code, const std::string& name,
                                       const std::optional<std::string>& parent_code);
  /// `password_hash` from HashPassword (password_sodium.h).
  [[nodiscard]] Result<PersonId> AddPerson(const std::string& username, const std::string& name,
                                           const std::string& password_hash,
                                           const SecondFactor& factor);
  /// Open sessions end with the password, and with the second factor, that they were begun by.
  [[nodiscard]] Result<void> SetPassword(const std::string& username,
                                         const std::string& password_hash);
  [[nodiscard]] Result<void> SetSecondFactor(const std::string& username,
                                             const SecondFactor& factor);
  /// Passwords of several people at once, all or none; who gets no second factor here keeps what
  /// was there.
  struct InitialPassword {
    std::string username;
    std::string password_hash;
    SecondFactor factor;
  };
  [[nodiscard]] Result<void> SetInitialPasswords(const std::vector<InitialPassword>& passwords);
  [[nodiscard]] Result<void> Rename(const std::string& username, const std::string& name);
  /// From now on the person can't sign in, and open sessions end.
  [[nodiscard]] Result<void> DisablePerson(const std::string& username);
  /// Ends what is open of it, at once: one session (kNotFound: it isn't open), or all of a person;
  /// gives their number.
  [[nodiscard]] Result<void> EndSession(SessionId session);
  [[nodiscard]] Result<int> EndSessionsOf(const std::string& username);
  /// `valid` half-open; WallTime::max() as its end: until ended.
  [[nodiscard]] Result<AssignmentId> AddAssignment(const std::string& username, Post post,
                                                   const std::string& unit_code, WallRange valid);
  /// Closes it at `at`, which must lie inside it (kFailedPrecondition).
  [[nodiscard]] Result<void> EndAssignment(AssignmentId assignment, WallTime at);

 private:
  /// Carries out a change of a person that exists, and records it as `event` with `what`.
  using Change = std::function<void(pqxx::transaction_base&, PersonId)>;
  [[nodiscard]] Result<void> ChangePerson(const std::string& username, AuditEvent event,
                                          const char* what, const Change& change);
  [[nodiscard]] Result<int> EndSessions(pqxx::transaction_base& transaction, const char* query,
                                        const std::string& whose) const;

  pg::Pool& pool_;
  std::string actor_;
};

}  // namespace yagura::access_control
