#pragma once

#include <map>
#include <string>

#include "core/result.h"

namespace yagura::app {

/// The office's files by name.
using OfficeFiles = std::map<std::string, std::string>;

/// Reads every *.csv of a folder; of a file that is too large only so much that it shows.
/// kNotFound: there is no such folder; kUnavailable, naming it: a file can't be read.
[[nodiscard]] Result<OfficeFiles> ReadOfficeFolder(const std::string& folder);

/// One file; kUnavailable: it can't be read.
[[nodiscard]] Result<std::string> ReadOfficeFile(const std::string& path);

/// Writes the files, making the folder where it is missing. kUnavailable, naming it: a file can't
/// be written.
[[nodiscard]] Result<void> WriteOfficeFolder(const std::string& folder, const OfficeFiles& files);

}  // namespace yagura::app
