#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "access_control/password_queue.h"
#include "access_control/principal.h"
#include "core/pg/pool_pg.h"
#include "core/result.h"
#include "core/time.h"

namespace yagura::access_control {

/// A session that was just started. The token is shown once; only its SHA-256 is stored.
struct NewSession {
  std::string token;  // 256 random bits, 43 characters of base64url
  SessionId session;
  PersonId person;
  WallTime expires_at;  // 12 h from now; 30 min without a request end it earlier
};

/// What a person typed.
struct Credentials {
  std::string_view username;
  std::string_view password;
  std::optional<std::string_view> code;  // of the second factor
};

/// Signs people in by password and one-time code. Thread-safe; a call takes as long as one Argon2id
/// and its place in the queue.
///
/// Guessing, kept in PostgreSQL (docs/design/sign-in.md): of each account at most 100 wrong
/// passwords or codes are evaluated in any 24 h, 40 of them at terminals where its person didn't
/// sign in before; so guessing from elsewhere keeps nobody out of where they work. Beside that an
/// account has, per terminal, five attempts and one more every two minutes, and a terminal sixty
/// and one more every ten seconds. The right password gives its attempt back; one that was turned
/// away before anybody looked at the password is none.
class SignIn {
 public:
  /// Both must outlive it. `pool` connects as yagura_api.
  SignIn(pg::Pool& pool, PasswordQueue& passwords) : pool_(pool), passwords_(passwords) {}

  /// kUnauthenticated: no such account, wrong password or code, a code that was used before, or
  /// disabled: always the same message, after the same work. After the right password alone:
  /// kFailedPrecondition where a code must come with it, kPermissionDenied where the account has no
  /// second factor and may not be used without. kResourceExhausted: too many attempts, or the queue
  /// is full. Success and failure are recorded, and that a code was asked for.
  [[nodiscard]] Result<NewSession> Start(const Credentials& given, const std::string& terminal);

 private:
  pg::Pool& pool_;
  PasswordQueue& passwords_;
};

}  // namespace yagura::access_control
