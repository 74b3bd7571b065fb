#include <utility>

#include "core/log.h"
#include "pictures/picture_decoder.h"
#include "pictures/worker_process_posix.h"

namespace yagura::pictures {

PictureDecoder::PictureDecoder(Options options) : options_(std::move(options)) {
  for (int i = 0; i < options_.workers; ++i) {
    auto worker = WorkerProcess::Start(options_.program, options_.arguments);
    if (worker.has_value()) idle_.push_back(*std::move(worker));
  }
}

PictureDecoder::~PictureDecoder() = default;

Result<std::vector<std::uint8_t>> PictureDecoder::MakePicture(const PictureOrder& order) {
  ASSIGN_OR_RETURN(const auto parts, EncodeOrder(order));
  ASSIGN_OR_RETURN(auto worker, TakeWorker());
  const auto until = std::chrono::steady_clock::now() + options_.answer_timeout;
  auto answer = worker->Ask(parts, until);
  if (!answer.has_value()) {
    log::Warning("a decode worker is replaced", {{"error", answer.error()}});
    GiveBack(nullptr);
    return Failure(ErrorCode::kUnavailable, answer.error().message());
  }
  GiveBack(std::move(worker));
  if (answer->status == PictureStatus::kDamaged)
    return Failure(ErrorCode::kDataLoss, "these frames can't be decoded");
  if (answer->status == PictureStatus::kUnsupported)
    return Failure(ErrorCode::kUnimplemented, "no picture is made of this kind of video");
  return std::move(answer->picture);
}

/// A place, and in it the worker that waits there or a new one.
Result<std::unique_ptr<WorkerProcess>> PictureDecoder::TakeWorker() {
  std::unique_lock lock(mutex_);
  if (busy_ >= options_.workers && waiting_ >= options_.waiting_max)
    return Failure(ErrorCode::kUnavailable, "all decode workers are busy");
  ++waiting_;
  const bool has_place =
      freed_.wait_for(lock, options_.answer_timeout, [this] { return busy_ < options_.workers; });
  --waiting_;
  if (!has_place) return Failure(ErrorCode::kUnavailable, "all decode workers are busy");
  ++busy_;
  if (!idle_.empty()) {
    auto worker = std::move(idle_.back());
    idle_.pop_back();
    return worker;
  }
  lock.unlock();
  auto started = WorkerProcess::Start(options_.program, options_.arguments);
  if (!started.has_value()) GiveBack(nullptr);
  return started;
}

void PictureDecoder::GiveBack(std::unique_ptr<WorkerProcess> worker) {
  {
    const std::scoped_lock lock(mutex_);
    --busy_;
    if (worker) idle_.push_back(std::move(worker));
  }
  freed_.notify_one();
}

}  // namespace yagura::pictures
