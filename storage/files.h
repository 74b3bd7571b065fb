#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/result.h"
#include "core/time.h"
#include "storage/bytes.h"

namespace yagura::storage {

/// What the disk reads and writes at once. A write to a new file that begins at a whole page and
/// has whole pages, kLargeWriteBytes of them or more, need not go through the page cache.
inline constexpr std::uint64_t kPageBytes = 4096;
inline constexpr std::uint64_t kLargeWriteBytes = 64 * 1024;
/// How much is missing to whole pages.
[[nodiscard]] constexpr std::uint32_t BytesToWholePages(std::uint64_t size_bytes) {
  return static_cast<std::uint32_t>((kPageBytes - size_bytes % kPageBytes) % kPageBytes);
}

/// One open file. Writing, syncing and reading may go on in different threads at once; two writes
/// at once may not.
///
/// Errors, here and in Files: kResourceExhausted: no space (or quota). kNotFound, kAlreadyExists:
/// the name. kUnavailable: any other refusal by the system, input/output errors first among them.
class File {
 public:
  virtual ~File() = default;

  /// Writes `parts`, one behind the other, from `offset` on, by as few system calls as the kernel
  /// allows (one for up to 1024 parts). After an error any part of it may have been written.
  [[nodiscard]] virtual Result<void> Write(std::uint64_t offset,
                                           std::span<const ByteView> parts) = 0;
  /// Up to buffer.size() bytes from `offset` on; fewer only at the end of the file.
  [[nodiscard]] virtual Result<std::size_t> Read(std::uint64_t offset,
                                                 std::span<std::uint8_t> buffer) const = 0;
  [[nodiscard]] virtual Result<std::uint64_t> Size() const = 0;
  [[nodiscard]] virtual Result<void> Truncate(std::uint64_t size_bytes) = 0;
  /// Begins to bring the contents to the disk, and waits for nothing: where many files are synced,
  /// the disk then has all of their work at once. Promises nothing; errors are the next sync's.
  virtual void StartSync() = 0;
  /// Contents, and size where it grew, are on the disk (fdatasync). Never called again after it
  /// failed: the kernel may have dropped the pages and would report success.
  [[nodiscard]] virtual Result<void> SyncData() = 0;
  /// The same with all metadata (fsync).
  [[nodiscard]] virtual Result<void> Sync() = 0;
  /// These bytes will be read soon: the disk may begin at once, and with all of them. Waits for
  /// nothing; errors are the reading's.
  virtual void StartReading(std::uint64_t offset, std::uint64_t size_bytes) const = 0;
  /// The first `size_bytes` are on the disk and nobody will read them soon.
  virtual void DropFromCache(std::uint64_t size_bytes) = 0;
};

struct FolderEntry {
  std::string name;
  bool is_folder = false;
  friend bool operator==(const FolderEntry&, const FolderEntry&) = default;
};

struct Space {
  std::uint64_t free_bytes = 0;  // for us
  std::uint64_t total_bytes = 0;
};

/// The thin seam between storage and the file system (files_posix.h; doubles in tests/support). A
/// name that was created, renamed or unlinked is durable only after its folder's SyncFolder.
/// Thread-safe.
class Files {
 public:
  virtual ~Files() = default;

  /// A new, empty file; kAlreadyExists where there is one.
  [[nodiscard]] virtual Result<std::unique_ptr<File>> Create(const std::string& path) = 0;
  [[nodiscard]] virtual Result<std::unique_ptr<File>> OpenToRead(const std::string& path) = 0;
  [[nodiscard]] virtual Result<std::unique_ptr<File>> OpenToWrite(const std::string& path) = 0;
  /// One level; fine where it exists already.
  [[nodiscard]] virtual Result<void> MakeFolder(const std::string& path) = 0;
  [[nodiscard]] virtual Result<void> SyncFolder(const std::string& path) = 0;
  /// Replaces `to` at once.
  [[nodiscard]] virtual Result<void> Rename(const std::string& from, const std::string& to) = 0;
  [[nodiscard]] virtual Result<void> Unlink(const std::string& path) = 0;
  /// By name.
  [[nodiscard]] virtual Result<std::vector<FolderEntry>> List(const std::string& folder) = 0;
  /// When the file's contents last changed, by the machine's clock.
  [[nodiscard]] virtual Result<WallTime> ModifiedAt(const std::string& path) = 0;
  [[nodiscard]] virtual Result<Space> SpaceOf(const std::string& path) = 0;
};

/// "a/b" of "a/b/c".
[[nodiscard]] std::string FolderOf(const std::string& path);
/// The whole of a small file; kOutOfRange where it is larger than `size_max_bytes`.
[[nodiscard]] Result<std::vector<std::uint8_t>> ReadWhole(Files& files, const std::string& path,
                                                          std::uint64_t size_max_bytes);
/// Puts `bytes` at `path` so that after a crash there is the old file or the new one: a temporary
/// file, fsync, rename, fsync of the folder.
[[nodiscard]] Result<void> ReplaceWhole(Files& files, const std::string& path, ByteView bytes);

}  // namespace yagura::storage
