#pragma once

#include <filesystem>
#include <string>
#include <utility>

namespace yagura::app {

/// What lies in the recorder's state folder ([record] state_directory).
class StateFiles {
 public:
  explicit StateFiles(std::filesystem::path folder) : folder_(std::move(folder)) {}

  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
  /// Held by the recorder as long as it runs.
  [[nodiscard]] std::string lock() const { return Path("lock"); }
  /// docs/design/journal.md.
  [[nodiscard]] std::string journal() const { return Path("journal"); }
  /// The key that opens camera credentials.
  [[nodiscard]] std::string sealing_key() const { return Path("sealing.key"); }
  /// The cameras as the database last named them.
  [[nodiscard]] std::string last_cameras() const { return Path("cameras.last"); }
  /// Which camera's bytes were being parsed when the recorder crashed. docs/design/crash-book.md.
  [[nodiscard]] std::string crash_book() const { return Path("crash-book"); }
  /// Where the audit log stood, signed; the key that signs, and its public half.
  /// docs/design/audit.md.
  [[nodiscard]] std::string seals() const { return Path("audit-seals"); }
  [[nodiscard]] std::string seal_key() const { return Path("audit-seals.key"); }
  [[nodiscard]] std::string seal_public_key() const { return Path("audit-seals.pub"); }
  /// Records that the catalogue refused.
  [[nodiscard]] std::string set_aside() const { return Path("set-aside.jsonl"); }

 private:
  [[nodiscard]] std::string Path(const char* name) const { return (folder_ / name).string(); }
  std::filesystem::path folder_;
};

}  // namespace yagura::app
