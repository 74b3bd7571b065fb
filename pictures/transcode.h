#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "core/result.h"
#include "pictures/transcode_message.h"

namespace yagura::pictures {

class WorkerProcess;

/// Streams made H.264 by a worker of its own, one after the other. What the worker does can't reach
/// the caller but as an answer. One thread at a time; calls wait.
///
/// Errors: kUnavailable: the worker died, hung or answered nonsense, and this is of no more use;
/// kUnimplemented: a kind of video that isn't transcoded; kInvalidArgument: over a limit.
class Transcode {
 public:
  struct Options {
    std::string program;  // that transcodes with these arguments
    std::vector<std::string> arguments{"decode", "--video"};
    std::chrono::milliseconds answer_timeout{5'000};
  };
  [[nodiscard]] static Result<std::unique_ptr<Transcode>> Start(Options options);
  ~Transcode();
  Transcode(const Transcode&) = delete;
  Transcode& operator=(const Transcode&) = delete;

  /// Begins a stream; gives the format of what comes out, which hangs on the source's size alone.
  [[nodiscard]] Result<StreamFormat> Begin(const TranscodeSource& source);
  /// The next frame in decoding order goes in; the frames that are out, in presentation order.
  [[nodiscard]] Result<std::vector<TranscodedFrame>> Add(MediaTime pts, const SharedBytes& data);
  /// The stream ends; its last frames.
  [[nodiscard]] Result<std::vector<TranscodedFrame>> End();

 private:
  Transcode(Options options, std::unique_ptr<WorkerProcess> worker);
  [[nodiscard]] Result<std::vector<std::uint8_t>> Ask(const std::vector<SharedBytes>& order);
  [[nodiscard]] Result<std::vector<TranscodedFrame>> AskForFrames(
      const std::vector<SharedBytes>& order);

  const Options options_;
  const std::unique_ptr<WorkerProcess> worker_;
};

}  // namespace yagura::pictures
