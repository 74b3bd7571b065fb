#include "fleet/private_file_posix.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>

namespace yagura::fleet {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

tl::unexpected<Error> SystemFailure(const char* call, const std::filesystem::path& path) {
  const int number = errno;
  const auto code = number == ENOENT   ? ErrorCode::kNotFound
                    : number == EEXIST ? ErrorCode::kAlreadyExists
                                       : ErrorCode::kUnavailable;
  return Failure(code, std::string(call) + " \"" + path.string() +
                           "\": " + std::generic_category().message(number));
}

Result<void> SyncFolderOf(const std::filesystem::path& path) {
  const Descriptor folder(::open(path.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.get() < 0) return SystemFailure("open", path.parent_path());
  if (::fsync(folder.get()) != 0) return SystemFailure("fsync", path.parent_path());
  return {};
}

Result<void> WriteAndSync(int fd, std::span<const std::uint8_t> bytes,
                          const std::filesystem::path& path) {
  const ssize_t written = ::write(fd, bytes.data(), bytes.size());
  if (written != static_cast<ssize_t>(bytes.size())) return SystemFailure("write", path);
  if (::fsync(fd) != 0) return SystemFailure("fsync", path);
  return {};
}

}  // namespace

Result<std::vector<std::uint8_t>> ReadPrivateFile(const std::filesystem::path& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
  if (file.get() < 0) return SystemFailure("open", path);
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return SystemFailure("fstat", path);
  if (status.st_uid != ::geteuid() || (status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return Failure(ErrorCode::kPermissionDenied,
                   "\"" + path.string() + "\" must belong to this user and have mode 0600");
  }
  std::vector<std::uint8_t> bytes(kPrivateFileSizeMax + 1);
  const ssize_t size = ::read(file.get(), bytes.data(), bytes.size());
  if (size < 0) return SystemFailure("read", path);
  bytes.resize(static_cast<std::size_t>(size));
  if (bytes.size() > kPrivateFileSizeMax) {
    return Failure(ErrorCode::kDataLoss, "\"" + path.string() + "\" is larger than expected");
  }
  return bytes;
}

Result<void> CreatePrivateFile(const std::filesystem::path& path,
                               std::span<const std::uint8_t> bytes) {
  // Linked to its name only when it is whole, and never over another file.
  const std::filesystem::path whole = path.string() + ".new." + std::to_string(::getpid());
  const Descriptor file(::open(whole.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC,
                               S_IRUSR | S_IWUSR));
  if (file.get() < 0) return SystemFailure("open", whole);
  Result<void> done = WriteAndSync(file.get(), bytes, whole);
  if (done.has_value() && ::link(whole.c_str(), path.c_str()) != 0)
    done = SystemFailure("link", path);
  (void)::unlink(whole.c_str());  // it has its name, or is not wanted
  RETURN_IF_ERROR(std::move(done));
  return SyncFolderOf(path);
}

}  // namespace yagura::fleet
