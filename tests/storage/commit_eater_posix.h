#pragma once

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/child_process_posix.h"

namespace yagura::storage {

/// Stands between clients and a PostgreSQL server, and loses the server's answer to COMMIT while it
/// is hungry: the transaction is committed, and the client only sees its connection break.
class CommitEater {
 public:
  /// `server_folder`: of the server's Unix socket.
  explicit CommitEater(const std::string& server_folder);
  ~CommitEater();
  CommitEater(const CommitEater&) = delete;
  CommitEater& operator=(const CommitEater&) = delete;

  /// Where clients connect: libpq's `host`.
  [[nodiscard]] std::string host() const { return folder_.path().string(); }
  void SetHungry(bool hungry) { hungry_ = hungry; }
  [[nodiscard]] int eaten() const { return eaten_; }

 private:
  void Accept();
  void Serve(int client);
  /// Passes on what `from` has to say; false at its end.
  [[nodiscard]] bool Pass(int from, int to, bool& asked_to_commit) const;

  const std::string server_path_;
  testing::TemporaryFolder folder_;
  std::atomic<bool> hungry_ = false;
  std::atomic<bool> stopping_ = false;
  std::atomic<int> eaten_ = 0;
  int listener_ = -1;
  std::vector<std::thread> connections_;  // the accepting thread's own
  std::thread accepting_;
};

}  // namespace yagura::storage
