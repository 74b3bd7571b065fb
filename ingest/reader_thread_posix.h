#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "ingest/camera_connection_posix.h"

namespace yagura::ingest {

/// Where other threads leave what a reader thread is to do next.
class Mailbox {
 public:
  using Letter = std::function<void()>;

  Mailbox();
  ~Mailbox();
  Mailbox(const Mailbox&) = delete;
  Mailbox& operator=(const Mailbox&) = delete;

  /// False: the thread has ended, the letter won't be read.
  bool Post(Letter letter);
  /// Empties it. With `close` nothing can be posted any more.
  [[nodiscard]] std::vector<Letter> Take(bool close = false);
  /// Readable while there are letters.
  [[nodiscard]] int event() const { return event_; }

 private:
  int event_;
  std::mutex mutex_;  // guards the next two
  std::vector<Letter> letters_;
  bool closed_ = false;
};

/// How workers are started, and who hears of their deaths: as Supervisor::Options has it.
struct Pulling {
  std::optional<WorkerCommand> worker{};
  std::function<void(CameraStream of, int signal)> on_signal{};
};

/// One epoll loop with many cameras. All but Call() and Stop() happens on the thread itself.
class ReaderThread {
 public:
  using Cameras = std::map<CameraStream, std::unique_ptr<CameraConnection>>;

  /// `note` may be null; `paces` are shared by all threads and outlive them. `on_start`, where
  /// it is given, is called on the thread, first of all.
  ReaderThread(const Clock& clock, std::shared_ptr<Resolver> resolver, JoinPaces& paces,
               ParsingNote* note, std::function<void()> on_start = {}, Pulling pulling = {});
  ~ReaderThread() { Stop(); }
  ReaderThread(const ReaderThread&) = delete;
  ReaderThread& operator=(const ReaderThread&) = delete;

  /// Runs `work` on the thread, between its events, and waits for it. After Stop() it does nothing.
  /// Never from the thread itself.
  void Call(const std::function<void(ReaderThread&)>& work);
  void Stop();

  void Set(CameraSource source, RtspUrl url, std::shared_ptr<AccessUnitSink> sink);
  [[nodiscard]] Cameras& cameras() { return cameras_; }

 private:
  void Run();
  void ReadLetters();
  void Sweep();
  [[nodiscard]] int MillisecondsToSweep() const;
  [[nodiscard]] std::shared_ptr<SessionBudget> BudgetOf(CameraId camera) const;
  void LookUp(CameraStream of, const RtspUrl& url);

  const Clock& clock_;
  std::shared_ptr<Resolver> resolver_;
  std::shared_ptr<Mailbox> mailbox_ = std::make_shared<Mailbox>();
  int epoll_;
  std::vector<std::uint8_t> receive_buffer_;
  ParsingNote own_note_;
  const Pulling pulling_;
  LeavingWorkers leaving_workers_;
  ConnectionSurroundings surroundings_;
  Cameras cameras_;
  MonoTime next_sweep_{};
  std::uint32_t sweeps_ = 0;
  bool stopping_ = false;
  const std::function<void()> on_start_;
  std::thread thread_;
};

}  // namespace yagura::ingest
