#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "access_control/totp_oath.h"
#include "core/result.h"

namespace yagura::access_control {

/// What one password hash costs. kSignIn is what accounts get (64 MiB, two passes: libsodium's
/// "interactive"); kLeast is for tests that make many accounts.
enum class PasswordCost { kSignIn, kLeast };

// Bounds of a password, in bytes.
inline constexpr std::size_t kPasswordBytesMin = 8;
inline constexpr std::size_t kPasswordBytesMax = 1024;

/// Argon2id with a random salt, as libsodium's crypto_pwhash_str writes it: what a person's row
/// keeps. kInvalidArgument where the password is too short or too long.
[[nodiscard]] Result<std::string> HashPassword(std::string_view password,
                                               PasswordCost cost = PasswordCost::kSignIn);

/// The same hash again, for a password and the `challenge` of a stored hash: all of it but its last
/// part, so parameters and salt
/// ("$argon2id$v=19$m=65536,t=2,p=1$c2FsdA"). Equal to the stored hash exactly where the password
/// is right. kInvalidArgument: a password out of bounds; kDataLoss: a challenge that isn't one, or
/// asks for more than 256 MiB or 10 passes.
[[nodiscard]] Result<std::string> AnswerChallenge(std::string_view challenge,
                                                  std::string_view password);

/// 256 random bits, as 43 characters of base64url (RFC 4648 section 5).
[[nodiscard]] std::string NewToken();
/// 160 random bits.
[[nodiscard]] TotpSecret NewTotpSecret();

}  // namespace yagura::access_control
