#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>

#include "core/ids.h"
#include "core/result.h"
#include "fleet/camera.h"

/// Camera credentials are sealed where they are entered, with the recorder's public key
/// (libsodium's crypto_box_seal: X25519, XSalsa20-Poly1305), and opened by the recorder alone. What
/// is sealed names its camera, so that it can't be moved to another one.
/// docs/design/recorder-knowledge.md.
namespace yagura::fleet {

using SealingPublicKey = std::array<std::uint8_t, 32>;

struct CameraCredentials {
  std::string username;
  std::string password;
  friend bool operator==(const CameraCredentials&, const CameraCredentials&) = default;
};
inline constexpr std::size_t kCredentialSizeMax = 256;

/// kInvalidArgument: a user name with a colon (RFC 7617, 2), an empty one, a control character, or
/// one of the two over 256 bytes.
[[nodiscard]] Result<SealedCredentials> Seal(const SealingPublicKey& key, CameraId camera,
                                             const CameraCredentials& credentials);

/// The recorder's key pair. The secret half never leaves this object and its file; it is wiped when
/// the object ends. Immutable.
class SealingKey {
 public:
  /// Reads the file, or makes a key and the file (mode 0600, synced) where there is none.
  /// kPermissionDenied: others than its owner may read it; kDataLoss: it holds no key;
  /// kUnavailable: it can't be read or written.
  [[nodiscard]] static Result<SealingKey> LoadOrCreate(const std::filesystem::path& file);
  SealingKey(SealingKey&&) noexcept;
  SealingKey& operator=(SealingKey&&) noexcept;
  ~SealingKey();

  [[nodiscard]] const SealingPublicKey& public_key() const;
  /// kInvalidArgument: sealed for another recorder or another camera, or damaged.
  [[nodiscard]] Result<CameraCredentials> Open(CameraId camera,
                                               std::span<const std::uint8_t> sealed) const;

 private:
  struct Pair;
  explicit SealingKey(std::unique_ptr<Pair> pair);
  std::unique_ptr<Pair> pair_;
};

}  // namespace yagura::fleet
