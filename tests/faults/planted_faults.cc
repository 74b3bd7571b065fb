// Faults of the product, planted one at a time, to prove that the judge sees them: the name stands
// in the environment (tests/faults/run --plant). By the linker's --wrap they stand in the product's
// place for all who call it (CMakeLists.txt); the product has no switch that does this.
#include <fcntl.h>
#include <sys/uio.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "storage/clip_reader.h"
#include "storage/journal.h"
#include "storage/open_clip.h"
#include "storage/orphans.h"
#include "storage/recovery.h"
#include "storage/run_writer.h"
#include "storage/volume_writer.h"

namespace {

bool IsPlanted(std::string_view name) {
  static const char* const planted = std::getenv("YAGURA_PLANTED");
  return planted != nullptr && name == planted;
}

bool IsNamed(int fd, std::string_view suffix) {
  std::array<char, 4096> path{};
  const std::string link = "/proc/self/fd/" + std::to_string(fd);
  const ssize_t length = ::readlink(link.c_str(), path.data(), path.size());
  return length > 0 &&
         std::string_view(path.data(), static_cast<std::size_t>(length)).ends_with(suffix);
}

/// True at every `n`-th call.
bool Each(int n) {
  static int calls = 0;
  return ++calls % n == 0;
}

}  // namespace

extern "C" {
int TrulyFsync(int fd) asm("__real_fsync");
int Fsync(int fd) asm("__wrap_fsync");
int TrulyFdatasync(int fd) asm("__real_fdatasync");
int Fdatasync(int fd) asm("__wrap_fdatasync");
int TrulyTruncate(int fd, off_t length) asm("__real_ftruncate");
int Truncate(int fd, off_t length) asm("__wrap_ftruncate");
int TrulyBegin(int fd, off64_t from, off64_t bytes, unsigned how) asm("__real_sync_file_range");
int Begin(int fd, off64_t from, off64_t bytes, unsigned how) asm("__wrap_sync_file_range");
int TrulyAdvise(int fd, off_t from, off_t bytes, int advice) asm("__real_posix_fadvise");
int Advise(int fd, off_t from, off_t bytes, int advice) asm("__wrap_posix_fadvise");
ssize_t TrulyWrite(int fd, const iovec* parts, int count, off_t offset) asm("__real_pwritev");
ssize_t Write(int fd, const iovec* parts, int count, off_t offset) asm("__wrap_pwritev");

int Fsync(int fd) {
  if (IsPlanted("files_unsynced") && IsNamed(fd, ".mp4")) return 0;
  return TrulyFsync(fd);
}

int Fdatasync(int fd) {
  if (IsPlanted("files_unsynced") && IsNamed(fd, ".mp4")) return 0;
  if (IsPlanted("journal_unsynced") && IsNamed(fd, ".log")) return 0;
  return TrulyFdatasync(fd);
}

int Begin(int fd, off64_t from, off64_t bytes, unsigned how) {
  return IsPlanted("row_before_sync") ? 0 : TrulyBegin(fd, from, bytes, how);
}

/// To drop a page from the cache is to write it.
int Advise(int fd, off_t from, off_t bytes, int advice) {
  return IsPlanted("row_before_sync") ? 0 : TrulyAdvise(fd, from, bytes, advice);
}

int Truncate(int fd, off_t length) {
  if (IsPlanted("torn_end_kept") && IsNamed(fd, ".mp4")) return 0;
  return TrulyTruncate(fd, length);
}

ssize_t Write(int fd, const iovec* parts, int count, off_t offset) {
  const bool is_cut = IsPlanted("write_cut_short");
  if ((!IsPlanted("byte_altered") && !is_cut) || !IsNamed(fd, ".mp4") || !Each(40))
    return TrulyWrite(fd, parts, count, offset);
  std::vector<char> bytes;
  for (int i = 0; i < count; ++i) {
    const auto* from = static_cast<const char*>(parts[i].iov_base);
    bytes.insert(bytes.end(), from, from + parts[i].iov_len);
  }
  if (!is_cut) bytes.back() = static_cast<char>(bytes.back() ^ 1);
  const iovec all{bytes.data(), is_cut ? bytes.size() / 2 : bytes.size()};
  return TrulyWrite(fd, &all, 1, offset) < 0 ? -1 : static_cast<ssize_t>(bytes.size());
}
}

