#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "access_control/sha256_sodium.h"
#include "core/result.h"
#include "core/time.h"

/// Where the chains of the audit log stood, signed and kept outside the database: what shows that a
/// whole chain was written anew, or that its end was cut off. One seal is one line of text; each
/// names the hash of the line before. docs/design/audit.md.
namespace yagura::access_control {

/// A writer's chain after its record `counter`.
struct AuditHead {
  std::string writer;
  std::int64_t counter = 0;
  Sha256 chain{};
  friend bool operator==(const AuditHead&, const AuditHead&) = default;
};

struct AuditSeal {
  WallTime at;
  Sha256 before{};  // of the line before, with its line feed; of the first: zeros
  std::vector<AuditHead> heads;
};

/// Ed25519 (RFC 8032).
using SealPublicKey = std::array<std::uint8_t, 32>;
/// "ed25519 …" in hexadecimal digits, as it stands in a file.
[[nodiscard]] std::string ToText(const SealPublicKey& key);
[[nodiscard]] std::optional<SealPublicKey> ParseSealPublicKey(std::string_view text);

/// Signs seals. Its secret half is wiped when it ends. Immutable.
class SealSigner {
 public:
  /// 32 bytes that nobody can guess.
  [[nodiscard]] static std::vector<std::uint8_t> NewSeed();
  /// kDataLoss: not 32 bytes.
  [[nodiscard]] static Result<SealSigner> FromSeed(std::span<const std::uint8_t> seed);
  SealSigner(SealSigner&&) noexcept;
  SealSigner& operator=(SealSigner&&) noexcept;
  ~SealSigner();

  [[nodiscard]] const SealPublicKey& public_key() const;
  /// With its line feed.
  [[nodiscard]] std::string LineOf(const AuditSeal& seal) const;

 private:
  struct Keys;
  explicit SealSigner(std::unique_ptr<Keys> keys);
  std::unique_ptr<Keys> keys_;
};

/// Reads a line with its line feed. kDataLoss: no seal, or not as the holder of `key` signed it.
[[nodiscard]] Result<AuditSeal> ReadSealLine(std::string_view line, const SealPublicKey& key);
/// What the next seal names.
[[nodiscard]] Sha256 HashOfSealLine(std::string_view line);

}  // namespace yagura::access_control
