#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "app/checksum_check.h"
#include "app/disagreement.h"
#include "app/evidence.h"
#include "core/calendar.h"
#include "core/result.h"
#include "storage/object_store.h"

/// What `yagura check` compares of the object store: names, then sizes, then checksums.
namespace yagura::app {

struct FoundObjects {
  std::map<ClipId, storage::ListedObject> clips;
  std::vector<std::string> strangers;  // other objects below clips/
};
/// Names and sizes of all objects below clips/; reads none. Errors of the store.
[[nodiscard]] Result<FoundObjects> FindObjects(storage::ObjectStore& store);

/// - A5: each row that says so has its copy, named as its clip is, and as long as the row says;
/// - A6: each object has a row, or is expiring; nothing else lies below clips/.
///
/// Copies come and go meanwhile: what seems wrong is asked for once more.
[[nodiscard]] std::vector<Disagreement> CompareObjects(const CatalogueEvidence& catalogue,
                                                       const FoundObjects& found,
                                                       const OfficeCalendar& calendar,
                                                       storage::ObjectStore& store);

/// Rows that have a copy: what CompareCopies reads.
[[nodiscard]] ReadSoFar CopiesToRead(const CatalogueEvidence& catalogue);
/// A7: reads every copy, and compares it with its row's SHA-256. Calls `on_clip` after each.
[[nodiscard]] ChecksumCheck CompareCopies(const CatalogueEvidence& catalogue,
                                          const OfficeCalendar& calendar,
                                          storage::ObjectStore& store,
                                          const std::function<void(const ReadSoFar&)>& on_clip);

/// Adds what has left its volume to `found`, to be read by `files` (store_files.h).
void AddMovedClips(const CatalogueEvidence& catalogue, const OfficeCalendar& calendar,
                   storage::Files& files, FoundClips& found);

}  // namespace yagura::app
