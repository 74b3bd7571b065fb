#pragma once

#include <string>

#include "app/crash_book.h"
#include "core/result.h"
#include "storage/files.h"

namespace yagura::app {

/// The crash book in its file in the recorder's state folder. Nothing about it stops recording:
/// what can't be read is passed over, what can't be written is said; both with a line in the log.
/// One thread.
class CrashFile {
 public:
  /// Reads the file, writes it anew where that makes it shorter, and opens it to be appended to.
  CrashFile(storage::Files& files, const std::string& path);
  ~CrashFile();
  CrashFile(const CrashFile&) = delete;
  CrashFile& operator=(const CrashFile&) = delete;

  [[nodiscard]] const CrashBook& book() const { return book_; }
  /// Appends an entry and adds it to the book. kUnavailable: neither was done.
  [[nodiscard]] Result<void> Note(const CrashEntry& entry);
  /// To append to; -1 where the file can't be opened.
  [[nodiscard]] int descriptor() const { return descriptor_; }

 private:
  void Read(storage::Files& files, const std::string& path);

  CrashBook book_;
  int descriptor_ = -1;
};

/// The present boot of this machine, and for how long it has been up. The second is
/// async-signal-safe.
[[nodiscard]] BootId ThisBoot();
[[nodiscard]] microseconds Uptime();

}  // namespace yagura::app
