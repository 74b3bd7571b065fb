#include "app/crash_file_posix.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <ctime>
#include <fstream>

#include "core/log.h"

namespace yagura::app {
namespace {

/// Between two starts it grows by a crash and by the lifts of that time.
constexpr std::uint64_t kSizeMaxBytes = 4 * CrashBook::kEntriesMax * kCrashEntryBytes;

}  // namespace

CrashFile::CrashFile(storage::Files& files, const std::string& path) {
  Read(files, path);
  descriptor_ = open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (descriptor_ < 0) {
    log::Error("alarm: crashes can't be noted, so no camera is parked for them",
               {{"path", path}, {"error", std::strerror(errno)}});
  }
}

CrashFile::~CrashFile() {
  if (descriptor_ >= 0) close(descriptor_);
}

void CrashFile::Read(storage::Files& files, const std::string& path) {
  const auto bytes = storage::ReadWhole(files, path, kSizeMaxBytes);
  if (!bytes.has_value()) {
    if (bytes.error().code() != ErrorCode::kNotFound)
      log::Error("the crashes noted can't be read", {{"error", bytes.error()}});
    return;
  }
  const CrashEntries read = DecodeCrashEntries(*bytes);
  if (read.skipped_bytes > 0) {
    log::Warning("a part of the crashes noted is torn or damaged, and passed over",
                 {{"path", path}, {"bytes", static_cast<std::int64_t>(read.skipped_bytes)}});
  }
  for (const CrashEntry& entry : read.entries) book_.Add(entry);
  const std::vector<CrashEntry> kept = book_.Kept();
  if (kept.size() * kCrashEntryBytes == bytes->size()) return;
  std::vector<std::uint8_t> whole;
  for (const CrashEntry& entry : kept) {
    const auto encoded = EncodeCrashEntry(entry);
    whole.insert(whole.end(), encoded.begin(), encoded.end());
  }
  if (const auto replaced = storage::ReplaceWhole(files, path, whole); !replaced.has_value())
    log::Error("the crashes noted can't be written anew", {{"error", replaced.error()}});
}

Result<void> CrashFile::Note(const CrashEntry& entry) {
  const auto bytes = EncodeCrashEntry(entry);
  if (write(descriptor_, bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size()))
    return Failure(ErrorCode::kUnavailable, std::string("can't write: ") + std::strerror(errno));
  book_.Add(entry);
  return {};
}

BootId ThisBoot() {
  std::ifstream file("/proc/sys/kernel/random/boot_id");
  std::string text;
  std::getline(file, text);
  return ParseId<BootId>(text).value_or(BootId{});
}

microseconds Uptime() {
  timespec now{};
  (void)clock_gettime(CLOCK_BOOTTIME, &now);  // Linux has it; else 0, and the boot is unknown
  return microseconds(std::int64_t{now.tv_sec} * 1'000'000 + now.tv_nsec / 1'000);
}

}  // namespace yagura::app
