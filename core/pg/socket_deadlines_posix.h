#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <thread>

namespace yagura::pg {

/// Ends waits of a library that has no timeout of its own (libpq, on an established connection): a
/// socket whose deadline passes is shut down, so that the reader sees the end of its input.
/// Thread-safe; one thread of its own.
class SocketDeadlines {
 public:
  SocketDeadlines();
  ~SocketDeadlines();
  SocketDeadlines(const SocketDeadlines&) = delete;
  SocketDeadlines& operator=(const SocketDeadlines&) = delete;

  /// One watched stretch of work on one socket. It must end before the socket is closed.
  class Watch {
   public:
    Watch(SocketDeadlines& deadlines, int socket, std::chrono::milliseconds timeout);
    ~Watch() { (void)End(); }  // whoever wants the answer has asked before
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;
    /// Stops watching; true where the socket has been shut down.
    bool End();

   private:
    SocketDeadlines& deadlines_;
    std::uint64_t number_;
    bool ended_ = false;
    bool overdue_ = false;
  };

 private:
  struct Entry {
    int socket;
    std::chrono::steady_clock::time_point deadline;
    bool overdue = false;
  };
  void Loop();
  void ShutDownOverdue(std::chrono::steady_clock::time_point now);
  [[nodiscard]] std::chrono::steady_clock::time_point Earliest() const;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::uint64_t, Entry> watched_;  // guarded by mutex_
  std::uint64_t next_ = 0;                  // guarded by mutex_
  bool stopping_ = false;                   // guarded by mutex_
  std::thread thread_;
};

/// True where the other side has sent something, or gone, while nobody asked it anything.
[[nodiscard]] bool HasUnexpectedInput(int socket);

}  // namespace yagura::pg
