#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/result.h"
#include "pictures/picture_message.h"

namespace yagura::pictures {

class WorkerProcess;

/// Has pictures made by a few warm workers. What a worker does can't reach the caller but as an
/// answer: where it crashes or hangs, that one order fails, and the next finds a new worker.
/// Thread-safe; calls wait.
class PictureDecoder {
 public:
  struct Options {
    std::string program;  // that is a worker with these arguments
    std::vector<std::string> arguments{"decode"};
    int workers = 2;
    int waiting_max = 4;  // orders that wait for a worker; beyond, they are refused
    std::chrono::milliseconds answer_timeout{5'000};
  };
  explicit PictureDecoder(Options options);
  ~PictureDecoder();
  PictureDecoder(const PictureDecoder&) = delete;
  PictureDecoder& operator=(const PictureDecoder&) = delete;

  /// A JPEG of the order's last frame. kInvalidArgument: over a limit; kDataLoss: the frames can't
  /// be decoded; kUnimplemented: no kind of picture that we make one of; kUnavailable: all workers
  /// are busy, or this one died or took too long.
  [[nodiscard]] Result<std::vector<std::uint8_t>> MakePicture(const PictureOrder& order);

 private:
  [[nodiscard]] Result<std::unique_ptr<WorkerProcess>> TakeWorker();
  void GiveBack(std::unique_ptr<WorkerProcess> worker);

  const Options options_;
  std::mutex mutex_;  // guards the rest
  std::condition_variable freed_;
  std::vector<std::unique_ptr<WorkerProcess>> idle_;
  int busy_ = 0;
  int waiting_ = 0;
};

}  // namespace yagura::pictures
