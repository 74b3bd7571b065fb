#include "app/office_folder.h"

#include <filesystem>
#include <fstream>

#include "office/csv.h"

namespace yagura::app {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kFilesMax = 100;  // a folder with more is not an office's

}  // namespace

Result<std::string> ReadOfficeFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string bytes(office::kCsvSizeMax + 1, '\0');
  file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (file.bad() || !file.eof() || !file.is_open()) {
    if (file.gcount() != static_cast<std::streamsize>(bytes.size())) {
      return Failure(ErrorCode::kUnavailable, path);
    }
  }
  bytes.resize(static_cast<std::size_t>(file.gcount()));
  return bytes;
}

Result<OfficeFiles> ReadOfficeFolder(const std::string& folder) {
  std::error_code failure;
  if (!fs::is_directory(folder, failure)) return Failure(ErrorCode::kNotFound, folder);
  OfficeFiles files;
  for (fs::directory_iterator at(folder, failure), end; !failure && at != end;
       at.increment(failure)) {
    if (at->path().extension() != ".csv" || files.size() >= kFilesMax) continue;
    ASSIGN_OR_RETURN(files[at->path().filename().string()], ReadOfficeFile(at->path()));
  }
  if (failure) return Failure(ErrorCode::kUnavailable, folder);
  return files;
}

Result<void> WriteOfficeFolder(const std::string& folder, const OfficeFiles& files) {
  std::error_code failure;
  fs::create_directories(folder, failure);
  for (const auto& [name, bytes] : files) {
    const fs::path path = fs::path(folder) / name;
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file << bytes;
    file.close();
    if (!file) return Failure(ErrorCode::kUnavailable, path.string());
  }
  return {};
}

}  // namespace yagura::app
