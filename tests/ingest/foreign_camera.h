#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/child_process_posix.h"

namespace yagura::testing {

/// yagura_gst_camera as a process: GStreamer's RTSP server, a camera that isn't ours. Ends with the
/// test.
class ForeignCamera {
 public:
  struct Options {
    std::filesystem::path loop;
    std::filesystem::path sent_log;
    std::vector<std::string> arguments{};   // further ones of its program
    std::vector<std::string> started_by{};  // a command that runs what is behind it
  };

  /// `folder` is for what it says.
  ForeignCamera(const std::filesystem::path& folder, const Options& options);

  /// Where it serves; empty: it doesn't, output() says why.
  [[nodiscard]] const std::string& url() const { return url_; }
  [[nodiscard]] std::string output() const { return TailOf(output_); }
  /// Until it has noted that its client is gone.
  [[nodiscard]] bool AwaitEndOfSession() const;
  /// Ends it, which completes its log.
  void End();

 private:
  std::filesystem::path output_;
  std::filesystem::path sent_log_;
  ChildProcess server_;
  std::string url_;
};

}  // namespace yagura::testing
