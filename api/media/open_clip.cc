#include "api/media/open_clip.h"

#include <utility>

#include "storage/stored_object.h"

namespace yagura::api {
namespace {

bool IsMissing(const Error& error) {
  return error.code() == ErrorCode::kNotFound || error.code() == ErrorCode::kOutOfRange;
}

/// An object as a file, whose last refusal by the store is remembered: what reads it would take
/// that for damage.
class RememberingFile final : public storage::File {
 public:
  RememberingFile(std::unique_ptr<storage::File> object,
                  std::shared_ptr<std::optional<Error>> refusal)
      : object_(std::move(object)), refusal_(std::move(refusal)) {}

  [[nodiscard]] Result<std::size_t> Read(std::uint64_t offset,
                                         std::span<std::uint8_t> buffer) const override {
    auto read = object_->Read(offset, buffer);
    if (!read.has_value()) *refusal_ = read.error();
    return read;
  }
  [[nodiscard]] Result<std::uint64_t> Size() const override { return object_->Size(); }
  void StartReading(std::uint64_t offset, std::uint64_t size_bytes) const override {
    object_->StartReading(offset, size_bytes);
  }
  [[nodiscard]] Result<void> Write(std::uint64_t offset,
                                   std::span<const storage::ByteView> parts) override {
    return object_->Write(offset, parts);
  }
  [[nodiscard]] Result<void> Truncate(std::uint64_t size_bytes) override {
    return object_->Truncate(size_bytes);
  }
  void StartSync() override { object_->StartSync(); }
  [[nodiscard]] Result<void> SyncData() override { return object_->SyncData(); }
  [[nodiscard]] Result<void> Sync() override { return object_->Sync(); }
  void DropFromCache(std::uint64_t size_bytes) override { object_->DropFromCache(size_bytes); }

 private:
  std::unique_ptr<storage::File> object_;
  std::shared_ptr<std::optional<Error>> refusal_;
};

}  // namespace

Result<OpenClip> OpenClip::Open(const ClipPlace& place, const storage::ClipRow& clip,
                                storage::Files& files, storage::ObjectStore* store) {
  auto refusal = std::make_shared<std::optional<Error>>();
  Error why(ErrorCode::kNotFound, "its volume is not known here");
  if (!place.path.empty()) {
    auto file = files.OpenToRead(place.path);
    if (file.has_value()) return OpenClip(clip.id, *std::move(file), false, std::move(refusal));
    why = file.error();
  }
  if (store == nullptr || place.object.empty()) {
    return Failure(IsMissing(why) ? ErrorCode::kDataLoss : why.code(),
                   "clip " + ToString(clip.id) + ": " + why.message());
  }
  auto object = std::make_unique<RememberingFile>(
      storage::OpenObject(*store, place.object, clip.bytes), refusal);
  return OpenClip(clip.id, std::move(object), true, std::move(refusal));
}

Error OpenClip::Explain(const Error& error) const {
  const std::string message = "clip " + ToString(clip_) + ": " + error.message();
  if (is_object_ && *refusal_ && !IsMissing(**refusal_)) {
    return Error(ErrorCode::kUnavailable, "clip " + ToString(clip_) + ": " + (*refusal_)->message())
        .WithPublicMessage("where older footage is kept can't be reached now");
  }
  return Error(IsMissing(error) ? ErrorCode::kDataLoss : error.code(), message);
}

Result<std::vector<std::uint8_t>> OpenClip::Read(std::uint64_t offset,
                                                 std::uint64_t size_bytes) const {
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>(size_bytes));
  const auto read = file_->Read(offset, bytes);
  if (!read.has_value()) return Failure(Explain(read.error()));
  if (*read < bytes.size()) {
    return Failure(ErrorCode::kDataLoss, "clip " + ToString(clip_) + ": it ends too early");
  }
  return bytes;
}

}  // namespace yagura::api
