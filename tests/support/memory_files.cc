#include "tests/support/memory_files.h"

#include <algorithm>
#include <optional>

namespace yagura::testing {

using storage::ByteView;
using storage::File;
using storage::FolderEntry;
using storage::FolderOf;
using storage::Space;

class MemoryFile final : public File {
 public:
  MemoryFile(MemoryFiles& files, std::string path, MemoryFiles::InodePointer inode,
             std::uint64_t era)
      : files_(files), path_(std::move(path)), inode_(std::move(inode)), era_(era) {}

  Result<void> Write(std::uint64_t offset, std::span<const ByteView> parts) override {
    std::vector<std::uint8_t> bytes;
    for (const ByteView part : parts) bytes.insert(bytes.end(), part.begin(), part.end());
    const std::span<const std::uint8_t> all(bytes);
    try {
      auto entered = Enter("write");
      Put(offset, entered.has_value() ? all : all.first(all.size() / 2));
      return entered;
    } catch (const MemoryFiles::MachineDown&) {
      Put(offset, all.first(all.size() / 2));  // torn
      throw;
    }
  }

  Result<std::size_t> Read(std::uint64_t offset, std::span<std::uint8_t> buffer) const override {
    const std::scoped_lock lock(files_.mutex_);
    RETURN_IF_ERROR(CheckEra());
    if (offset >= inode_->bytes.size()) return std::size_t{0};
    const std::size_t count =
        std::min(buffer.size(), inode_->bytes.size() - static_cast<std::size_t>(offset));
    std::copy_n(inode_->bytes.begin() + static_cast<std::ptrdiff_t>(offset), count, buffer.begin());
    return count;
  }
  Result<std::uint64_t> Size() const override {
    const std::scoped_lock lock(files_.mutex_);
    RETURN_IF_ERROR(CheckEra());
    return inode_->bytes.size();
  }
  Result<void> Truncate(std::uint64_t size_bytes) override {
    RETURN_IF_ERROR(Enter("truncate"));
    const std::scoped_lock lock(files_.mutex_);
    inode_->bytes.resize(static_cast<std::size_t>(size_bytes));
    IsDirty(inode_->bytes.size(), SIZE_MAX);
    return {};
  }
  void StartSync() override {
    if (files_.on_start_sync_) files_.on_start_sync_(path_);
  }
  Result<void> SyncData() override { return SyncAs("fdatasync"); }
  Result<void> Sync() override { return SyncAs("fsync"); }
  void DropFromCache(std::uint64_t) override {}

 private:
  void Put(std::uint64_t offset, std::span<const std::uint8_t> bytes) {
    const std::scoped_lock lock(files_.mutex_);
    if (era_ != files_.era_) return;
    inode_->changed = files_.now_();
    const std::size_t end = static_cast<std::size_t>(offset) + bytes.size();
    if (inode_->bytes.size() < end) inode_->bytes.resize(end);
    std::copy(bytes.begin(), bytes.end(),
              inode_->bytes.begin() + static_cast<std::ptrdiff_t>(offset));
    IsDirty(static_cast<std::size_t>(offset), end);
  }
  /// The next sync brings [from, to) to the disk, whatever became of it before.
  void IsDirty(std::size_t from, std::size_t to) {
    std::vector<std::pair<std::size_t, std::size_t>> left;
    for (const auto& [begin, end] : inode_->dropped) {
      if (begin < std::min(end, from)) left.emplace_back(begin, std::min(end, from));
      if (std::max(begin, to) < end) left.emplace_back(std::max(begin, to), end);
    }
    inode_->dropped = left;
  }
  Result<void> SyncAs(const char* what) {
    auto entered = Enter(what);
    const std::scoped_lock lock(files_.mutex_);
    if (!entered.has_value()) {
      if (CheckEra().has_value())
        inode_->dropped.emplace_back(inode_->synced.size(), inode_->bytes.size());
      return entered;
    }
    inode_->synced = inode_->bytes;
    for (const auto& [from, to] : inode_->dropped) {
      const std::size_t end = std::min(to, inode_->synced.size());
      for (std::size_t i = from; i < end; ++i) inode_->synced[i] = 0;
    }
    return {};
  }
  Result<void> Enter(const char* what) {
    {
      const std::scoped_lock lock(files_.mutex_);
      RETURN_IF_ERROR(CheckEra());
    }
    return files_.Enter(what, path_);
  }
  [[nodiscard]] Result<void> CheckEra() const {
    if (era_ == files_.era_ && files_.power_) return {};
    return Failure(ErrorCode::kUnavailable, "this file was open when the machine went down");
  }

