#pragma once

#include <sys/uio.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string>

namespace yagura::storage {

/// Whether the disk answers soon enough to be waited for at each write: it does until, over a
/// second, more than half of the time went by in waiting (a slow disk, or very many cameras). Then
/// the kernel gathers writes again for a minute. Thread-safe.
class DiskPace {
 public:
  using Time = std::chrono::steady_clock::time_point;
  static constexpr std::chrono::seconds kSpan{1};
  static constexpr std::chrono::seconds kRest{60};

  [[nodiscard]] bool keeps_up(Time now) const;
  /// A write went from `begun` to `ended`.
  void Note(Time begun, Time ended);

 private:
  mutable std::mutex mutex_;
  Time span_begun_{};  // nothing was written for a span before it, or another ended there
  Time last_ended_{};
  Time::duration waited_{};
  Time rests_until_{};
};

/// Memory of its own that the disk can read by itself (open(2), O_DIRECT): aligned, in one huge
/// page where there are any. For all files that are written; one at a time.
class DirectStage {
 public:
  static constexpr std::size_t kBytes = 1024 * 1024;  // more is written piece by piece

  DirectStage();
  ~DirectStage();
  DirectStage(const DirectStage&) = delete;
  DirectStage& operator=(const DirectStage&) = delete;

  DiskPace pace;
  std::mutex mutex;  // of who uses bytes()
  [[nodiscard]] std::span<std::uint8_t> bytes() const { return {bytes_, kBytes}; }

 private:
  void* memory_ = nullptr;
  std::uint8_t* bytes_ = nullptr;
};

/// Writes whole pages of one file past the page cache: what is recorded is hardly read again soon,
/// and taking it into the cache costs more than the copy does. Where the file system or the disk
/// doesn't take it, nothing is written, and the caller writes as usual. One thread.
class DirectWriter {
 public:
  DirectWriter(std::shared_ptr<DirectStage> stage, std::string path);
  ~DirectWriter();
  DirectWriter(const DirectWriter&) = delete;
  DirectWriter& operator=(const DirectWriter&) = delete;

  /// Writes `parts` from `offset` on, whole pages both; returns how many bytes of them, from the
  /// first on, are written now.
  [[nodiscard]] std::size_t Write(std::uint64_t offset, std::span<const iovec> parts);

 private:
  bool IsOpen();
  /// Writes the stage's first `bytes`; false where it didn't take them all.
  bool Flush(std::uint64_t offset, std::size_t bytes);

  std::shared_ptr<DirectStage> stage_;
  std::string path_;
  int fd_ = -1;
  bool is_refused_ = false;
};

}  // namespace yagura::storage
