#include "storage/folder_tree.h"

namespace yagura::storage {

Result<void> FolderTree::Prepare(const std::string& folder) {
  RETURN_IF_ERROR(volume_.CheckIdentity());
  for (std::size_t end = 0; end != std::string::npos;) {
    end = folder.find('/', end + 1);
    const std::string step = folder.substr(0, end);
    if (known_.contains(step)) continue;
    const std::string path = volume_.PathOf(step);
    RETURN_IF_ERROR(files_.MakeFolder(path));
    unsynced_.insert(FolderOf(path));
    known_.insert(step);
  }
  return {};
}

std::vector<std::string> FolderTree::TakeUnsynced() {
  std::vector<std::string> folders(unsynced_.begin(), unsynced_.end());
  unsynced_.clear();
  return folders;
}

}  // namespace yagura::storage
