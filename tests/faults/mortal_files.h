#pragma once

#include <memory>
#include <string>
#include <vector>

#include "storage/files.h"
#include "tests/faults/death_posix.h"

namespace yagura::testing {

/// A file system on which every call that changes something may be the process's last, and that
/// tells the log when the journal was synced. Files' times are in the trial's time.
class MortalFiles final : public storage::Files {
 public:
  MortalFiles(storage::Files& files, Death& death, const TrialLog& log)
      : files_(files), death_(death), log_(log) {}

  [[nodiscard]] Result<std::unique_ptr<storage::File>> Create(const std::string& path) override;
  [[nodiscard]] Result<std::unique_ptr<storage::File>> OpenToRead(const std::string& path) override;
  [[nodiscard]] Result<std::unique_ptr<storage::File>> OpenToWrite(
      const std::string& path) override;
  [[nodiscard]] Result<void> MakeFolder(const std::string& path) override;
  [[nodiscard]] Result<void> SyncFolder(const std::string& path) override;
  [[nodiscard]] Result<void> Rename(const std::string& from, const std::string& to) override;
  [[nodiscard]] Result<void> Unlink(const std::string& path) override;
  [[nodiscard]] Result<std::vector<storage::FolderEntry>> List(const std::string& folder) override;
  [[nodiscard]] Result<WallTime> ModifiedAt(const std::string& path) override;
  [[nodiscard]] Result<storage::Space> SpaceOf(const std::string& path) override;

 private:
  storage::Files& files_;
  Death& death_;
  const TrialLog& log_;
};

}  // namespace yagura::testing
