#include "tests/faults/mortal_files.h"

#include <array>
#include <utility>

namespace yagura::testing {

using storage::ByteView;
using storage::File;
using storage::FolderEntry;
using storage::Space;

namespace {

/// Does `call`, unless the process dies at it.
template <class Do>
auto Mortally(Death& death, const char* call, Do&& act) {
  const auto phase = death.Strikes(call);
  if (phase && *phase != DeathPlan::Phase::kBehind) death.Die();
  auto done = act();
  if (phase) death.Die();
  return done;
}

std::vector<std::uint8_t> FirstHalf(std::span<const ByteView> parts) {
  std::vector<std::uint8_t> bytes;
  for (const ByteView part : parts) bytes.insert(bytes.end(), part.begin(), part.end());
  bytes.resize(bytes.size() / 2);
  return bytes;
}

class MortalFile final : public File {
 public:
  MortalFile(std::unique_ptr<File> file, bool is_journal, Death& death, const TrialLog& log)
      : file_(std::move(file)), is_journal_(is_journal), death_(death), log_(log) {}

  Result<void> Write(std::uint64_t offset, std::span<const ByteView> parts) override {
    const auto phase = death_.Strikes(is_journal_ ? "journal_write" : "write");
    if (phase == DeathPlan::Phase::kHalf) {
      const std::vector<std::uint8_t> half = FirstHalf(parts);
      const std::array<ByteView, 1> torn{half};
      (void)file_->Write(offset, torn);  // nobody will hear of it
    }
    if (phase && *phase != DeathPlan::Phase::kBehind) death_.Die();
    auto written = file_->Write(offset, parts);
    if (phase) death_.Die();
    return written;
  }
  Result<std::size_t> Read(std::uint64_t offset, std::span<std::uint8_t> buffer) const override {
    return file_->Read(offset, buffer);
  }
  Result<std::uint64_t> Size() const override { return file_->Size(); }
  Result<void> Truncate(std::uint64_t size_bytes) override {
    return Mortally(death_, "truncate", [&] { return file_->Truncate(size_bytes); });
  }
  void StartSync() override { file_->StartSync(); }
  Result<void> SyncData() override {
    if (!is_journal_) return Mortally(death_, "sync", [&] { return file_->SyncData(); });
    log_.Tell("journal_sync\n");
    auto synced = Mortally(death_, "journal_sync", [&] { return file_->SyncData(); });
    if (synced.has_value()) log_.Tell("journal_synced\n");
    return synced;
  }
  Result<void> Sync() override {
    return Mortally(death_, "sync", [&] { return file_->Sync(); });
  }
  void StartReading(std::uint64_t offset, std::uint64_t size_bytes) const override {
    file_->StartReading(offset, size_bytes);
  }
  void DropFromCache(std::uint64_t size_bytes) override { file_->DropFromCache(size_bytes); }

 private:
  const std::unique_ptr<File> file_;
  const bool is_journal_;
  Death& death_;
  const TrialLog& log_;
};

Result<std::unique_ptr<File>> Wrapped(Result<std::unique_ptr<File>> file, const std::string& path,
                                      Death& death, const TrialLog& log) {
  if (!file.has_value()) return file;
  return std::make_unique<MortalFile>(*std::move(file), path.ends_with(".log"), death, log);
}

}  // namespace

Result<std::unique_ptr<File>> MortalFiles::Create(const std::string& path) {
  return Mortally(death_, "create",
                  [&] { return Wrapped(files_.Create(path), path, death_, log_); });
}
Result<std::unique_ptr<File>> MortalFiles::OpenToRead(const std::string& path) {
  return Wrapped(files_.OpenToRead(path), path, death_, log_);
}
Result<std::unique_ptr<File>> MortalFiles::OpenToWrite(const std::string& path) {
  return Wrapped(files_.OpenToWrite(path), path, death_, log_);
}
Result<void> MortalFiles::MakeFolder(const std::string& path) {
  return Mortally(death_, "make_folder", [&] { return files_.MakeFolder(path); });
}
Result<void> MortalFiles::SyncFolder(const std::string& path) {
  return Mortally(death_, "sync_folder", [&] { return files_.SyncFolder(path); });
}
Result<void> MortalFiles::Rename(const std::string& from, const std::string& to) {
  return Mortally(death_, "rename", [&] { return files_.Rename(from, to); });
}
Result<void> MortalFiles::Unlink(const std::string& path) {
  return Mortally(death_, "unlink", [&] { return files_.Unlink(path); });
}
Result<std::vector<FolderEntry>> MortalFiles::List(const std::string& folder) {
  return files_.List(folder);
}
Result<WallTime> MortalFiles::ModifiedAt(const std::string& path) {
  ASSIGN_OR_RETURN(const WallTime machine, files_.ModifiedAt(path));
  return log_.TrialTimeAt(machine);
}
Result<Space> MortalFiles::SpaceOf(const std::string& path) { return files_.SpaceOf(path); }

}  // namespace yagura::testing
