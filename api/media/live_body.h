#pragma once

#include <memory>
#include <string>

#include "api/http.h"
#include "api/media/response_head.h"

namespace yagura::api {

/// How a LiveSource goes over a connection: the answer's head with the first piece, so that where
/// none ever comes there can be another answer; then each piece as a chunk. One I/O thread.
class LiveBody {
 public:
  enum class Next { kSend, kWait, kFinish, kAnswerElse };
  struct Step {
    Next next = Next::kWait;
    std::string before;  // to send, and
    SharedBytes bytes;
    std::string after;
  };

  LiveBody(std::shared_ptr<LiveSource> source, std::string head, Endless endless)
      : source_(std::move(source)), head_(std::move(head)), endless_(endless) {}
  ~LiveBody() { source_->OnReady({}); }
  LiveBody(const LiveBody&) = delete;
  LiveBody& operator=(const LiveBody&) = delete;

  /// What to do now, when all that was sent before has gone out. kFinish: send this, and then no
  /// more; kAnswerElse: nothing was sent, and nothing comes.
  [[nodiscard]] Step Proceed();
  [[nodiscard]] bool is_cut() const { return source_->is_cut(); }
  void OnReady(std::function<void()> wake) { source_->OnReady(std::move(wake)); }

 private:
  const std::shared_ptr<LiveSource> source_;
  std::string head_;  // empty once it was sent
  const Endless endless_;
};

}  // namespace yagura::api
