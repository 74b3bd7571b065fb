#pragma once

#include <cstddef>
#include <string>

#include "core/result.h"
#include "core/time.h"
#include "storage/files.h"
#include "storage/journal_records.h"

namespace yagura::storage {

/// The records that the catalogue refused, one JSON object a line: {"at", "why", "record"}. Nothing
/// is lost: the file says what to repair. One thread writes.
class SetAsideFile {
 public:
  SetAsideFile(Files& files, std::string path) : files_(files), path_(std::move(path)) {}

  /// Adds `record`, durably; one that is in the file already is not added again.
  /// kResourceExhausted: the file has grown beyond reason (16 MiB): someone must look first.
  [[nodiscard]] Result<void> Add(const JournalRecord& record, const Error& why, WallTime now);
  /// Records in the file; 0 where there is none.
  [[nodiscard]] Result<std::size_t> Count() const;

 private:
  [[nodiscard]] Result<std::string> Contents() const;
  [[nodiscard]] Result<std::unique_ptr<File>> Open();

  Files& files_;
  const std::string path_;
};

}  // namespace yagura::storage
