#include "app/verbs.h"
#include "storage/files_posix.h"
#include "storage/volume.h"

namespace yagura::app {
namespace {

Result<int> FormatVolumes(VerbContext& context) {
  ASSIGN_OR_RETURN(const Configuration configuration, context.LoadConfiguration());
  storage::PosixFiles files;
  for (const VolumeConfiguration& volume : configuration.volumes) {
    ASSIGN_OR_RETURN(const VolumeId id, storage::Volume::Format(files, volume.path.string()));
    context.Tell(
        context.say("volume.format.done", {{"path", volume.path.string()}, {"id", ToString(id)}}));
  }
  return 0;
}

}  // namespace

Verb VolumeFormatVerb(const Messages& say) {
  return {.command = {.words = {"volume", "format"},
                      .summary = say("volume.format"),
                      .description = say("volume.format.about"),
                      .examples = {"yagura volume format --config /etc/yagura/yagura.toml"}},
          .run = FormatVolumes};
}

}  // namespace yagura::app
