#include <sodium.h>

#include <charconv>

#include "access_control/audit_seal.h"
#include "core/check.h"

namespace yagura::access_control {
namespace {

constexpr std::string_view kForm = "yagura-audit-seal-1";
constexpr std::string_view kKeyForm = "ed25519 ";
using Signature = std::array<std::uint8_t, crypto_sign_BYTES>;
static_assert(crypto_sign_PUBLICKEYBYTES == std::tuple_size_v<SealPublicKey>);

template <std::size_t kSize>
std::string ToHex(const std::array<std::uint8_t, kSize>& bytes) {
  std::string text(kSize * 2 + 1, '\0');
  sodium_bin2hex(text.data(), text.size(), bytes.data(), kSize);
  text.pop_back();
  return text;
}

template <std::size_t kSize>
bool ParseHex(std::string_view text, std::array<std::uint8_t, kSize>& bytes) {
  std::size_t size = 0;
  return text.size() == kSize * 2 &&
         sodium_hex2bin(bytes.data(), kSize, text.data(), text.size(), nullptr, &size, nullptr) ==
             0 &&
         size == kSize;
}

/// "yagura_api:17:0f8f…"; no role's name holds a colon, a comma or a space.
std::string ToText(const AuditHead& head) {
  return head.writer + ":" + std::to_string(head.counter) + ":" + ToHex(head.chain);
}

std::optional<AuditHead> ParseHead(std::string_view text) {
  const std::size_t first = text.find(':');
  const std::size_t second = text.find(':', first + 1);
  if (first == std::string_view::npos || second == std::string_view::npos) return std::nullopt;
  AuditHead head{.writer = std::string(text.substr(0, first))};
  const std::string_view digits = text.substr(first + 1, second - first - 1);
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), head.counter);
  const bool fine = error == std::errc() && end == digits.data() + digits.size() &&
                    head.counter > 0 && ParseHex(text.substr(second + 1), head.chain);
  return fine ? std::optional(head) : std::nullopt;
}

std::vector<std::string_view> Split(std::string_view text, char at) {
  std::vector<std::string_view> parts;
  for (std::size_t end = text.find(at); end != std::string_view::npos; end = text.find(at)) {
    parts.push_back(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  parts.push_back(text);
  return parts;
}

std::string SignedText(const AuditSeal& seal) {
  std::string heads;
  for (const AuditHead& head : seal.heads) heads += (heads.empty() ? "" : ",") + ToText(head);
  return std::string(kForm) + " " + FormatRfc3339(seal.at) + " " + ToHex(seal.before) + " " + heads;
}

tl::unexpected<Error> NoSeal(const char* why) {
  return Failure(ErrorCode::kDataLoss, std::string("no seal: ") + why);
}

Result<AuditSeal> ParseSigned(std::string_view text) {
  const auto words = Split(text, ' ');
  if (words.size() != 4 || words[0] != kForm) return NoSeal("another form");
  AuditSeal seal;
  ASSIGN_OR_RETURN(seal.at, ParseRfc3339(words[1]));
  if (!ParseHex(words[2], seal.before)) return NoSeal("the hash of the line before is none");
  for (const std::string_view part : Split(words[3], ',')) {
    auto head = ParseHead(part);
    if (!head) return NoSeal("a head is none");
    seal.heads.push_back(*std::move(head));
  }
  return seal;
}

}  // namespace

std::string ToText(const SealPublicKey& key) { return std::string(kKeyForm) + ToHex(key); }

std::optional<SealPublicKey> ParseSealPublicKey(std::string_view text) {
  SealPublicKey key;
  if (!text.starts_with(kKeyForm) || !ParseHex(text.substr(kKeyForm.size()), key))
    return std::nullopt;
  return key;
}

struct SealSigner::Keys {
  SealPublicKey public_key{};
  std::array<std::uint8_t, crypto_sign_SECRETKEYBYTES> secret_key{};
  Keys() = default;
  ~Keys() { sodium_memzero(secret_key.data(), secret_key.size()); }
  Keys(const Keys&) = delete;
  Keys& operator=(const Keys&) = delete;
};

SealSigner::SealSigner(std::unique_ptr<Keys> keys) : keys_(std::move(keys)) {}
SealSigner::SealSigner(SealSigner&&) noexcept = default;
SealSigner& SealSigner::operator=(SealSigner&&) noexcept = default;
SealSigner::~SealSigner() = default;

const SealPublicKey& SealSigner::public_key() const { return keys_->public_key; }

std::vector<std::uint8_t> SealSigner::NewSeed() {
  CHECK(sodium_init() >= 0);
  std::vector<std::uint8_t> seed(crypto_sign_SEEDBYTES);
  randombytes_buf(seed.data(), seed.size());
  return seed;
}

Result<SealSigner> SealSigner::FromSeed(std::span<const std::uint8_t> seed) {
  if (sodium_init() < 0) return Failure(ErrorCode::kInternal, "libsodium can't start");
  if (seed.size() != crypto_sign_SEEDBYTES)
    return Failure(ErrorCode::kDataLoss, "a key for seals has 32 bytes");
  auto keys = std::make_unique<Keys>();
  crypto_sign_seed_keypair(keys->public_key.data(), keys->secret_key.data(), seed.data());
  return SealSigner(std::move(keys));
}

std::string SealSigner::LineOf(const AuditSeal& seal) const {
  const std::string text = SignedText(seal);
  Signature signature;
  crypto_sign_detached(signature.data(), nullptr,
                       reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                       keys_->secret_key.data());
  return text + " " + ToHex(signature) + "\n";
}

Result<AuditSeal> ReadSealLine(std::string_view line, const SealPublicKey& key) {
  if (!line.ends_with('\n')) return NoSeal("cut short");
  line.remove_suffix(1);
  const std::size_t space = line.rfind(' ');
  Signature signature;
  if (space == std::string_view::npos || !ParseHex(line.substr(space + 1), signature))
    return NoSeal("without a signature");
  const std::string_view text = line.substr(0, space);
  if (crypto_sign_verify_detached(signature.data(),
                                  reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                                  key.data()) != 0)
    return NoSeal("not signed by this key");
  return ParseSigned(text);
}

Sha256 HashOfSealLine(std::string_view line) {
  return Sha256Of(std::span(reinterpret_cast<const std::uint8_t*>(line.data()), line.size()));
}

}  // namespace yagura::access_control
