#pragma once

#include <map>
#include <string>

#include "api/media/footage_plan.h"
#include "core/calendar.h"
#include "core/ids.h"
#include "core/result.h"
#include "storage/catalogue.h"
#include "storage/clip_reader.h"
#include "storage/files_posix.h"

namespace yagura::api {

/// Finds and reads clip files by their rows; never by anything that a caller sent. Thread-safe.
class ClipFolder {
 public:
  explicit ClipFolder(OfficeCalendar calendar) : calendar_(std::move(calendar)) {}

  /// kUnavailable: the row names a volume that isn't known here.
  [[nodiscard]] Result<std::string> PathOf(const std::map<VolumeId, std::string>& volume_paths,
                                           const storage::ClipRow& clip) const;
  /// Where the frames lie. kDataLoss: the file is not there, or not as its row says.
  [[nodiscard]] Result<storage::ClipIndex> ReadIndex(const std::string& path,
                                                     const storage::ClipRow& clip) const;
  /// The clip's ftyp and moov. Errors as ReadIndex.
  [[nodiscard]] Result<std::vector<std::uint8_t>> ReadInit(const std::string& path,
                                                           const storage::ClipRow& clip) const;

 private:
  OfficeCalendar calendar_;
  mutable storage::PosixFiles files_;
};

}  // namespace yagura::api
