#pragma once

#include <memory>
#include <string>
#include <vector>

#include "storage/files.h"
#include "storage/object_store.h"

namespace yagura::storage {

/// What paths of objects begin with.
inline constexpr char kStoreRoot[] = "object-store:";

/// A store as one more folder, at kStoreRoot, beside the file system: for whoever reads clips
/// wherever they are. What lies there can be listed and read, no more. Names in it are of
/// characters below "~". `files` and `store` outlive it. Errors as those of either. Thread-safe.
class StoreFiles final : public Files {
 public:
  StoreFiles(Files& files, ObjectStore& store) : files_(files), store_(store) {}

  [[nodiscard]] Result<std::unique_ptr<File>> Create(const std::string& path) override;
  [[nodiscard]] Result<std::unique_ptr<File>> OpenToRead(const std::string& path) override;
  [[nodiscard]] Result<std::unique_ptr<File>> OpenToWrite(const std::string& path) override;
  [[nodiscard]] Result<void> MakeFolder(const std::string& path) override;
  [[nodiscard]] Result<void> SyncFolder(const std::string& path) override;
  [[nodiscard]] Result<void> Rename(const std::string& from, const std::string& to) override;
  [[nodiscard]] Result<void> Unlink(const std::string& path) override;
  /// Of the store: asks as often as there are folders in it, or thousands of objects.
  [[nodiscard]] Result<std::vector<FolderEntry>> List(const std::string& folder) override;
  /// Of an object: long ago. What is there is finished.
  [[nodiscard]] Result<WallTime> ModifiedAt(const std::string& path) override;
  [[nodiscard]] Result<Space> SpaceOf(const std::string& path) override;

 private:
  Files& files_;
  ObjectStore& store_;
};

}  // namespace yagura::storage
