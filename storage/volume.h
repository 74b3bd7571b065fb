#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "core/ids.h"
#include "core/result.h"
#include "storage/files.h"

namespace yagura::storage {

/// Free space that is never used: `asked_bytes`, but of a small file system a tenth.
[[nodiscard]] std::uint64_t ReserveOf(std::uint64_t asked_bytes, std::uint64_t total_bytes);

/// What may still be filled of a file system: the recorder stops at its reserve and goes on a
/// twentieth above it, so a tenth more is kept free.
[[nodiscard]] std::uint64_t UsableBytes(const Space& space, std::uint64_t reserve_bytes);
/// The same of one that is empty.
[[nodiscard]] std::uint64_t CapacityBytes(const Space& space, std::uint64_t reserve_bytes);

struct VolumeOptions {
  std::string root;
  /// Below this much free space nothing new is written; recording goes on above it plus a twentieth
  /// more.
  std::uint64_t reserve_bytes = std::uint64_t{1} << 30;
  /// How many streams it gets, in proportion to the others' weights; 0: only what no other takes.
  std::uint32_t weight = 1;
};

/// A folder that holds clip files. It is known by a file "volume" in it with the volume's id, so
/// that an empty mount point, or another disk mounted in its place, is never written to.
/// Thread-safe.
class Volume {
 public:
  /// The volume at `options.root`. kFailedPrecondition: the folder has no identity (not mounted, or
  /// never formatted). kNotFound: no such folder.
  [[nodiscard]] static Result<std::unique_ptr<Volume>> Open(Files& files, VolumeOptions options);
  /// Makes an empty folder a volume with a new id; one that is a volume already stays what it is.
  /// kFailedPrecondition: the folder holds something else.
  [[nodiscard]] static Result<VolumeId> Format(Files& files, const std::string& root);

  [[nodiscard]] const VolumeId& id() const { return id_; }
  [[nodiscard]] const std::string& root() const { return options_.root; }
  [[nodiscard]] std::string PathOf(const std::string& relative) const {
    return root() + "/" + relative;
  }

  /// That the folder is still this volume. kFailedPrecondition where it is not.
  [[nodiscard]] Result<void> CheckIdentity();
  /// Looks at the free space; from then on is_full() says whether it is below the reserve.
  void CheckSpace();
  /// Looks whether the folder is still this volume; from then on is_missing() says so.
  void CheckPresence();
  [[nodiscard]] bool is_missing() const { return missing_.load(std::memory_order_relaxed); }
  /// A write found no space: full until CheckSpace finds more than the reserve.
  void SetFull() { full_.store(true, std::memory_order_relaxed); }
  /// The catalogue says that the volume is at its limit and that nothing on it may go; full as long
  /// as it says so.
  void SetOverLimit(bool over) { over_limit_.store(over, std::memory_order_relaxed); }
  /// As CheckSpace saw it last.
  [[nodiscard]] std::uint64_t free_bytes() const {
    return free_bytes_.load(std::memory_order_relaxed);
  }
  [[nodiscard]] std::uint64_t total_bytes() const {
    return total_bytes_.load(std::memory_order_relaxed);
  }
  [[nodiscard]] bool is_full() const {
    return full_.load(std::memory_order_relaxed) || over_limit_.load(std::memory_order_relaxed);
  }
  /// The disk refused something, or a file was given up for it: what alarms look at.
  void CountFailure() { failures_.fetch_add(1, std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t failures() const { return failures_.load(std::memory_order_relaxed); }

 private:
  Volume(Files& files, VolumeOptions options, VolumeId id)
      : files_(files), options_(std::move(options)), id_(id) {}

  Files& files_;
  const VolumeOptions options_;
  const VolumeId id_;
  std::atomic<bool> full_ = false;
  std::atomic<bool> over_limit_ = false;
  std::atomic<bool> missing_ = false;
  std::atomic<std::uint64_t> failures_ = 0;
  std::atomic<std::uint64_t> free_bytes_ = 0;
  std::atomic<std::uint64_t> total_bytes_ = 0;
};

}  // namespace yagura::storage
