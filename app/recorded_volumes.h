#pragma once

#include <vector>

#include "app/configuration.h"
#include "app/verb.h"
#include "storage/catalogue_pg.h"
#include "storage/files.h"
#include "storage/recorder.h"
#include "storage/volume.h"

/// The volumes that the configuration file names, as the recorder and its catalogue take them.
namespace yagura::app {

/// At least one volume must be there; the recorder leaves the others out, with an alarm.
/// kFailedPrecondition: none is.
[[nodiscard]] Result<std::vector<storage::VolumeOptions>> CheckVolumes(
    const Configuration& configuration, storage::Files& files, VerbContext& context);

/// Those that are there.
[[nodiscard]] std::vector<storage::VolumeRegistration> Registrations(
    const Configuration& configuration, storage::Files& files);

/// Reads the configuration file again, and has its volumes, their weights and limits taken over;
/// all else of it waits for the next start. A file that is wrong changes nothing, with an alarm.
void ReloadVolumes(const VerbContext& context, storage::Files& files,
                   storage::CatalogueCommitter& committer, storage::Recorder& recorder);

}  // namespace yagura::app
