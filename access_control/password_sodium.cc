#include "access_control/password_sodium.h"

#include <sodium.h>

#include <array>
#include <charconv>
#include <cstdint>
#include <optional>

#include "core/check.h"

namespace yagura::access_control {
namespace {

constexpr std::size_t kHashBytes = 32;  // as in crypto_pwhash_str
constexpr std::size_t kMemoryKibMax = 256UL * 1024;
constexpr std::size_t kPassesMax = 10;
constexpr int kBase64 = sodium_base64_VARIANT_ORIGINAL_NO_PADDING;
constexpr std::size_t kRoomForText = 64;  // base64 of 32 bytes has 43 characters

struct Cost {
  std::size_t memory_kib = 0;
  std::size_t passes = 0;
};

Cost CostOf(PasswordCost cost) {
  if (cost == PasswordCost::kLeast) return {8, 1};
  return {crypto_pwhash_argon2id_MEMLIMIT_INTERACTIVE / 1024,
          crypto_pwhash_argon2id_OPSLIMIT_INTERACTIVE};
}

Result<void> CheckLength(std::string_view password) {
  if (password.size() >= kPasswordBytesMin && password.size() <= kPasswordBytesMax) return {};
  return Failure(Error(ErrorCode::kInvalidArgument, "a password of a length out of bounds")
                     .WithPublicMessage("a password has 8 to 1024 bytes"));
}

/// Takes `literal` off the front of `text`.
bool Skip(std::string_view& text, std::string_view literal) {
  if (!text.starts_with(literal)) return false;
  text.remove_prefix(literal.size());
  return true;
}

std::optional<std::size_t> TakeNumber(std::string_view& text, std::size_t max) {
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || value == 0 || value > max) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

/// "$argon2id$v=19$m=65536,t=2,p=1$", the only form that libsodium writes.
std::optional<Cost> TakeParameters(std::string_view& text) {
  if (!Skip(text, "$argon2id$v=19$m=")) return std::nullopt;
  const auto memory_kib = TakeNumber(text, kMemoryKibMax);
  if (!memory_kib || !Skip(text, ",t=")) return std::nullopt;
  const auto passes = TakeNumber(text, kPassesMax);
  if (!passes || !Skip(text, ",p=1$")) return std::nullopt;
  return Cost{*memory_kib, *passes};
}

using Salt = std::array<unsigned char, crypto_pwhash_argon2id_SALTBYTES>;

std::optional<Salt> SaltOf(std::string_view text) {
  Salt salt{};
  std::size_t length = 0;
  const int failed = sodium_base642bin(salt.data(), salt.size(), text.data(), text.size(), nullptr,
                                       &length, nullptr, kBase64);
  if (failed != 0 || length != salt.size()) return std::nullopt;
  return salt;
}

std::string Base64Of(const unsigned char* bytes, std::size_t size, int variant) {
  std::array<char, kRoomForText> text{};
  return sodium_bin2base64(text.data(), text.size(), bytes, size, variant);
}

Result<std::string> Answer(std::string_view challenge, const Cost& cost, const Salt& salt,
                           std::string_view password) {
  std::array<unsigned char, kHashBytes> hash{};
  if (crypto_pwhash(hash.data(), hash.size(), password.data(), password.size(), salt.data(),
                    cost.passes, cost.memory_kib * 1024, crypto_pwhash_ALG_ARGON2ID13) != 0) {
    return Failure(ErrorCode::kResourceExhausted, "no memory for a password hash");
  }
  return std::string(challenge) + "$" + Base64Of(hash.data(), hash.size(), kBase64);
}

void Initialise() { CHECK(sodium_init() >= 0); }

}  // namespace

Result<std::string> HashPassword(std::string_view password, PasswordCost cost) {
  Initialise();
  RETURN_IF_ERROR(CheckLength(password));
  const Cost limits = CostOf(cost);
  std::array<char, crypto_pwhash_argon2id_STRBYTES> text{};
  if (crypto_pwhash_argon2id_str(text.data(), password.data(), password.size(), limits.passes,
                                 limits.memory_kib * 1024) != 0) {
    return Failure(ErrorCode::kResourceExhausted, "no memory for a password hash");
  }
  return std::string(text.data());
}

Result<std::string> AnswerChallenge(std::string_view challenge, std::string_view password) {
  Initialise();
  RETURN_IF_ERROR(CheckLength(password));
  std::string_view rest = challenge;
  const auto cost = TakeParameters(rest);
  const auto salt = cost ? SaltOf(rest) : std::nullopt;
  if (!salt)
    return Failure(ErrorCode::kDataLoss, "a stored password hash is not one of libsodium's");
  return Answer(challenge, *cost, *salt, password);
}

std::string NewToken() {
  Initialise();
  std::array<unsigned char, 32> bytes{};
  randombytes_buf(bytes.data(), bytes.size());
  return Base64Of(bytes.data(), bytes.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

TotpSecret NewTotpSecret() {
  Initialise();
  TotpSecret secret{};
  randombytes_buf(secret.data(), secret.size());
  return secret;
}

}  // namespace yagura::access_control
