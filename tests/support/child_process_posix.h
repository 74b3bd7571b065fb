#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"

namespace yagura::testing {

/// What to start, and how. The program is looked up in PATH unless it has a slash.
struct ChildOptions {
  std::vector<std::string> arguments{};    // the program first
  std::vector<std::string> environment{};  // "NAME=value"; empty: the test's own
  std::filesystem::path
      output{};         // standard output and error are appended here; empty: the test's own
  std::string input{};  // given on standard input, at most 32 KiB; empty: /dev/null
  std::string user{};   // started as this system user; empty: as the test's
  int signal_with_parent =
      9;  // sent when the *thread* that started it ends, so that nothing outlives a test
};

/// How a process ended.
struct ExitStatus {
  int code = -1;   // exit code, or -1 where a signal ended it
  int signal = 0;  // the signal that ended it, or 0
  friend bool operator==(const ExitStatus&, const ExitStatus&) = default;
};

/// One started program. Ends it with SIGKILL where the test has not waited for it. One thread.
class ChildProcess {
 public:
  /// kUnavailable where the program can't be started: not found, or the user is unknown or may not
  /// be taken on.
  [[nodiscard]] static Result<ChildProcess> Start(const ChildOptions& options);

  ChildProcess(ChildProcess&& other) noexcept;
  ChildProcess& operator=(ChildProcess&& other) noexcept;
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;
  ~ChildProcess();

  [[nodiscard]] pid_t pid() const { return pid_; }
  void Signal(int number) const;
  /// How it ended; nothing while it runs.
  [[nodiscard]] std::optional<ExitStatus> Poll();
  /// Waits for its end; kDeadlineExceeded where it still runs after `timeout`.
  [[nodiscard]] Result<ExitStatus> Wait(std::chrono::milliseconds timeout);

 private:
  explicit ChildProcess(pid_t pid) : pid_(pid) {}
  pid_t pid_ = -1;
  std::optional<ExitStatus> ended_;
};

/// Runs a program to its end; kInternal with the last lines of its output where it doesn't exit
/// with 0.
[[nodiscard]] Result<void> RunToEnd(const ChildOptions& options, std::chrono::milliseconds timeout);

/// A new folder of mode 0700 in /tmp with a short name (a socket's path has at most 107 bytes),
/// removed with all that is in it.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// The last `bytes_max` bytes of a file, for messages; empty where there is none.
[[nodiscard]] std::string TailOf(const std::filesystem::path& file, std::size_t bytes_max = 4096);

}  // namespace yagura::testing
