#pragma once

#include <string>

#include "core/result.h"
#include "fleet/recorder_view.h"
#include "storage/files.h"

/// The recorder's last valid view of the fleet, in a file in its state folder, so that it starts
/// and records while PostgreSQL is away. One line with the CRC-32C of the rest in hexadecimal, then
/// JSON. Credentials stay sealed in it.
/// docs/design/recorder-knowledge.md.
namespace yagura::fleet {

/// Replaces the file: after a crash there is the old view or the new one. Errors of storage::Files.
[[nodiscard]] Result<void> SaveLastConfiguration(storage::Files& files, const std::string& path,
                                                 const RecorderView& view);

/// kNotFound: none was kept yet; kDataLoss: it is damaged, or of another version.
[[nodiscard]] Result<RecorderView> LoadLastConfiguration(storage::Files& files,
                                                         const std::string& path);

}  // namespace yagura::fleet
