#include "storage/files.h"

#include <array>

namespace yagura::storage {

std::string FolderOf(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

Result<std::vector<std::uint8_t>> ReadWhole(Files& files, const std::string& path,
                                            std::uint64_t size_max_bytes) {
  ASSIGN_OR_RETURN(const std::unique_ptr<File> file, files.OpenToRead(path));
  ASSIGN_OR_RETURN(const std::uint64_t size_bytes, file->Size());
  if (size_bytes > size_max_bytes) {
    return Failure(ErrorCode::kOutOfRange, "\"" + path + "\" is too large");
  }
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>(size_bytes));
  ASSIGN_OR_RETURN(const std::size_t read, file->Read(0, bytes));
  bytes.resize(read);
  return bytes;
}

Result<void> ReplaceWhole(Files& files, const std::string& path, ByteView bytes) {
  const std::string temporary = path + ".new";
  if (auto removed = files.Unlink(temporary);
      !removed.has_value() && removed.error().code() != ErrorCode::kNotFound) {
    return removed;
  }
  ASSIGN_OR_RETURN(const std::unique_ptr<File> file, files.Create(temporary));
  const std::array<ByteView, 1> parts{bytes};
  RETURN_IF_ERROR(file->Write(0, parts));
  RETURN_IF_ERROR(file->Sync());
  RETURN_IF_ERROR(files.Rename(temporary, path));
  return files.SyncFolder(FolderOf(path));
}

}  // namespace yagura::storage
