#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/ids.h"
#include "core/time.h"

namespace pqxx {
class transaction_base;
}  // namespace pqxx

/// Which certificates cameras over TLS showed: docs/decisions/0011. Errors of PostgreSQL end in
/// pg::Pool.
namespace yagura::fleet {

/// What the recorder saw of one camera. Fingerprints are a SHA-256's 64 digits of 0-9 and a-f.
struct SeenCertificate {
  CameraId camera;
  std::string sha256;                      // taken for the camera's own
  std::optional<WallTime> forgotten_at{};  // RecordedCamera's, when it was taken
  std::string refused_sha256{};            // another one that it shows now; empty: none
  friend bool operator==(const SeenCertificate&, const SeenCertificate&) = default;
};
/// As yagura_record. One that is stored stands until it is forgotten; a camera that isn't stored is
/// passed over. Doing it again changes nothing.
void StoreCertificates(pqxx::transaction_base& transaction,
                       std::span<const SeenCertificate> certificates);

/// One camera's, as operations see it.
struct StoredCertificate {
  std::string code;
  std::string sha256;
  WallTime since{};
  std::optional<std::string> refused_sha256;
  std::optional<WallTime> refused_since;
};
/// Those that count, by the cameras' codes; as yagura_admin.
[[nodiscard]] std::vector<StoredCertificate> ListCertificates(pqxx::transaction_base& transaction);

}  // namespace yagura::fleet
