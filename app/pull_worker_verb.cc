#include "app/verbs.h"
#include "core/log.h"
#include "ingest/pull/pull_worker.h"

namespace yagura::app {
namespace {

/// Reads no configuration: a worker knows nothing but what comes by its pipe.
Result<int> RunPull(VerbContext&) {
  log::Configure("pull-worker", log::Level::kInfo);
  const auto done = ingest::RunPullWorker();
  if (done.has_value()) return 0;
  log::Error("the worker ends", {{"error", done.error()}});
  return 1;
}

}  // namespace

Verb PullWorkerVerb(const Messages& say) {
  return {.command = {.words = {"pull-worker"},
                      .summary = say("pull_worker"),
                      .description = say("pull_worker.about"),
                      .examples = {"yagura pull-worker"}},
          .run = RunPull};
}

}  // namespace yagura::app
