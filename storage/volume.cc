#include "storage/volume.h"

#include <algorithm>

#include "core/log.h"

namespace yagura::storage {
namespace {

constexpr std::string_view kIdentityFile = "/volume";
constexpr std::string_view kIdentityTitle = "yagura volume 1\n";
constexpr std::uint64_t kIdentityBytesMax = 4096;

std::string IdentityText(const VolumeId& id) {
  return std::string(kIdentityTitle) + ToString(id) + "\n";
}

Result<VolumeId> ReadIdentity(Files& files, const std::string& root) {
  auto bytes = ReadWhole(files, root + std::string(kIdentityFile), kIdentityBytesMax);
  if (!bytes.has_value()) {
    return Failure(ErrorCode::kFailedPrecondition,
                   "\"" + root + "\" is no volume (not mounted?): " + bytes.error().message());
  }
  std::string_view text(reinterpret_cast<const char*>(bytes->data()), bytes->size());
  if (text.starts_with(kIdentityTitle) && text.ends_with('\n')) {
    text.remove_prefix(kIdentityTitle.size());
    text.remove_suffix(1);
    if (const auto id = ParseId<VolumeId>(text)) return *id;
  }
  return Failure(ErrorCode::kFailedPrecondition, "\"" + root + "\" has a damaged volume identity");
}

}  // namespace

Result<std::unique_ptr<Volume>> Volume::Open(Files& files, VolumeOptions options) {
  ASSIGN_OR_RETURN(const VolumeId id, ReadIdentity(files, options.root));
  std::unique_ptr<Volume> volume(new Volume(files, std::move(options), id));
  volume->CheckSpace();
  return volume;
}

Result<VolumeId> Volume::Format(Files& files, const std::string& root) {
  ASSIGN_OR_RETURN(const auto entries, files.List(root));
  for (const FolderEntry& entry : entries) {
    if (entry.name == kIdentityFile.substr(1)) return ReadIdentity(files, root);
  }
  for (const FolderEntry& entry : entries) {
    // What mkfs leaves, and what a format cut short left.
    if (entry.name == "lost+found" || entry.name == "volume.new") continue;
    return Failure(ErrorCode::kFailedPrecondition, "\"" + root + "\" is not empty and no volume");
  }
  const auto id = NewId<VolumeId>();
  const std::string text = IdentityText(id);
  RETURN_IF_ERROR(ReplaceWhole(files, root + std::string(kIdentityFile),
                               {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}));
  return id;
}

Result<void> Volume::CheckIdentity() {
  ASSIGN_OR_RETURN(const VolumeId id, ReadIdentity(files_, root()));
  if (id != id_) {
    return Failure(ErrorCode::kFailedPrecondition,
                   "\"" + root() + "\" is volume " + ToString(id) + ", expected " + ToString(id_));
  }
  return {};
}

std::uint64_t ReserveOf(std::uint64_t asked_bytes, std::uint64_t total_bytes) {
  return std::min(asked_bytes, total_bytes / 10);
}

std::uint64_t CapacityBytes(const Space& space, std::uint64_t reserve_bytes) {
  return UsableBytes({.free_bytes = space.total_bytes, .total_bytes = space.total_bytes},
                     reserve_bytes);
}

std::uint64_t UsableBytes(const Space& space, std::uint64_t reserve_bytes) {
  const std::uint64_t reserve = ReserveOf(reserve_bytes, space.total_bytes);
  const std::uint64_t kept = reserve + reserve / 10;
  return space.free_bytes > kept ? space.free_bytes - kept : 0;
}

void Volume::CheckSpace() {
  const auto space = files_.SpaceOf(root());
  if (!space.has_value()) {
    log::Warning("free space of a volume is unknown",
                 {{"volume", ToString(id_)}, {"why", space.error()}});
    return;
  }
  free_bytes_.store(space->free_bytes, std::memory_order_relaxed);
  total_bytes_.store(space->total_bytes, std::memory_order_relaxed);
  const bool was_full = full_.load(std::memory_order_relaxed);
  const std::uint64_t reserve_bytes = ReserveOf(options_.reserve_bytes, space->total_bytes);
  const std::uint64_t needed_bytes = was_full ? reserve_bytes + reserve_bytes / 20 : reserve_bytes;
  const bool full = space->free_bytes < needed_bytes;
  if (full == was_full) return;
  full_.store(full, std::memory_order_relaxed);
  const auto free_bytes = static_cast<std::int64_t>(space->free_bytes);
  if (full) {
    log::Error("volume is full: recording to it stops",
               {{"volume", ToString(id_)}, {"free_bytes", free_bytes}});
  } else {
    log::Info("volume has space again", {{"volume", ToString(id_)}, {"free_bytes", free_bytes}});
  }
}

void Volume::CheckPresence() {
  const auto there = CheckIdentity();
  if (!there.has_value()) CountFailure();
  if (is_missing() == !there.has_value()) return;
  missing_.store(!there.has_value(), std::memory_order_relaxed);
  if (!there.has_value()) {
    log::Error("alarm: a volume is missing: nothing new is recorded on it",
               {{"volume", ToString(id_)}, {"why", there.error()}});
  } else {
    log::Info("a volume is there again", {{"volume", ToString(id_)}});
  }
}

}  // namespace yagura::storage
