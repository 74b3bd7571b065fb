#include <signal.h>
#include <unistd.h>

#include <thread>

#include "ingest/pull/pull_sandbox.h"
#include "ingest/pull/pull_source.h"
#include "ingest/pull/pull_worker.h"

namespace yagura::ingest {
namespace {

/// For the goodbye to the camera; whoever hangs then dies of it.
constexpr unsigned kLeaveWithinSeconds = 2;

}  // namespace

Result<void> RunPullWorker() {
  ::signal(SIGPIPE, SIG_IGN);
  RETURN_IF_ERROR(LoadPullSource());
  const auto order = PullPipe::ReadOrder();
  if (!order) return Failure(ErrorCode::kInvalidArgument, "no order came");
  PullPipe pipe;
  PullSource source(*order, pipe);
  if (const auto closed = EnterPullSandbox(); !closed.has_value()) {
    pipe.Fail({PullFailure::Kind::kWorker, closed.error().message()});
    return closed;
  }
  // The recorder's end of the pipe closes with the recorder, however that ends.
  std::thread watch([&source] {
    PullPipe::AwaitEnd();
    ::alarm(kLeaveWithinSeconds);
    source.Stop();
  });
  source.Run();
  watch.join();
  return {};
}

}  // namespace yagura::ingest
