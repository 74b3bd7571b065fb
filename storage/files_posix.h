#pragma once

#include "storage/direct_writer_posix.h"
#include "storage/files.h"

namespace yagura::storage {

/// The machine's file system. Files are opened with O_CLOEXEC, never through a symbolic link at the
/// last step, mode 0640; folders 0750. Large writes to new files go to the disk at once, past the
/// page cache, where file system and disk take them and keep up.
class PosixFiles final : public Files {
 public:
  [[nodiscard]] Result<std::unique_ptr<File>> Create(const std::string& path) override;
  [[nodiscard]] Result<std::unique_ptr<File>> OpenToRead(const std::string& path) override;
  [[nodiscard]] Result<std::unique_ptr<File>> OpenToWrite(const std::string& path) override;
  [[nodiscard]] Result<void> MakeFolder(const std::string& path) override;
  [[nodiscard]] Result<void> SyncFolder(const std::string& path) override;
  [[nodiscard]] Result<void> Rename(const std::string& from, const std::string& to) override;
  [[nodiscard]] Result<void> Unlink(const std::string& path) override;
  [[nodiscard]] Result<std::vector<FolderEntry>> List(const std::string& folder) override;
  [[nodiscard]] Result<WallTime> ModifiedAt(const std::string& path) override;
  [[nodiscard]] Result<Space> SpaceOf(const std::string& path) override;

 private:
  std::shared_ptr<DirectStage> stage_ = std::make_shared<DirectStage>();
};

}  // namespace yagura::storage
