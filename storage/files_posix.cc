#include "storage/files_posix.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <optional>
#include <system_error>

namespace yagura::storage {
namespace {

constexpr mode_t kFileMode = 0640;
constexpr mode_t kFolderMode = 0750;
constexpr std::size_t kPartsMax = 1024;  // IOV_MAX

ErrorCode CodeOf(int error) {
  switch (error) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      return ErrorCode::kResourceExhausted;
    case ENOENT:
      return ErrorCode::kNotFound;
    case EEXIST:
      return ErrorCode::kAlreadyExists;
    default:
      return ErrorCode::kUnavailable;
  }
}

tl::unexpected<Error> SystemFailure(const char* call, const std::string& path) {
  const int error = errno;
  return Failure(CodeOf(error), std::string(call) + " \"" + path +
                                    "\": " + std::generic_category().message(error));
}

Result<void> Check(int outcome, const char* call, const std::string& path) {
  if (outcome != 0) return SystemFailure(call, path);
  return {};
}

/// Some file systems don't say what an entry is.
bool IsFolder(const std::string& folder, const dirent& entry) {
  if (entry.d_type != DT_UNKNOWN) return entry.d_type == DT_DIR;
  struct stat status {};
  const std::string path = folder + "/" + entry.d_name;
  return ::lstat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);  // what mattered was synced before; a late error says nothing more
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

class PosixFile final : public File {
 public:
  PosixFile(int fd, std::string path) : fd_(fd), path_(std::move(path)) {}

  void WriteDirectly(std::shared_ptr<DirectStage> stage) {
    direct_.emplace(std::move(stage), path_);
  }

  Result<void> Write(std::uint64_t offset, std::span<const ByteView> parts) override {
    std::vector<iovec> todo;
    todo.reserve(parts.size());
    for (const ByteView part : parts) AddPart(todo, part);
    std::span<iovec> rest(todo);
    if (direct_ && IsLargeWrite(offset, todo)) {
      const std::size_t written = direct_->Write(offset, rest);
      offset += written;
      rest = Skip(rest, written);
    }
    while (!rest.empty()) {
      const auto count = static_cast<int>(std::min(rest.size(), kPartsMax));
      const ssize_t written = ::pwritev(fd_.get(), rest.data(), count, static_cast<off_t>(offset));
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return SystemFailure("pwritev", path_);
      offset += static_cast<std::uint64_t>(written);
      rest = Skip(rest, static_cast<std::size_t>(written));
    }
    return {};
  }

  Result<std::size_t> Read(std::uint64_t offset, std::span<std::uint8_t> buffer) const override {
    std::size_t done = 0;
    while (done < buffer.size()) {
      const ssize_t read = ::pread(fd_.get(), buffer.data() + done, buffer.size() - done,
                                   static_cast<off_t>(offset + done));
      if (read < 0 && errno == EINTR) continue;
      if (read < 0) return SystemFailure("pread", path_);
      if (read == 0) break;
      done += static_cast<std::size_t>(read);
    }
    return done;
  }

  Result<std::uint64_t> Size() const override {
    struct stat status {};
    if (::fstat(fd_.get(), &status) != 0) return SystemFailure("fstat", path_);
    return static_cast<std::uint64_t>(status.st_size);
  }
  Result<void> Truncate(std::uint64_t size_bytes) override {
    return Check(::ftruncate(fd_.get(), static_cast<off_t>(size_bytes)), "ftruncate", path_);
  }
  void StartSync() override { (void)::sync_file_range(fd_.get(), 0, 0, SYNC_FILE_RANGE_WRITE); }
  Result<void> SyncData() override { return Check(::fdatasync(fd_.get()), "fdatasync", path_); }
  Result<void> Sync() override { return Check(::fsync(fd_.get()), "fsync", path_); }
  void StartReading(std::uint64_t offset, std::uint64_t size_bytes) const override {
    // Advice: an error changes nothing.
    (void)::posix_fadvise(fd_.get(), static_cast<off_t>(offset), static_cast<off_t>(size_bytes),
                          POSIX_FADV_WILLNEED);
  }
  void DropFromCache(std::uint64_t size_bytes) override {
    // Advice: an error changes nothing.
    (void)::posix_fadvise(fd_.get(), 0, static_cast<off_t>(size_bytes), POSIX_FADV_DONTNEED);
  }

