#include "storage/stored_object.h"

#include <algorithm>
#include <array>
#include <vector>

#include "storage/clip_reader.h"

namespace yagura::storage {
namespace {

tl::unexpected<Error> ReadOnly() {
  return Failure(ErrorCode::kFailedPrecondition, "an object is only read");
}

class StoredObject final : public File {
 public:
  StoredObject(ObjectStore& store, std::string name, std::uint64_t size_bytes)
      : store_(store), name_(std::move(name)), size_bytes_(size_bytes) {}

  [[nodiscard]] Result<std::size_t> Read(std::uint64_t offset,
                                         std::span<std::uint8_t> buffer) const override {
    if (offset >= size_bytes_) return std::size_t{0};
    buffer = buffer.first(
        static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), size_bytes_ - offset)));
    if (buffer.size() >= kWindowBytes) {
      RETURN_IF_ERROR(store_.Get(name_, offset, buffer));
      return buffer.size();
    }
    for (std::size_t done = 0; done < buffer.size();) {
      ASSIGN_OR_RETURN(const Window* window, WindowAt(offset + done));
      const auto begin = static_cast<std::size_t>(offset + done - window->offset);
      const std::size_t count = std::min(buffer.size() - done, window->bytes.size() - begin);
      std::copy_n(window->bytes.begin() + static_cast<std::ptrdiff_t>(begin), count,
                  buffer.begin() + static_cast<std::ptrdiff_t>(done));
      done += count;
    }
    return buffer.size();
  }
  [[nodiscard]] Result<std::uint64_t> Size() const override { return size_bytes_; }
  void StartReading(std::uint64_t /*offset*/, std::uint64_t /*size_bytes*/) const override {}

  [[nodiscard]] Result<void> Write(std::uint64_t, std::span<const ByteView>) override {
    return ReadOnly();
  }
  [[nodiscard]] Result<void> Truncate(std::uint64_t) override { return ReadOnly(); }
  void StartSync() override {}
  [[nodiscard]] Result<void> SyncData() override { return ReadOnly(); }
  [[nodiscard]] Result<void> Sync() override { return ReadOnly(); }
  void DropFromCache(std::uint64_t) override {}

 private:
  struct Window {
    std::uint64_t offset = 0;
    std::vector<std::uint8_t> bytes;
  };

  /// The one that holds the byte at `offset`; replaces the one that was fetched longer ago.
  [[nodiscard]] Result<const Window*> WindowAt(std::uint64_t offset) const {
    const std::uint64_t begin = offset / kWindowBytes * kWindowBytes;
    for (const Window& window : windows_) {
      if (!window.bytes.empty() && window.offset == begin) return &window;
    }
    Window& window = windows_[next_];
    window.offset = begin;
    std::vector<std::uint8_t> bytes(
        static_cast<std::size_t>(std::min(kWindowBytes, size_bytes_ - begin)));
    window.bytes.clear();
    RETURN_IF_ERROR(store_.Get(name_, begin, bytes));
    window.bytes = std::move(bytes);
    next_ = (next_ + 1) % kWindows;
    return &window;
  }

  ObjectStore& store_;
  const std::string name_;
  const std::uint64_t size_bytes_;
  mutable std::array<Window, kWindows> windows_;
  mutable std::size_t next_ = 0;
};

/// Whatever is wrong with the file is no fault of the store.
Error OfTheFile(const Error& error) {
  return Error(ErrorCode::kDataLoss, "the file can't be read: " + error.message());
}

Result<void> CheckSource(const File& file, std::uint64_t size_bytes, const Sha256Digest& sha256) {
  const auto found = ClipSha256(file, size_bytes);
  if (!found.has_value()) return Failure(OfTheFile(found.error()));
  if (*found == sha256) return {};
  return Failure(ErrorCode::kDataLoss, "the file is not what was written");
}

NewObject ObjectOf(const File& file, std::uint64_t size_bytes, const Sha256Digest& sha256,
                   const std::string& name) {
  return {
      .name = name,
      .size_bytes = size_bytes,
      .sha256 = sha256,
      .read = [&file](std::uint64_t offset, std::span<std::uint8_t> buffer) -> Result<std::size_t> {
        auto read = file.Read(offset, buffer);
        if (!read.has_value()) return Failure(OfTheFile(read.error()));
        return read;
      }};
}

/// What a store has of us is not what it was sent, or is not there.
bool IsNoCopy(const Error& error) {
  return error.code() == ErrorCode::kDataLoss || error.code() == ErrorCode::kNotFound ||
         error.code() == ErrorCode::kOutOfRange;
}

}  // namespace

std::unique_ptr<File> OpenObject(ObjectStore& store, std::string name, std::uint64_t size_bytes) {
  return std::make_unique<StoredObject>(store, std::move(name), size_bytes);
}

Result<void> ReadBack(ObjectStore& store, const std::string& name, std::uint64_t size_bytes,
                      const Sha256Digest& sha256) {
  ASSIGN_OR_RETURN(const std::uint64_t stored_bytes, store.SizeOf(name));
  if (stored_bytes != size_bytes) {
    return Failure(ErrorCode::kDataLoss, "object " + name + " has " + std::to_string(stored_bytes) +
                                             " bytes, expected " + std::to_string(size_bytes));
  }
  ASSIGN_OR_RETURN(const Sha256Digest found,
                   ClipSha256(*OpenObject(store, name, size_bytes), size_bytes));
  if (found != sha256) {
    return Failure(ErrorCode::kDataLoss, "object " + name + " has another checksum");
  }
  return {};
}

Result<void> CopyToStore(const File& file, std::uint64_t size_bytes, const Sha256Digest& sha256,
                         ObjectStore& store, const std::string& name) {
  // A crash, or a lost answer, between storing and noting it.
  const auto there = store.SizeOf(name);
  if (there.has_value() && *there == size_bytes &&
      ReadBack(store, name, size_bytes, sha256).has_value()) {
    return {};
  }
  const NewObject object = ObjectOf(file, size_bytes, sha256, name);
  for (int tries = 1;; ++tries) {
    const auto stored = store.Put(object);
    const auto back = stored.has_value() ? ReadBack(store, name, size_bytes, sha256) : stored;
    if (back.has_value() || !IsNoCopy(back.error())) return back;
    RETURN_IF_ERROR(CheckSource(file, size_bytes, sha256));
    if (tries == kCopyTriesMax) return Failure(ErrorCode::kUnavailable, back.error().message());
  }
}

}  // namespace yagura::storage
