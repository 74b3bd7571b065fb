#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

#include "access_control/audit_seal.h"
#include "app/state_files.h"
#include "core/result.h"
#include "storage/files.h"

namespace yagura::app {

/// What a file of seals says, and up to where it can be believed.
struct SealHistory {
  std::vector<access_control::AuditHead> heads;  // of all seals
  std::uint64_t seals = 0;
  std::optional<WallTime> last_at;
  access_control::Sha256 last_hash{};     // of the last line
  std::uint64_t size_bytes = 0;           // of the lines read
  std::optional<std::uint64_t> bad_line;  // the first that isn't as it was signed; none after it is
};
/// Reads it line by line; a last line without its end was never finished and is none. kNotFound: no
/// such file.
[[nodiscard]] Result<SealHistory> ReadSeals(const std::filesystem::path& path,
                                            const access_control::SealPublicKey& key);
/// The public half of the key, as SealBook keeps it beside the seals. kNotFound, kDataLoss.
[[nodiscard]] Result<access_control::SealPublicKey> ReadSealKey(const std::filesystem::path& path);

/// The seals of this installation's audit log, in the state folder: added to, never rewritten. One
/// thread of one process.
class SealBook {
 public:
  /// Makes the key where there is none. kDataLoss: the seals that are there are not this key's;
  /// others as Files and fleet::ReadPrivateFile. `files` must outlive it.
  [[nodiscard]] static Result<SealBook> Open(storage::Files& files, const StateFiles& state);

  /// Signs where those heads stand that have moved since the last seal of this object; on the disk
  /// when this returns. Nothing is written where none has.
  [[nodiscard]] Result<void> Add(WallTime at, const std::vector<access_control::AuditHead>& heads);
  /// The newest sealed head of each writer.
  [[nodiscard]] const std::vector<access_control::AuditHead>& newest() const { return newest_; }

 private:
  SealBook(storage::Files& files, std::string path, access_control::SealSigner signer)
      : files_(files), path_(std::move(path)), signer_(std::move(signer)) {}
  [[nodiscard]] Result<void> Append(const std::string& line);
  void Remember(const access_control::AuditHead& head);

  storage::Files& files_;
  std::string path_;
  access_control::SealSigner signer_;
  std::uint64_t size_bytes_ = 0;
  access_control::Sha256 last_hash_{};
  std::vector<access_control::AuditHead> newest_;
};

}  // namespace yagura::app
