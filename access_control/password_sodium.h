#pragma once

#include <string>
#include <string_view>

#include "core/result.h"

namespace yagura::access_control {

/// What one password hash costs. kSignIn is what accounts get (64 MiB, two passes: libsodium's
/// "interactive"); kLeast is for tests that make many accounts.
enum class PasswordCost { kSignIn, kLeast };

/// The longest password taken, in bytes.
inline constexpr std::size_t kPasswordBytesMax = 1024;

/// Argon2id with a random salt, as libsodium's crypto_pwhash_str writes it: what a person's row
/// keeps. kInvalidArgument where the password is shorter than 8 bytes or too long.
[[nodiscard]] Result<std::string> HashPassword(std::string_view password,
                                               PasswordCost cost = PasswordCost::kSignIn);

/// The same hash again, for a password and the `challenge` of a stored hash (all of it but its last
/// part: parameters and salt). Equal to the stored hash exactly where the password is right.
/// kDataLoss for a challenge that isn't one or asks for more than 256 MiB.
[[nodiscard]] Result<std::string> AnswerChallenge(std::string_view challenge,
                                                  std::string_view password);

/// 256 random bits as 43 characters of base64url, and the SHA-256 of such a text, as 64 hexadecimal
/// digits.
[[nodiscard]] std::string NewToken();
[[nodiscard]] std::string HashToken(std::string_view token);

}  // namespace yagura::access_control
