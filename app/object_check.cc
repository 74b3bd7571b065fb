#include "app/object_check.h"

#include <set>

#include "storage/clip_path.h"
#include "storage/clip_reader.h"
#include "storage/store_files.h"
#include "storage/stored_object.h"

namespace yagura::app {
namespace {

using storage::ClipRow;

std::string NameOf(const ClipRow& row, const OfficeCalendar& calendar) {
  return storage::ClipPath(calendar, row.camera, row.id, row.start);
}

template <typename Visit>
void ForEachRow(const CatalogueEvidence& catalogue, Visit visit) {
  for (const auto& [camera, rows] : catalogue.clips) {
    for (const ClipRow& row : rows) visit(row);
  }
}

bool IsUnknown(const Result<std::uint64_t>& size_bytes) {
  return !size_bytes.has_value() && size_bytes.error().code() == ErrorCode::kNotFound;
}

void CompareCopy(const ClipRow& row, const FoundObjects& found, const OfficeCalendar& calendar,
                 storage::ObjectStore& store, std::vector<Disagreement>& into) {
  const std::string name = NameOf(row, calendar);
  const auto object = found.clips.find(row.id);
  const bool as_listed = object != found.clips.end() && object->second.name == name &&
                         object->second.size_bytes == row.bytes;
  if (as_listed) return;
  const auto size_bytes = store.SizeOf(name);
  const std::string what = "clip " + ToString(row.id) + ": ";
  if (IsUnknown(size_bytes)) {
    into.push_back({DisagreementKind::kFileMissing, what + "row without its copy, object " + name});
  } else if (!size_bytes.has_value()) {
    into.push_back({DisagreementKind::kFileMissing, what + size_bytes.error().message()});
  } else if (*size_bytes != row.bytes) {
    into.push_back(
        {DisagreementKind::kFileDiffers, what + "its copy has " + std::to_string(*size_bytes) +
                                             " bytes, its row says " + std::to_string(row.bytes)});
  }
}

}  // namespace

Result<FoundObjects> FindObjects(storage::ObjectStore& store) {
  FoundObjects found;
  std::string after;
  for (bool more = true; more;) {
    ASSIGN_OR_RETURN(const storage::ObjectPage page, store.List("clips/", after));
    more = page.more;
    for (const storage::ListedObject& object : page.objects) {
      after = object.name;
      const auto clip = storage::ParseClipFileName(object.name.substr(object.name.rfind('/') + 1));
      if (!clip || !found.clips.emplace(*clip, object).second)
        found.strangers.push_back(object.name);
    }
  }
  return found;
}

std::vector<Disagreement> CompareObjects(const CatalogueEvidence& catalogue,
                                         const FoundObjects& found, const OfficeCalendar& calendar,
                                         storage::ObjectStore& store) {
  std::vector<Disagreement> disagreements;
  std::set<ClipId> with_row;
  ForEachRow(catalogue, [&](const ClipRow& row) {
    with_row.insert(row.id);
    if (row.in_store) CompareCopy(row, found, calendar, store, disagreements);
  });
  for (const auto& [id, object] : found.clips) {
    if (with_row.contains(id) || catalogue.expiring.contains(id)) continue;
    if (IsUnknown(store.SizeOf(object.name))) continue;
    disagreements.push_back(
        {DisagreementKind::kFileUnknown, "object " + object.name + ": not in the catalogue"});
  }
  for (const std::string& name : found.strangers)
    disagreements.push_back(
        {DisagreementKind::kFileForeign, "object " + name + ": no clip of ours"});
  return disagreements;
}

ReadSoFar CopiesToRead(const CatalogueEvidence& catalogue) {
  ReadSoFar sum;
  ForEachRow(catalogue, [&](const ClipRow& row) {
    if (!row.in_store) return;
    ++sum.clips;
    sum.bytes += row.bytes;
  });
  return sum;
}

ChecksumCheck CompareCopies(const CatalogueEvidence& catalogue, const OfficeCalendar& calendar,
                            storage::ObjectStore& store,
                            const std::function<void(const ReadSoFar&)>& on_clip) {
  ChecksumCheck check;
  ForEachRow(catalogue, [&](const ClipRow& row) {
    if (!row.in_store) return;
    const std::string name = NameOf(row, calendar);
    const auto whole = storage::ReadBack(store, name, row.bytes, row.sha256);
    // Gone: expired meanwhile, or told by CompareObjects.
    if (!whole.has_value() && whole.error().code() != ErrorCode::kNotFound) {
      check.disagreements.push_back({DisagreementKind::kNotAsWritten,
                                     "clip " + ToString(row.id) + ": " + whole.error().message()});
    }
    ++check.read.clips;
    check.read.bytes += row.bytes;
    on_clip(check.read);
  });
  return check;
}

void AddMovedClips(const CatalogueEvidence& catalogue, const OfficeCalendar& calendar,
                   storage::Files& files, FoundClips& found) {
  ForEachRow(catalogue, [&](const ClipRow& row) {
    if (row.on_volume || found.clips.contains(row.id)) return;
    FoundClip clip{.path = storage::kStoreRoot + NameOf(row, calendar),
                   .camera = row.camera,
                   .volume = row.volume,
                   .bytes = row.bytes,
                   .identity = {}};
    const auto file = files.OpenToRead(clip.path);
    if (!file.has_value()) return;  // told by CompareObjects
    if (const auto head = storage::ReadClipHead(**file); head.has_value()) {
      clip.readable = true;
      clip.identity = head->identity;
    }
    found.clips.emplace(row.id, std::move(clip));
  });
}

}  // namespace yagura::app
