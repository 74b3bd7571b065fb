#include "app/verbs.h"
#include "core/log.h"
#include "pictures/decode_worker.h"
#include "pictures/transcode_worker.h"

namespace yagura::app {
namespace {

pictures::WorkerAnswer AnswerOf(const Arguments& given) {
  if (given.Has("signs")) return pictures::WorkerAnswer::kSigns;
  if (given.Has("thumbnails")) return pictures::WorkerAnswer::kThumbnail;
  return pictures::WorkerAnswer::kPicture;
}

/// Reads no configuration: a worker knows nothing but what comes by its pipe.
Result<int> RunDecode(VerbContext& context) {
  log::Configure("decode", log::Level::kInfo);
  const auto done = context.given.Has("video") ? pictures::RunTranscodeWorker()
                                               : pictures::RunDecodeWorker(AnswerOf(context.given));
  if (done.has_value()) return 0;
  log::Error("the worker ends", {{"error", done.error()}});
  return 1;
}

}  // namespace

Verb DecodeVerb(const Messages& say) {
  return {.command = {.words = {"decode"},
                      .summary = say("decode"),
                      .description = say("decode.about"),
                      .examples = {"yagura decode"},
                      .options = {Flag("signs", say("decode.signs")),
                                  Flag("thumbnails", say("decode.thumbnails")),
                                  Flag("video", say("decode.video"))}},
          .run = RunDecode};
}

}  // namespace yagura::app
