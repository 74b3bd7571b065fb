#pragma once

#include <array>
#include <map>
#include <span>
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
  /// Where the frames lie; of a file that is cut short or damaged, the frames before that.
  /// kDataLoss: the file is not there, or of another clip.
  [[nodiscard]] Result<storage::ClipIndex> ReadIndex(const std::string& path,
                                                     const storage::ClipRow& clip) const;
  /// The clip's ftyp and moov, whose hash its run's row names. Errors as ReadIndex, and kDataLoss
  /// where they are not as they were written.
  [[nodiscard]] Result<std::vector<std::uint8_t>> ReadInit(
      const std::string& path, const storage::ClipRow& clip,
      const std::array<std::uint8_t, 32>& sha256) const;
  /// That those of `fragments` which reach into [begin, end) are as they were written: reads and
  /// hashes them. kDataLoss where one is not.
  [[nodiscard]] Result<void> Check(const std::string& path, const ClipId& clip,
                                   std::span<const storage::IndexedFragment> fragments,
                                   std::uint64_t begin, std::uint64_t end) const;

 private:
  OfficeCalendar calendar_;
  mutable storage::PosixFiles files_;
};

}  // namespace yagura::api
