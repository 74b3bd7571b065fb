#pragma once

#include <memory>
#include <optional>

#include "api/media/clip_folder.h"

/// A clip that was opened where it lies.
namespace yagura::api {

class OpenClip {
 public:
  /// kDataLoss: neither here nor there; kUnavailable: nobody can say.
  [[nodiscard]] static Result<OpenClip> Open(const ClipPlace& place, const storage::ClipRow& clip,
                                             storage::Files& files, storage::ObjectStore* store);

  [[nodiscard]] const storage::File& file() const { return *file_; }
  [[nodiscard]] bool is_object() const { return is_object_; }
  /// What an error of reading it means to a caller: one of the store stays one, whatever the reader
  /// took it for.
  [[nodiscard]] Error Explain(const Error& error) const;
  /// [offset, offset + size_bytes), whole.
  [[nodiscard]] Result<std::vector<std::uint8_t>> Read(std::uint64_t offset,
                                                       std::uint64_t size_bytes) const;

 private:
  OpenClip(ClipId clip, std::unique_ptr<storage::File> file, bool is_object,
           std::shared_ptr<const std::optional<Error>> refusal)
      : clip_(clip), file_(std::move(file)), is_object_(is_object), refusal_(std::move(refusal)) {}

  ClipId clip_;
  std::unique_ptr<storage::File> file_;
  bool is_object_ = false;
  std::shared_ptr<const std::optional<Error>> refusal_;  // the store's last, where it is an object
};

}  // namespace yagura::api
