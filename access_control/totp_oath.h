#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/time.h"

/// Time-based one-time codes (RFC 6238: HMAC-SHA-1, six digits, 30 s), for giving secrets out and
/// for showing a code. What a person types is checked by the database, which alone keeps the
/// secrets (storage/schema/0010_second_factor.sql). Pure; any thread.
namespace yagura::access_control {

/// 160 bits, as RFC 4226 section 4 advises; from NewTotpSecret (password_sodium.h).
using TotpSecret = std::array<std::uint8_t, 20>;

/// The six digits shown for `secret` at `at` (not before 1970).
[[nodiscard]] std::string TotpCode(std::span<const std::uint8_t> secret, WallTime at);

/// As people and authenticators write it: 32 letters and digits (RFC 4648 section 6).
[[nodiscard]] std::string Base32Of(const TotpSecret& secret);
/// Reads that; spaces and small letters are all right. Nothing: it is no such secret.
[[nodiscard]] std::optional<TotpSecret> TotpSecretOf(std::string_view base32);

/// What an authenticator scans or opens: "otpauth://totp/Yagura:suzuki.h?secret=...&issuer=Yagura".
/// `username` as the schema allows one, so that nothing needs escaping.
[[nodiscard]] std::string OtpauthUri(std::string_view username, const TotpSecret& secret);

}  // namespace yagura::access_control