 private:
  /// Parts that lie side by side in memory become one: frames of an arena usually do.
  static void AddPart(std::vector<iovec>& todo, ByteView part) {
    if (part.empty()) return;
    auto* start = const_cast<std::uint8_t*>(part.data());  // iovec serves readv too
    if (!todo.empty() &&
        static_cast<std::uint8_t*>(todo.back().iov_base) + todo.back().iov_len == start) {
      todo.back().iov_len += part.size();
    } else {
      todo.push_back({start, part.size()});
    }
  }

  static bool IsLargeWrite(std::uint64_t offset, const std::vector<iovec>& todo) {
    std::uint64_t bytes = 0;
    for (const iovec& part : todo) bytes += part.iov_len;
    return bytes >= kLargeWriteBytes && bytes % kPageBytes == 0 && offset % kPageBytes == 0;
  }

  static std::span<iovec> Skip(std::span<iovec> rest, std::size_t bytes) {
    while (!rest.empty() && bytes >= rest.front().iov_len) {
      bytes -= rest.front().iov_len;
      rest = rest.subspan(1);
    }
    if (!rest.empty()) {
      rest.front().iov_base = static_cast<std::uint8_t*>(rest.front().iov_base) + bytes;
      rest.front().iov_len -= bytes;
    }
    return rest;
  }

  Descriptor fd_;
  std::string path_;
  std::optional<DirectWriter> direct_;
};

Result<std::unique_ptr<PosixFile>> Open(const std::string& path, int flags) {
  const int fd = ::open(path.c_str(), flags | O_CLOEXEC | O_NOFOLLOW, kFileMode);
  if (fd < 0) return SystemFailure("open", path);
  return std::make_unique<PosixFile>(fd, path);
}

}  // namespace

Result<std::unique_ptr<File>> PosixFiles::Create(const std::string& path) {
  ASSIGN_OR_RETURN(auto file, Open(path, O_RDWR | O_CREAT | O_EXCL));
  file->WriteDirectly(stage_);
  return file;
}
Result<std::unique_ptr<File>> PosixFiles::OpenToRead(const std::string& path) {
  return Open(path, O_RDONLY | O_NONBLOCK);  // a pipe that somebody put there would wait for ever
}
Result<std::unique_ptr<File>> PosixFiles::OpenToWrite(const std::string& path) {
  return Open(path, O_RDWR);
}

Result<void> PosixFiles::MakeFolder(const std::string& path) {
  if (::mkdir(path.c_str(), kFolderMode) == 0 || errno == EEXIST) return {};
  return SystemFailure("mkdir", path);
}

Result<void> PosixFiles::SyncFolder(const std::string& path) {
  const Descriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.get() < 0) return SystemFailure("open", path);
  return Check(::fsync(folder.get()), "fsync", path);
}

Result<void> PosixFiles::Rename(const std::string& from, const std::string& to) {
  return Check(::rename(from.c_str(), to.c_str()), "rename", from);
}

Result<void> PosixFiles::Unlink(const std::string& path) {
  return Check(::unlink(path.c_str()), "unlink", path);
}

Result<std::vector<FolderEntry>> PosixFiles::List(const std::string& folder) {
  const std::unique_ptr<DIR, int (*)(DIR*)> open(::opendir(folder.c_str()), &::closedir);
  if (open == nullptr) return SystemFailure("opendir", folder);
  std::vector<FolderEntry> entries;
  errno = 0;
  while (const dirent* entry = ::readdir(open.get())) {
    const std::string name = entry->d_name;
    if (name != "." && name != "..") entries.push_back({name, IsFolder(folder, *entry)});
    errno = 0;
  }
  if (errno != 0) return SystemFailure("readdir", folder);
  std::sort(entries.begin(), entries.end(),
            [](const FolderEntry& a, const FolderEntry& b) { return a.name < b.name; });
  return entries;
}

Result<WallTime> PosixFiles::ModifiedAt(const std::string& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) return SystemFailure("lstat", path);
  return WallTime(
      std::chrono::seconds(status.st_mtim.tv_sec) +
      std::chrono::floor<microseconds>(std::chrono::nanoseconds(status.st_mtim.tv_nsec)));
}

Result<Space> PosixFiles::SpaceOf(const std::string& path) {
  struct statvfs status {};
  if (::statvfs(path.c_str(), &status) != 0) return SystemFailure("statvfs", path);
  return Space{.free_bytes = static_cast<std::uint64_t>(status.f_bavail) * status.f_frsize,
               .total_bytes = static_cast<std::uint64_t>(status.f_blocks) * status.f_frsize};
}

}  // namespace yagura::storage
