#include "storage/store_files.h"

#include <optional>
#include <string_view>

#include "storage/stored_object.h"

namespace yagura::storage {
namespace {

/// The object's name, or the folder's; nothing where the path is one of the file system.
std::optional<std::string> NameOf(const std::string& path) {
  const std::string_view root = kStoreRoot;
  if (!path.starts_with(root)) return std::nullopt;
  std::string name = path.substr(root.size());
  while (name.starts_with('/')) name.erase(0, 1);
  return name;
}

tl::unexpected<Error> ReadOnly(const std::string& path) {
  return Failure(ErrorCode::kFailedPrecondition, "\"" + path + "\" can only be read");
}

}  // namespace

Result<std::unique_ptr<File>> StoreFiles::Create(const std::string& path) {
  return NameOf(path) ? ReadOnly(path) : files_.Create(path);
}
Result<std::unique_ptr<File>> StoreFiles::OpenToWrite(const std::string& path) {
  return NameOf(path) ? ReadOnly(path) : files_.OpenToWrite(path);
}
Result<void> StoreFiles::MakeFolder(const std::string& path) {
  return NameOf(path) ? ReadOnly(path) : files_.MakeFolder(path);
}
Result<void> StoreFiles::SyncFolder(const std::string& path) {
  return NameOf(path) ? ReadOnly(path) : files_.SyncFolder(path);
}
Result<void> StoreFiles::Rename(const std::string& from, const std::string& to) {
  return NameOf(from) || NameOf(to) ? ReadOnly(from) : files_.Rename(from, to);
}
Result<void> StoreFiles::Unlink(const std::string& path) {
  return NameOf(path) ? ReadOnly(path) : files_.Unlink(path);
}
Result<Space> StoreFiles::SpaceOf(const std::string& path) {
  return NameOf(path) ? ReadOnly(path) : files_.SpaceOf(path);
}

Result<std::unique_ptr<File>> StoreFiles::OpenToRead(const std::string& path) {
  const auto name = NameOf(path);
  if (!name) return files_.OpenToRead(path);
  ASSIGN_OR_RETURN(const std::uint64_t size_bytes, store_.SizeOf(*name));
  return OpenObject(store_, *name, size_bytes);
}

Result<WallTime> StoreFiles::ModifiedAt(const std::string& path) {
  if (!NameOf(path)) return files_.ModifiedAt(path);
  return WallTime(microseconds(0));
}

Result<std::vector<FolderEntry>> StoreFiles::List(const std::string& folder) {
  const auto name = NameOf(folder);
  if (!name) return files_.List(folder);
  const std::string prefix = name->empty() ? "" : *name + "/";
  std::vector<FolderEntry> entries;
  std::string after;
  for (bool more = true; more;) {
    ASSIGN_OR_RETURN(const ObjectPage page, store_.List(prefix, after));
    more = page.more;
    for (const ListedObject& object : page.objects) {
      const std::string rest = object.name.substr(prefix.size());
      const std::size_t slash = rest.find('/');
      const std::string entry = rest.substr(0, slash);
      after = object.name;
      const bool is_folder = slash != std::string::npos;
      if (!entries.empty() && entries.back().name == entry) continue;
      entries.push_back({.name = entry, .is_folder = is_folder});
    }
    // Whatever else the last folder holds is passed over.
    if (more && entries.back().is_folder) after = prefix + entries.back().name + "/~";
  }
  return entries;
}

}  // namespace yagura::storage
