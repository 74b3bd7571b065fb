#include <sodium.h>

#include <algorithm>

#include "core/json.h"
#include "fleet/private_file_posix.h"
#include "fleet/sealing.h"

namespace yagura::fleet {
namespace {

static_assert(crypto_box_PUBLICKEYBYTES == std::tuple_size_v<SealingPublicKey>);

/// The plain text is padded to a multiple of this: its size tells little of the password's.
constexpr std::size_t kPaddingBytes = 256;

bool IsPlainText(const std::string& text) {
  return text.size() <= kCredentialSizeMax && std::ranges::all_of(text, [](char c) {
           return static_cast<unsigned char>(c) >= 0x20 && c != '\x7f';
         });
}

Result<void> Check(const CameraCredentials& credentials) {
  const bool fine = !credentials.username.empty() && IsPlainText(credentials.username) &&
                    IsPlainText(credentials.password) &&
                    credentials.username.find(':') == std::string::npos;
  if (fine) return {};
  return Failure(ErrorCode::kInvalidArgument,
                 "credentials are a user name without a colon and a password, of at most 256 bytes "
                 "each, without control characters");
}

std::string Padded(std::string text) {
  std::size_t size = text.size();
  std::string buffer = text + std::string(kPaddingBytes, '\0');
  const int failure = sodium_pad(&size, reinterpret_cast<unsigned char*>(buffer.data()),
                                 text.size(), kPaddingBytes, buffer.size());
  sodium_memzero(text.data(), text.size());
  if (failure != 0) return "";
  buffer.resize(size);
  return buffer;
}

/// The credentials in an opened text, if they are the camera's.
Result<CameraCredentials> ParseOpened(std::string_view text, CameraId camera) {
  const auto json = Json::Parse(text);
  if (json.has_value() && json->Get("camera").AsString() == ToString(camera)) {
    const auto username = json->Get("username").AsString();
    const auto password = json->Get("password").AsString();
    if (username && password) return CameraCredentials{*username, *password};
  }
  return Failure(ErrorCode::kInvalidArgument, "the credentials were sealed for another camera");
}

}  // namespace

struct SealingKey::Pair {
  SealingPublicKey public_key{};
  std::array<std::uint8_t, crypto_box_SECRETKEYBYTES> secret_key{};
  Pair() = default;
  ~Pair() { sodium_memzero(secret_key.data(), secret_key.size()); }
  Pair(const Pair&) = delete;
  Pair& operator=(const Pair&) = delete;
};

SealingKey::SealingKey(std::unique_ptr<Pair> pair) : pair_(std::move(pair)) {}
SealingKey::SealingKey(SealingKey&&) noexcept = default;
SealingKey& SealingKey::operator=(SealingKey&&) noexcept = default;
SealingKey::~SealingKey() = default;

const SealingPublicKey& SealingKey::public_key() const { return pair_->public_key; }

Result<SealingKey> SealingKey::LoadOrCreate(const std::filesystem::path& file) {
  if (sodium_init() < 0) return Failure(ErrorCode::kInternal, "libsodium can't start");
  auto pair = std::make_unique<Pair>();
  auto stored = ReadPrivateFile(file);
  if (!stored.has_value() && stored.error().code() == ErrorCode::kNotFound) {
    crypto_box_keypair(pair->public_key.data(), pair->secret_key.data());
    RETURN_IF_ERROR(CreatePrivateFile(file, pair->secret_key));
    return SealingKey(std::move(pair));
  }
  if (!stored.has_value()) return Failure(stored.error());
  if (stored->size() != pair->secret_key.size()) {
    return Failure(ErrorCode::kDataLoss, "\"" + file.string() + "\" holds no sealing key");
  }
  std::ranges::copy(*stored, pair->secret_key.begin());
  sodium_memzero(stored->data(), stored->size());
  crypto_scalarmult_base(pair->public_key.data(), pair->secret_key.data());
  return SealingKey(std::move(pair));
}

Result<SealedCredentials> Seal(const SealingPublicKey& key, CameraId camera,
                               const CameraCredentials& credentials) {
  if (sodium_init() < 0) return Failure(ErrorCode::kInternal, "libsodium can't start");
  RETURN_IF_ERROR(Check(credentials));
  std::string text = Padded(Json::Object({{"camera", ToString(camera)},
                                          {"username", credentials.username},
                                          {"password", credentials.password}})
                                .Dump());
  SealedCredentials sealed(text.size() + crypto_box_SEALBYTES);
  const int failure = crypto_box_seal(
      sealed.data(), reinterpret_cast<const unsigned char*>(text.data()), text.size(), key.data());
  sodium_memzero(text.data(), text.size());
  if (failure != 0)
    return Failure(ErrorCode::kInvalidArgument, "the recorder's public key is no key");
  return sealed;
}

Result<CameraCredentials> SealingKey::Open(CameraId camera,
                                           std::span<const std::uint8_t> sealed) const {
  if (sealed.size() <= crypto_box_SEALBYTES)
    return Failure(ErrorCode::kInvalidArgument, "too short to be sealed credentials");
  std::string text(sealed.size() - crypto_box_SEALBYTES, '\0');
  auto* bytes = reinterpret_cast<unsigned char*>(text.data());
  if (crypto_box_seal_open(bytes, sealed.data(), sealed.size(), pair_->public_key.data(),
                           pair_->secret_key.data()) != 0) {
    return Failure(ErrorCode::kInvalidArgument,
                   "the credentials were sealed for another recorder, or are damaged");
  }
  std::size_t size = 0;
  if (sodium_unpad(&size, bytes, text.size(), kPaddingBytes) != 0) {
    return Failure(ErrorCode::kInvalidArgument, "sealed credentials of another form");
  }
  auto opened = ParseOpened(std::string_view(text).substr(0, size), camera);
  sodium_memzero(text.data(), text.size());
  return opened;
}

}  // namespace yagura::fleet
