#include "app/recorded_volumes.h"

#include <string>
#include <utility>

#include "core/log.h"

namespace yagura::app {
namespace {

std::vector<storage::VolumeOptions> OptionsOf(const Configuration& configuration) {
  std::vector<storage::VolumeOptions> volumes;
  for (const VolumeConfiguration& volume : configuration.volumes)
    volumes.push_back({.root = volume.path.string(), .weight = volume.weight});
  return volumes;
}

/// What is no volume, or isn't there at all, may be a disk that isn't mounted: only `yagura volume
/// format` makes one.
Result<void> CheckVolume(storage::Files& files, const std::string& root, VerbContext& context) {
  const auto volume = storage::Volume::Open(files, {.root = root});
  if (volume.has_value()) return {};
  log::Error("alarm: a volume can't be used", {{"path", root}, {"error", volume.error()}});
  return Failure(
      Refusal(ErrorCode::kFailedPrecondition, context.say("record.no_volume", {{"path", root}}),
              context.say("record.no_volume_next", {{"file", context.given.Get("config")}})));
}

}  // namespace

Result<std::vector<storage::VolumeOptions>> CheckVolumes(const Configuration& configuration,
                                                         storage::Files& files,
                                                         VerbContext& context) {
  Result<void> last;
  bool any = false;
  for (const VolumeConfiguration& volume : configuration.volumes) {
    last = CheckVolume(files, volume.path.string(), context);
    any = any || last.has_value();
  }
  if (!any) return Failure(std::move(last).error());
  return OptionsOf(configuration);
}

std::vector<storage::VolumeRegistration> Registrations(const Configuration& configuration,
                                                       storage::Files& files) {
  std::vector<storage::VolumeRegistration> registrations;
  for (const VolumeConfiguration& volume : configuration.volumes) {
    const auto open = storage::Volume::Open(files, {.root = volume.path.string()});
    if (!open.has_value()) continue;
    registrations.push_back({(*open)->id(), (*open)->root(), volume.limit_bytes});
  }
  return registrations;
}

void ReloadVolumes(const VerbContext& context, storage::Files& files,
                   storage::CatalogueCommitter& committer, storage::Recorder& recorder) {
  const auto configuration = context.LoadConfiguration();
  if (!configuration.has_value()) {
    log::Error("alarm: the configuration is wrong, and nothing of it is taken; all goes on",
               {{"why", configuration.error()}});
    return;
  }
  committer.SetVolumes(Registrations(*configuration, files));
  recorder.SetVolumes(OptionsOf(*configuration));
  for (const VolumeConfiguration& volume : configuration->volumes) {
    log::Info("a volume is as the configuration has it now",
              {{"path", volume.path.string()}, {"weight", std::int64_t{volume.weight}}});
  }
}

}  // namespace yagura::app
