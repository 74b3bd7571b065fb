#pragma once

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "api/http.h"
#include "api/media/footage_plan.h"
#include "core/calendar.h"
#include "core/ids.h"
#include "core/result.h"
#include "storage/catalogue.h"
#include "storage/clip_reader.h"
#include "storage/files_posix.h"
#include "storage/object_store.h"

namespace yagura::api {

/// Where a clip's bytes are to be had, in this order.
struct ClipPlace {
  std::string path;    // of its file; empty: its volume isn't known here
  std::string object;  // what it is called in the object store; empty: there is no store
};

/// A stretch of a clip on its way: one piece of its file or, where it has none, fragment by
/// fragment of its object, each checked when it is fetched: so no viewer costs more memory than a
/// fragment.
class ClipStretch {
 public:
  virtual ~ClipStretch() = default;
  /// The next piece; nothing at the end. kUnavailable: the object store; kDataLoss: a fragment is
  /// not as it was written.
  [[nodiscard]] virtual Result<std::optional<Piece>> Next() = 0;
};

/// Finds and reads clips by their rows, on volumes and in the object store; never by anything that
/// a caller sent. A clip that its volume lacks is sought in the store, whatever its row says: it
/// may have left the volume since. Thread-safe.
///
/// Errors: kDataLoss: the clip is neither here nor there, or of another clip. kUnavailable: it
/// isn't here, and the store doesn't answer.
class ClipFolder {
 public:
  /// `store` outlives it; without one all clips are on volumes.
  explicit ClipFolder(OfficeCalendar calendar, storage::ObjectStore* store = nullptr)
      : calendar_(std::move(calendar)), store_(store) {}

  /// kUnavailable: the row names a volume that isn't known here, and there is no store.
  [[nodiscard]] Result<ClipPlace> PlaceOf(const std::map<VolumeId, std::string>& volume_paths,
                                          const storage::ClipRow& clip) const;
  /// Where the frames lie; of a file that is cut short or damaged, the frames before that.
  [[nodiscard]] Result<storage::ClipIndex> ReadIndex(const ClipPlace& place,
                                                     const storage::ClipRow& clip) const;
  /// The clip's ftyp and moov, whose hash its run's row names. kDataLoss also where they are not as
  /// they were written.
  [[nodiscard]] Result<std::vector<std::uint8_t>> ReadInit(
      const ClipPlace& place, const storage::ClipRow& clip,
      const std::array<std::uint8_t, 32>& sha256) const;
  /// That those of `fragments` which reach into [begin, end) are as they were written, where the
  /// clip has a file: reads and hashes them. What comes from the store is checked on its way.
  /// kDataLoss where one is not.
  [[nodiscard]] Result<void> Check(const ClipPlace& place, const storage::ClipRow& clip,
                                   std::span<const storage::IndexedFragment> fragments,
                                   std::uint64_t begin, std::uint64_t end) const;
  /// The bytes [begin, end), after Check. `fragments` are those of the clip's index. Of an object
  /// the first piece is fetched here, so that a failure is told before anything is on its way.
  [[nodiscard]] Result<std::unique_ptr<ClipStretch>> Stretch(
      const ClipPlace& place, const storage::ClipRow& clip,
      std::vector<storage::IndexedFragment> fragments, std::uint64_t begin,
      std::uint64_t end) const;
  /// The fragments that reach into [begin, end), one behind the other from the first one's offset
  /// on, as they were written.
  struct ReadFragments {
    std::uint64_t offset_bytes = 0;
    std::vector<std::uint8_t> bytes;
  };
  [[nodiscard]] Result<ReadFragments> Read(const ClipPlace& place, const storage::ClipRow& clip,
                                           std::span<const storage::IndexedFragment> fragments,
                                           std::uint64_t begin, std::uint64_t end) const;

 private:
  OfficeCalendar calendar_;
  storage::ObjectStore* store_;
  mutable storage::PosixFiles files_;
};

}  // namespace yagura::api
