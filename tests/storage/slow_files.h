#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "storage/files.h"

namespace yagura::testing {

/// A file system whose disk, for what lies below `root`, takes `delay` for each write and sync, one
/// after the other or at once.
class SlowFiles final : public storage::Files {
 public:
  using FilePointer = std::unique_ptr<storage::File>;
  SlowFiles(storage::Files& files, std::string root, std::chrono::milliseconds delay)
      : files_(files), root_(std::move(root)), delay_(delay) {}
  /// From now on it is as fast as any.
  void Recover() { recovered_ = true; }

  [[nodiscard]] Result<FilePointer> Create(const std::string& path) override {
    Delay(path);
    return Slow(files_.Create(path), path);
  }
  [[nodiscard]] Result<FilePointer> OpenToRead(const std::string& path) override {
    return files_.OpenToRead(path);
  }
  [[nodiscard]] Result<FilePointer> OpenToWrite(const std::string& path) override {
    return Slow(files_.OpenToWrite(path), path);
  }
  [[nodiscard]] Result<void> MakeFolder(const std::string& path) override {
    return files_.MakeFolder(path);
  }
  [[nodiscard]] Result<void> SyncFolder(const std::string& path) override {
    Delay(path);
    return files_.SyncFolder(path);
  }
  [[nodiscard]] Result<void> Rename(const std::string& from, const std::string& to) override {
    return files_.Rename(from, to);
  }
  [[nodiscard]] Result<void> Unlink(const std::string& path) override {
    return files_.Unlink(path);
  }
  [[nodiscard]] Result<std::vector<storage::FolderEntry>> List(const std::string& path) override {
    return files_.List(path);
  }
  [[nodiscard]] Result<WallTime> ModifiedAt(const std::string& path) override {
    return files_.ModifiedAt(path);
  }
  [[nodiscard]] Result<storage::Space> SpaceOf(const std::string& path) override {
    return files_.SpaceOf(path);
  }

 private:
  class SlowFile final : public storage::File {
   public:
    SlowFile(FilePointer file, const SlowFiles& slow) : file_(std::move(file)), slow_(slow) {}
    [[nodiscard]] Result<void> Write(std::uint64_t offset,
                                     std::span<const storage::ByteView> parts) override {
      slow_.Delay();
      return file_->Write(offset, parts);
    }
    [[nodiscard]] Result<std::size_t> Read(std::uint64_t offset,
                                           std::span<std::uint8_t> buffer) const override {
      return file_->Read(offset, buffer);
    }
    [[nodiscard]] Result<std::uint64_t> Size() const override { return file_->Size(); }
    [[nodiscard]] Result<void> Truncate(std::uint64_t size_bytes) override {
      return file_->Truncate(size_bytes);
    }
    void StartSync() override { file_->StartSync(); }
    [[nodiscard]] Result<void> SyncData() override {
      slow_.Delay();
      return file_->SyncData();
    }
    [[nodiscard]] Result<void> Sync() override {
      slow_.Delay();
      return file_->Sync();
    }
    void StartReading(std::uint64_t offset, std::uint64_t size_bytes) const override {
      file_->StartReading(offset, size_bytes);
    }
    void DropFromCache(std::uint64_t size_bytes) override { file_->DropFromCache(size_bytes); }

   private:
    const FilePointer file_;
    const SlowFiles& slow_;
  };

  [[nodiscard]] bool IsBelow(const std::string& path) const {
    return path.starts_with(root_ + "/");
  }
  void Delay(const std::string& path) const {
    if (IsBelow(path)) Delay();
  }
  void Delay() const {
    if (!recovered_) std::this_thread::sleep_for(delay_);
  }
  [[nodiscard]] Result<FilePointer> Slow(Result<FilePointer> file, const std::string& path) const {
    if (!file.has_value() || !IsBelow(path)) return file;
    return std::make_unique<SlowFile>(*std::move(file), *this);
  }

  storage::Files& files_;
  const std::string root_;
  const std::chrono::milliseconds delay_;
  std::atomic<bool> recovered_ = false;
};

}  // namespace yagura::testing
