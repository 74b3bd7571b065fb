#include "access_control/totp_oath.h"

#include <liboath/oath.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <memory>

#include "core/check.h"

namespace yagura::access_control {
namespace {

constexpr unsigned kDigits = 6;

struct Free {
  void operator()(char* bytes) const { std::free(bytes); }  // NOLINT: liboath's malloc
};
using OathText = std::unique_ptr<char, Free>;

/// Once, whoever is first.
void Initialise() {
  static const int result = oath_init();
  CHECK(result == OATH_OK);
}

}  // namespace

std::string TotpCode(std::span<const std::uint8_t> secret, WallTime at) {
  Initialise();
  const auto second = std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
  std::array<char, kDigits + 1> code{};
  const int failed = oath_totp_generate(reinterpret_cast<const char*>(secret.data()), secret.size(),
                                        second, OATH_TOTP_DEFAULT_TIME_STEP_SIZE,
                                        OATH_TOTP_DEFAULT_START_TIME, kDigits, code.data());
  CHECK(failed == OATH_OK);
  return code.data();
}

std::string Base32Of(const TotpSecret& secret) {
  Initialise();
  char* text = nullptr;
  std::size_t size = 0;
  const int failed =
      oath_base32_encode(reinterpret_cast<const char*>(secret.data()), secret.size(), &text, &size);
  const OathText owned(text);
  CHECK(failed == OATH_OK);
  return {owned.get(), size};
}

std::optional<TotpSecret> TotpSecretOf(std::string_view base32) {
  Initialise();
  char* bytes = nullptr;
  std::size_t size = 0;
  const int failed = oath_base32_decode(base32.data(), base32.size(), &bytes, &size);
  const OathText owned(bytes);
  TotpSecret secret{};
  if (failed != OATH_OK || size != secret.size()) return std::nullopt;
  std::copy_n(owned.get(), size, secret.begin());
  return secret;
}

std::string OtpauthUri(std::string_view username, const TotpSecret& secret) {
  return "otpauth://totp/Yagura:" + std::string(username) + "?secret=" + Base32Of(secret) +
         "&issuer=Yagura";
}

}  // namespace yagura::access_control