namespace yagura::storage {

Result<void> TrulySyncFile(OpenClip* clip,
                           const OpenClip::Mark& mark) asm("__real_" YAGURA_SYNC_FILE);
Result<void> SyncFile(OpenClip* clip, const OpenClip::Mark& mark) asm("__wrap_" YAGURA_SYNC_FILE);
Result<void> SyncFile(OpenClip* clip, const OpenClip::Mark& mark) {
  if (IsPlanted("row_before_sync") && mark.closing) return {};
  return TrulySyncFile(clip, mark);
}

void TrulySyncRound(VolumeWriter* volume) asm("__real_" YAGURA_SYNC_ROUND);
void SyncRound(VolumeWriter* volume) asm("__wrap_" YAGURA_SYNC_ROUND);
void SyncRound(VolumeWriter* volume) {
  if (!IsPlanted("rare_syncs") || Each(3)) TrulySyncRound(volume);
}

using Volumes = std::vector<const Volume*>;
OrphanSweep TrulySweep(Files& files, const Volumes& volumes, const OfficeCalendar& calendar,
                       Journal& journal, const WallRange& changed) asm("__real_" YAGURA_SWEEP);
OrphanSweep Sweep(Files& files, const Volumes& volumes, const OfficeCalendar& calendar,
                  Journal& journal, const WallRange& changed) asm("__wrap_" YAGURA_SWEEP);
OrphanSweep Sweep(Files& files, const Volumes& volumes, const OfficeCalendar& calendar,
                  Journal& journal, const WallRange& changed) {
  if (IsPlanted("orphans_left")) return {};
  return TrulySweep(files, volumes, calendar, journal, changed);
}

Result<ClipIndex> TrulyRead(const File& file, std::uint64_t bytes) asm("__real_" YAGURA_READ_INDEX);
Result<ClipIndex> Read(const File& file, std::uint64_t bytes) asm("__wrap_" YAGURA_READ_INDEX);
Result<ClipIndex> Read(const File& file, std::uint64_t bytes) {
  auto index = TrulyRead(file, bytes);
  if (!IsPlanted("last_fragment_dropped") || !index.has_value() || index->fragments.empty())
    return index;
  const IndexedFragment last = index->fragments.back();
  index->fragments.pop_back();
  index->samples.resize(index->samples.size() - last.samples);
  index->fragments_end = last.offset_bytes;
  return index;
}

template <class Record>
void Erase(std::vector<JournalRecord>& records) {
  std::erase_if(records,
                [](const JournalRecord& one) { return std::holds_alternative<Record>(one); });
}
/// Does `change` to each of a kind.
template <class Record, class Change>
void ChangeEach(std::vector<JournalRecord>& records, Change change) {
  for (JournalRecord& one : records) {
    if (auto* const record = std::get_if<Record>(&one)) change(*record);
  }
}

void Spoil(StreamRecovery& stream) {
  constexpr std::chrono::milliseconds kHalfASecond{500};
  if (IsPlanted("gap_unwritten")) Erase<GapOpened>(stream.records);
  if (IsPlanted("run_unended")) Erase<RunEnded>(stream.records);
  if (IsPlanted("gap_late"))
    ChangeEach<GapOpened>(stream.records, [&](GapOpened& gap) { gap.from += kHalfASecond; });
  if (IsPlanted("gap_over_footage"))
    ChangeEach<GapOpened>(stream.records, [&](GapOpened& gap) { gap.from -= kHalfASecond; });
}

using Recoveries = std::vector<StreamRecovery>;
Recoveries TrulySalvage(Files& files, const Volumes& volumes, const OfficeCalendar& calendar,
                        const JournalState& state, WallTime now) asm("__real_" YAGURA_SALVAGE);
Recoveries Salvage(Files& files, const Volumes& volumes, const OfficeCalendar& calendar,
                   const JournalState& state, WallTime now) asm("__wrap_" YAGURA_SALVAGE);
Recoveries Salvage(Files& files, const Volumes& volumes, const OfficeCalendar& calendar,
                   const JournalState& state, WallTime now) {
  Recoveries recoveries = TrulySalvage(files, volumes, calendar, state, now);
  for (StreamRecovery& stream : recoveries) Spoil(stream);
  return recoveries;
}

Result<std::vector<JournalRecord>> TrulyFinish(Files& files, const SalvagedClip& clip) asm(
    "__real_" YAGURA_FINISH);
Result<std::vector<JournalRecord>> Finish(Files& files,
                                          const SalvagedClip& clip) asm("__wrap_" YAGURA_FINISH);
Result<std::vector<JournalRecord>> Finish(Files& files, const SalvagedClip& clip) {
  if (IsPlanted("recovered_unclosed")) return Failure(ErrorCode::kInternal, "planted");
  auto records = TrulyFinish(files, clip);
  if (!records.has_value()) return records;
  ChangeEach<ClipClosed>(*records, [](ClipClosed& closed) {
    if (IsPlanted("end_wrong")) closed.wall_end += std::chrono::milliseconds(40);
    if (IsPlanted("hash_wrong")) closed.sha256.back() ^= 1;
    if (IsPlanted("floor_wrong")) closed.opened.owner.floor = NewId<FloorId>();
  });
  return records;
}

using Records = std::span<const JournalRecord>;
void TrulyAppend(Journal* journal, Records records) asm("__real_" YAGURA_APPEND);
void Append(Journal* journal, Records records) asm("__wrap_" YAGURA_APPEND);
void Append(Journal* journal, Records records) {
  std::vector<JournalRecord> kept(records.begin(), records.end());
  if (IsPlanted("run_forgotten") && Each(7)) Erase<RunOpened>(kept);
  TrulyAppend(journal, kept);
}

void TrulyWriteFragment(RunWriter* runs, const RunWriter::Account& account,
                        std::shared_ptr<const Fragment> fragment) asm("__real_" YAGURA_ON_FRAGMENT);
void WriteFragment(RunWriter* runs, const RunWriter::Account& account,
                   std::shared_ptr<const Fragment> fragment) asm("__wrap_" YAGURA_ON_FRAGMENT);
void WriteFragment(RunWriter* runs, const RunWriter::Account& account,
                   std::shared_ptr<const Fragment> fragment) {
  if (!IsPlanted("fragment_lost") || !Each(10)) TrulyWriteFragment(runs, account, fragment);
  const bool again = IsPlanted("fragment_twice") && fragment->boundary == Boundary::kNone;
  if (again && Each(10)) TrulyWriteFragment(runs, account, fragment);
}

}  // namespace yagura::storage
