#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "storage/files.h"

namespace yagura::testing {

/// A file system in memory that knows what a power cut would leave: contents up to the last sync of
/// the file, names up to the last sync of their folder. Calls that change or sync anything are
/// counted; the N-th of them can fail, or be the last before the power goes. Thread-safe.
class MemoryFiles : public storage::Files {
 public:
  /// `now` dates changes.
  explicit MemoryFiles(std::function<WallTime()> now = [] { return WallTime(); });
  ~MemoryFiles() override;

  // storage::Files
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

  /// What a call that counts is about to do: "write", "sync", "create", ... and to what path.
  struct Call {
    std::uint64_t number = 0;  // from 1 on
    std::string what;
    std::string path;
  };
  /// Thrown by a fault, it is the moment at which the process dies, in the middle of the call.
  /// Whoever catches it calls KillProcess or CutPower and PowerOn.
  struct MachineDown {};
  /// Asked before each call that counts; a code makes it fail with that, having done nothing (a
  /// write: half of it). Called without locks held; must be thread-safe.
  using Fault = std::function<std::optional<ErrorCode>(const Call&)>;
  void SetFault(Fault fault);
  [[nodiscard]] std::uint64_t calls() const;
  [[nodiscard]] std::vector<Call> log() const;
  /// Called at each StartSync of a file, which does nothing else and doesn't count.
  void OnStartSync(std::function<void(const std::string& path)> told) {
    on_start_sync_ = std::move(told);
  }

  /// From now on what SpaceOf says; writes are not bounded by it.
  void SetSpace(storage::Space space);

  enum class Loss {
    kAllUnsynced,  // whatever was not synced is gone
    kRandom,  // of that a random part is there: names, and a front of what was written, its last
              // bytes perhaps zero
  };
  /// The power goes: all calls fail until PowerOn. Files left open before never work again.
  void CutPower();
  /// The power comes back, to what the disk kept.
  void PowerOn(Loss loss, std::uint32_t seed);
  /// The process dies, and the machine goes on: what was written is there; faults and files left
  /// open are gone.
  void KillProcess();

  /// All files there are now, with their contents.
  [[nodiscard]] std::map<std::string, std::vector<std::uint8_t>> Contents() const;
  /// Puts `bytes` at `path`, durable, folders included.
  void Put(const std::string& path, std::vector<std::uint8_t> bytes);

 private:
  friend class MemoryFile;
  struct Inode {
    std::vector<std::uint8_t> bytes;
    std::vector<std::uint8_t> synced;
    /// What a failed sync left behind: it reads well, is no longer dirty, and no later sync brings
    /// it to the disk.
    std::vector<std::pair<std::size_t, std::size_t>> dropped;
    WallTime changed{};
    std::uint64_t number = 0;  // in the order of making
  };
  using InodePointer = std::shared_ptr<Inode>;

  [[nodiscard]] Result<void> Enter(const char* what, const std::string& path);
  [[nodiscard]] Result<std::unique_ptr<storage::File>> Open(const std::string& path);

  const std::function<WallTime()> now_;
  mutable std::mutex mutex_;
  std::map<std::string, InodePointer> files_;
  std::set<std::string> folders_;
  std::map<std::string, InodePointer> durable_files_;
  std::set<std::string> durable_folders_;
  storage::Space space_{.free_bytes = std::uint64_t{1} << 40,
                        .total_bytes = std::uint64_t{1} << 41};
  Fault fault_;
  std::function<void(const std::string&)> on_start_sync_;
  std::vector<Call> log_;
  std::uint64_t inodes_ = 0;
  std::uint64_t era_ = 0;  // files opened in an earlier one are dead
  bool power_ = true;
};

}  // namespace yagura::testing
