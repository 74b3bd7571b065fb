#include "app/crash_book.h"

#include <algorithm>
#include <cstring>

#include "core/crc32c.h"

namespace yagura::app {
namespace {

constexpr std::array<std::uint8_t, 8> kMagic{'y', 'g', 'c', 'r', 's', 'h', '0', '1'};
constexpr std::size_t kChecksummedBytes = kCrashEntryBytes - sizeof(std::uint32_t);

// Numbers lie as the processor has them: the file never leaves its machine.
template <class T>
void Put(std::uint8_t*& to, const T& value) {
  std::memcpy(to, &value, sizeof value);
  to += sizeof value;
}
template <class T>
void Get(const std::uint8_t*& from, T& value) {
  std::memcpy(&value, from, sizeof value);
  from += sizeof value;
}

std::optional<CrashEntry> EntryAt(std::span<const std::uint8_t, kCrashEntryBytes> bytes) {
  if (!std::equal(kMagic.begin(), kMagic.end(), bytes.begin())) return std::nullopt;
  const std::uint8_t* from = bytes.data() + kMagic.size();
  CrashEntry entry;
  std::uint16_t signal = 0;
  std::uint16_t stream = 0;
  std::int64_t at_us = 0;
  std::int64_t uptime_us = 0;
  std::uint32_t checksum = 0;
  Get(from, signal);
  Get(from, stream);
  Get(from, at_us);
  Get(from, uptime_us);
  Get(from, entry.boot.bytes);
  Get(from, entry.camera.bytes);
  Get(from, checksum);
  if (checksum != Crc32c(bytes.first(kChecksummedBytes))) return std::nullopt;
  entry.signal = signal;
  entry.stream = stream == 0 ? Stream::kMain : Stream::kSub;
  entry.at = WallTime(microseconds(at_us));
  entry.uptime = microseconds(uptime_us);
  return entry;
}

/// Neither a step of the clock nor a restart of the machine makes two crashes seem far apart that
/// aren't, nor the other way round, unless both come at once.
bool CloseTogether(const CrashEntry& a, const CrashEntry& b) {
  const bool one_boot = a.boot == b.boot && a.boot != BootId{};
  const microseconds apart = one_boot ? b.uptime - a.uptime : b.at - a.at;
  return -CrashBook::kParkWithin <= apart && apart <= CrashBook::kParkWithin;
}

}  // namespace

std::array<std::uint8_t, kCrashEntryBytes> EncodeCrashEntry(const CrashEntry& entry) {
  std::array<std::uint8_t, kCrashEntryBytes> bytes{};
  std::uint8_t* to = bytes.data();
  Put(to, kMagic);
  Put(to, static_cast<std::uint16_t>(entry.signal));
  Put(to, static_cast<std::uint16_t>(entry.stream));
  Put(to, std::int64_t{entry.at.time_since_epoch().count()});
  Put(to, std::int64_t{entry.uptime.count()});
  Put(to, entry.boot.bytes);
  Put(to, entry.camera.bytes);
  Put(to, Crc32c(std::span(bytes).first(kChecksummedBytes)));
  return bytes;
}

CrashEntries DecodeCrashEntries(std::span<const std::uint8_t> bytes) {
  CrashEntries read;
  while (!bytes.empty()) {
    const auto entry =
        bytes.size() >= kCrashEntryBytes ? EntryAt(bytes.first<kCrashEntryBytes>()) : std::nullopt;
    if (entry) read.entries.push_back(*entry);
    // Behind what is torn the next entry may begin at any byte.
    read.skipped_bytes += entry ? 0 : 1;
    bytes = bytes.subspan(entry ? kCrashEntryBytes : 1);
  }
  return read;
}

void CrashBook::Add(const CrashEntry& entry) {
  Account& account = accounts_[{entry.camera, entry.stream}];
  const Numbered numbered{added_++, entry};
  if (entry.signal == kLift) {
    if (account.lift && entry.at <= account.lift->entry.at) return;
    account = {numbered, {}};
    return;
  }
  auto& crashes = account.crashes;
  if (crashes.size() == 2) return;  // parked already
  if (!crashes.empty() && !CloseTogether(crashes.front().entry, entry)) crashes.clear();
  crashes.push_back(numbered);
}

std::vector<CrashEntry> CrashBook::CrashesOf(const CameraStream& of) const {
  std::vector<CrashEntry> crashes;
  const auto found = accounts_.find(of);
  if (found == accounts_.end()) return crashes;
  for (const Numbered& crash : found->second.crashes) crashes.push_back(crash.entry);
  return crashes;
}

std::optional<WallTime> CrashBook::LiftedAt(const CameraStream& of) const {
  const auto found = accounts_.find(of);
  if (found == accounts_.end() || !found->second.lift) return std::nullopt;
  return found->second.lift->entry.at;
}

std::vector<CrashEntry> CrashBook::Kept() const {
  std::vector<Numbered> kept;
  for (const auto& [of, account] : accounts_) {
    if (account.lift) kept.push_back(*account.lift);
    kept.insert(kept.end(), account.crashes.begin(), account.crashes.end());
  }
  std::ranges::sort(kept, {}, &Numbered::number);
  if (kept.size() > kEntriesMax) {
    kept.erase(kept.begin(), kept.end() - static_cast<std::ptrdiff_t>(kEntriesMax));
  }
  std::vector<CrashEntry> entries;
  for (const Numbered& numbered : kept) entries.push_back(numbered.entry);
  return entries;
}

}  // namespace yagura::app
