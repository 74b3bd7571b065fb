#include <utility>

#include "pictures/transcode.h"
#include "pictures/worker_process_posix.h"

namespace yagura::pictures {
namespace {

/// Whoever answers nonsense is of no more use.
template <typename T>
Result<T> Understood(Result<T> parsed) {
  if (parsed.has_value()) return parsed;
  return Failure(ErrorCode::kUnavailable, parsed.error().message());
}

}  // namespace

Transcode::Transcode(Options options, std::unique_ptr<WorkerProcess> worker)
    : options_(std::move(options)), worker_(std::move(worker)) {}
Transcode::~Transcode() = default;

Result<std::unique_ptr<Transcode>> Transcode::Start(Options options) {
  ASSIGN_OR_RETURN(auto worker, WorkerProcess::Start(options.program, options.arguments));
  return std::unique_ptr<Transcode>(new Transcode(std::move(options), std::move(worker)));
}

Result<StreamFormat> Transcode::Begin(const TranscodeSource& source) {
  ASSIGN_OR_RETURN(const auto order, EncodeBegin(source));
  ASSIGN_OR_RETURN(const auto body, Ask(order));
  return Understood(ParseBegunBody(body));
}

Result<std::vector<TranscodedFrame>> Transcode::Add(MediaTime pts, const SharedBytes& data) {
  ASSIGN_OR_RETURN(const auto order, EncodeFrame(pts, data));
  return AskForFrames(order);
}

Result<std::vector<TranscodedFrame>> Transcode::End() { return AskForFrames(EncodeEnd()); }

Result<std::vector<TranscodedFrame>> Transcode::AskForFrames(
    const std::vector<SharedBytes>& order) {
  ASSIGN_OR_RETURN(const auto body, Ask(order));
  return Understood(ParseFramesBody(body));
}

Result<std::vector<std::uint8_t>> Transcode::Ask(const std::vector<SharedBytes>& order) {
  const auto until = std::chrono::steady_clock::now() + options_.answer_timeout;
  ASSIGN_OR_RETURN(auto answer, worker_->Ask(order, until));
  if (answer.status != PictureStatus::kDone)
    return Failure(Error(ErrorCode::kUnimplemented, "a kind of video that isn't transcoded")
                       .WithPublicMessage("this kind of video can't be shown as H.264"));
  return std::move(answer.picture);
}

}  // namespace yagura::pictures