  MemoryFiles& files_;
  const std::string path_;
  const MemoryFiles::InodePointer inode_;
  const std::uint64_t era_;
};

MemoryFiles::MemoryFiles(std::function<WallTime()> now)
    : now_(std::move(now)), folders_{"/"}, durable_folders_{"/"} {}
MemoryFiles::~MemoryFiles() = default;

Result<void> MemoryFiles::Enter(const char* what, const std::string& path) {
  Fault fault;
  Call call;
  {
    const std::scoped_lock lock(mutex_);
    if (!power_) return Failure(ErrorCode::kUnavailable, "no power");
    call = {.number = log_.size() + 1, .what = what, .path = path};
    log_.push_back(call);
    fault = fault_;
  }
  if (!fault) return {};
  const auto code = fault(call);
  if (!code) return {};
  return Failure(*code, "injected: " + call.what + " \"" + path + "\"");
}

Result<std::unique_ptr<File>> MemoryFiles::Create(const std::string& path) {
  RETURN_IF_ERROR(Enter("create", path));
  const std::scoped_lock lock(mutex_);
  if (!folders_.contains(FolderOf(path)))
    return Failure(ErrorCode::kNotFound, "no folder for " + path);
  if (files_.contains(path)) return Failure(ErrorCode::kAlreadyExists, path);
  auto inode = std::make_shared<Inode>();
  inode->changed = now_();
  inode->number = ++inodes_;
  files_[path] = inode;
  return std::make_unique<MemoryFile>(*this, path, inode, era_);
}

Result<std::unique_ptr<File>> MemoryFiles::Open(const std::string& path) {
  const std::scoped_lock lock(mutex_);
  if (!power_) return Failure(ErrorCode::kUnavailable, "no power");
  const auto found = files_.find(path);
  if (found == files_.end()) return Failure(ErrorCode::kNotFound, path);
  return std::make_unique<MemoryFile>(*this, path, found->second, era_);
}

Result<std::unique_ptr<File>> MemoryFiles::OpenToRead(const std::string& path) {
  return Open(path);
}
Result<std::unique_ptr<File>> MemoryFiles::OpenToWrite(const std::string& path) {
  return Open(path);
}

Result<void> MemoryFiles::MakeFolder(const std::string& path) {
  RETURN_IF_ERROR(Enter("mkdir", path));
  const std::scoped_lock lock(mutex_);
  if (!folders_.contains(FolderOf(path)))
    return Failure(ErrorCode::kNotFound, "no folder for " + path);
  folders_.insert(path);
  return {};
}

Result<void> MemoryFiles::SyncFolder(const std::string& path) {
  RETURN_IF_ERROR(Enter("syncdir", path));
  const std::scoped_lock lock(mutex_);
  if (!folders_.contains(path)) return Failure(ErrorCode::kNotFound, path);
  const auto is_child = [&](const std::string& name) {
    return name != "/" && FolderOf(name) == path;
  };
  std::erase_if(durable_files_, [&](const auto& entry) { return is_child(entry.first); });
  for (const auto& [name, inode] : files_) {
    if (is_child(name)) durable_files_[name] = inode;
  }
  for (const std::string& name : folders_) {
    if (is_child(name)) durable_folders_.insert(name);
  }
  return {};
}

Result<void> MemoryFiles::Rename(const std::string& from, const std::string& to) {
  RETURN_IF_ERROR(Enter("rename", to));
  const std::scoped_lock lock(mutex_);
  const auto found = files_.find(from);
  if (found == files_.end()) return Failure(ErrorCode::kNotFound, from);
  files_[to] = found->second;
  files_.erase(from);
  return {};
}

Result<void> MemoryFiles::Unlink(const std::string& path) {
  RETURN_IF_ERROR(Enter("unlink", path));
  const std::scoped_lock lock(mutex_);
  if (files_.erase(path) == 0) return Failure(ErrorCode::kNotFound, path);
  return {};
}

Result<std::vector<FolderEntry>> MemoryFiles::List(const std::string& folder) {
  const std::scoped_lock lock(mutex_);
  if (!power_) return Failure(ErrorCode::kUnavailable, "no power");
  if (!folders_.contains(folder)) return Failure(ErrorCode::kNotFound, folder);
  std::vector<FolderEntry> entries;
  const auto name_of = [](const std::string& path) { return path.substr(path.rfind('/') + 1); };
  for (const auto& [path, inode] : files_) {
    if (FolderOf(path) == folder) entries.push_back({name_of(path), false});
  }
  for (const std::string& path : folders_) {
    if (path != "/" && FolderOf(path) == folder) entries.push_back({name_of(path), true});
  }
  std::sort(entries.begin(), entries.end(),
            [](const FolderEntry& a, const FolderEntry& b) { return a.name < b.name; });
  return entries;
}

Result<WallTime> MemoryFiles::ModifiedAt(const std::string& path) {
  const std::scoped_lock lock(mutex_);
  if (!power_) return Failure(ErrorCode::kUnavailable, "no power");
  const auto found = files_.find(path);
  if (found == files_.end()) return Failure(ErrorCode::kNotFound, path);
  return found->second->changed;
}

Result<Space> MemoryFiles::SpaceOf(const std::string&) {
  const std::scoped_lock lock(mutex_);
  if (!power_) return Failure(ErrorCode::kUnavailable, "no power");
  return space_;
}

void MemoryFiles::SetFault(Fault fault) {
  const std::scoped_lock lock(mutex_);
  fault_ = std::move(fault);
}

std::uint64_t MemoryFiles::calls() const {
  const std::scoped_lock lock(mutex_);
  return log_.size();
}

std::vector<MemoryFiles::Call> MemoryFiles::log() const {
  const std::scoped_lock lock(mutex_);
  return log_;
}

void MemoryFiles::SetSpace(Space space) {
  const std::scoped_lock lock(mutex_);
  space_ = space;
}

void MemoryFiles::CutPower() {
  const std::scoped_lock lock(mutex_);
  power_ = false;
}

void MemoryFiles::PowerOn(Loss loss, std::uint32_t seed) {
  const std::scoped_lock lock(mutex_);
  std::mt19937 random(seed);
  const auto chance = [&] { return loss == Loss::kRandom && random() % 2 == 0; };
  for (const std::string& folder : folders_) {
    if (chance()) durable_folders_.insert(folder);
  }
  // Names are random, so that chance must go by something else to be the same each time.
  std::map<std::uint64_t, std::string> in_order;
  for (const auto& [path, inode] : files_) in_order[inode->number] = path;
  for (const auto& [number, path] : in_order) {
    if (chance()) durable_files_[path] = files_[path];
  }
  for (const auto& [number, path] : in_order) {
    const InodePointer inode = files_[path];
    if (inode->bytes.size() <= inode->synced.size() || !chance()) {
      inode->bytes = inode->synced;
      continue;
    }
    const std::size_t more = inode->bytes.size() - inode->synced.size();
    const std::size_t kept = inode->synced.size() + random() % (more + 1);
    inode->bytes.resize(kept);
    if (chance()) {
      const std::size_t zeros = random() % (kept - inode->synced.size() + 1);
      std::fill(inode->bytes.end() - static_cast<std::ptrdiff_t>(zeros), inode->bytes.end(), 0);
    }
  }
  // A name is there only where its folder is.
  std::set<std::string> folders{"/"};
  for (const std::string& folder : durable_folders_) {
    if (folder == "/" || folders.contains(FolderOf(folder))) folders.insert(folder);
  }
  std::erase_if(durable_files_,
                [&](const auto& entry) { return !folders.contains(FolderOf(entry.first)); });
  for (auto& [path, inode] : durable_files_) {
    if (!files_.contains(path)) inode->bytes = inode->synced;  // unlinked, but not durably
  }
  folders_ = durable_folders_ = folders;
  files_ = durable_files_;
  for (auto& [path, inode] : files_) {
    inode->synced = inode->bytes;
    inode->dropped.clear();
  }
  ++era_;
  power_ = true;
  fault_ = nullptr;
}

void MemoryFiles::KillProcess() {
  const std::scoped_lock lock(mutex_);
  ++era_;
  power_ = true;
  fault_ = nullptr;
}

std::map<std::string, std::vector<std::uint8_t>> MemoryFiles::Contents() const {
  const std::scoped_lock lock(mutex_);
  std::map<std::string, std::vector<std::uint8_t>> contents;
  for (const auto& [path, inode] : files_) contents[path] = inode->bytes;
  return contents;
}

void MemoryFiles::Put(const std::string& path, std::vector<std::uint8_t> bytes) {
  const std::scoped_lock lock(mutex_);
  for (std::string folder = FolderOf(path); !folders_.contains(folder); folder = FolderOf(folder)) {
    folders_.insert(folder);
    durable_folders_.insert(folder);
  }
  auto inode = std::make_shared<Inode>();
  inode->number = ++inodes_;
  inode->changed = now_();
  inode->synced = bytes;
  inode->bytes = std::move(bytes);
  files_[path] = durable_files_[path] = inode;
}

}  // namespace yagura::testing
